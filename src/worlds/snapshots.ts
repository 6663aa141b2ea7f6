import { Fault } from '../../core/ground/fault.ts'
import type { MemoryBudget } from './memory-budget.ts'
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

const MOST = 50

export function createSnapshots(world: RunningWorld, memory: MemoryBudget): Snapshots {
  const all = new Map<string, Moment>()
  const find = (name: string) => {
    const moment = all.get(name)
    if (!moment) throw new Fault('not_found', { what: 'snapshot', id: name })
    return moment
  }
  const drop = (name: string) => {
    const moment = all.get(name)
    if (moment) memory.free(moment)
    all.delete(name)
  }
  const checkRoom = (name: string, bytes: number) => {
    if (!all.has(name) && all.size >= MOST)
      throw new Fault('limit_reached', { what: 'snapshots of a world', limit: MOST })
    memory.check(bytes, all.get(name))
  }
  return {
    find,
    async create(name) {
      checkRoom(name, await world.bytes())
      const moment = await world.snapshot()
      checkRoom(name, moment.image.byteLength)
      drop(name)
      memory.take(moment, moment.image.byteLength)
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
