import { Fault } from '../../core/ground/fault.ts'

/** What worlds in memory, and kept moments of worlds, take of a process together. */
export interface MemoryBudget {
  /** Faults: limit_reached, when so much more is not left. `instead`: what it takes the place of. */
  check(bytes: number, instead?: object): void
  take(owner: object, bytes: number): void
  free(owner: object): void
  used(): number
}

const MEGABYTE = 1_048_576

export function createMemoryBudget(megabytes: number): MemoryBudget {
  const owners = new Map<object, number>()
  let used = 0
  const free = (owner: object) => {
    used -= owners.get(owner) ?? 0
    owners.delete(owner)
  }
  return {
    check(bytes, instead) {
      const freed = instead === undefined ? 0 : (owners.get(instead) ?? 0)
      if (used - freed + bytes <= megabytes * MEGABYTE) return
      throw new Fault('limit_reached', {
        what: 'megabytes of spaces and snapshots (SPACES_MEGABYTES)',
        limit: megabytes,
      })
    },
    take(owner, bytes) {
      free(owner)
      owners.set(owner, bytes)
      used += bytes
    },
    free,
    used: () => used,
  }
}
