import { Fault } from '../../core/fault.ts'
import type { Beginning } from './place.ts'
import type { Moment, RunningWorld } from './world.ts'

/** A moment of a world under a name. They live in memory, and end with the process or the space. */
export interface Snapshot {
  name: string
  /** Where the clock of the world stood. */
  now: number
  isFrozen: boolean
  bytes: number
}

export interface Snapshots {
  /** In place of one of the same name. Faults: limit_reached, not_in_this_mode. */
  create(name: string): Promise<Snapshot>
  /** The world goes on from there, at that time unless another is asked for. Faults: not_found, timeout. */
  restore(name: string, at?: Pick<Beginning, 'now' | 'freeze'>): Promise<Snapshot>
  list(): Snapshot[]
  /** Faults: not_found. */
  find(name: string): Moment
  /** Faults: not_found. */
  delete(name: string): void
  deleteAll(): void
}

/** What all snapshots of a process may take together. */
export interface SnapshotBudget {
  used: number
  readonly most: number
}

const MOST = 50
const MEGABYTE = 1_048_576

export function createBudget(megabytes: number): SnapshotBudget {
  return { used: 0, most: megabytes * MEGABYTE }
}

export function createSnapshots(world: RunningWorld, budget: SnapshotBudget): Snapshots {
  const all = new Map<string, Moment>()
  const find = (name: string) => {
    const moment = all.get(name)
    if (!moment) throw new Fault('not_found', { what: 'snapshot', id: name })
    return moment
  }
  const drop = (name: string) => {
    budget.used -= all.get(name)?.image.byteLength ?? 0
    all.delete(name)
  }
  const checkRoom = (name: string, bytes: number) => {
    if (!all.has(name) && all.size >= MOST)
      throw new Fault('limit_reached', { what: 'snapshots of a world', limit: MOST })
    const free = budget.most - budget.used + (all.get(name)?.image.byteLength ?? 0)
    if (bytes <= free) return
    throw new Fault('limit_reached', { what: 'megabytes of snapshots', limit: budget.most / MEGABYTE })
  }
  return {
    find,
    async create(name) {
      checkRoom(name, await world.life.store.bytes())
      const moment = await world.snapshot()
      checkRoom(name, moment.image.byteLength)
      drop(name)
      budget.used += moment.image.byteLength
      all.set(name, moment)
      return view(name, moment)
    },
    async restore(name, { now, freeze } = {}) {
      const moment = find(name)
      await world.restore({ ...moment, now: now ?? moment.now, isFrozen: freeze ?? moment.isFrozen })
      return view(name, moment)
    },
    list: () => [...all].map(([name, moment]) => view(name, moment)),
    delete(name) {
      find(name)
      drop(name)
    },
    deleteAll() {
      for (const name of [...all.keys()]) drop(name)
    },
  }
}

function view(name: string, { now, isFrozen, image }: Moment): Snapshot {
  return { name, now, isFrozen, bytes: image.byteLength }
}
