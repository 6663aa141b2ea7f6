/** Work that falls due in no database, for the runner of due work. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Due, JobSource } from '../../core/ground/due.ts'
import type { Context, RunUnit, Unit } from '../../core/ground/unit.ts'
import { createJobs } from '../../core/upkeep/jobs.ts'

const NEVER = Number.MAX_SAFE_INTEGER

/** A database answers in a later turn. */
export async function read(fn: (db: undefined) => unknown) {
  await nextTurn()
  return fn(undefined)
}

/** Things that are due until they are done, and what was done with them in its order. */
export function work(engine: string) {
  const log: string[] = []
  const due = new Map<string, Due[]>()
  const engineOf = { name: engine }
  const store = { engine: engineOf, read }
  const run = async (_: unknown, fn: (unit: Unit) => unknown, { at }: { at: number }) => fn({ now: at } as Unit)
  const add = (name: string, ...things: Due[]) => {
    const all = [...(due.get(name) ?? []), ...things]
    due.set(
      name,
      all.sort((a, b) => a.at - b.at || a.id - b.id),
    )
  }
  const finish = (name: string, id: number) => {
    const left = due.get(name) ?? []
    due.set(
      name,
      left.filter(each => each.id !== id),
    )
  }
  const source = (name: string, more: Partial<JobSource> = {}): JobSource => ({
    name,
    due: async (_, until, limit) => (due.get(name) ?? []).filter(({ at }) => at <= until).slice(0, limit),
    async run(unit, id) {
      log.push(`${name} ${id} at ${unit.now}`)
      finish(name, id)
      return true
    },
    ...more,
  })
  const jobs = (sources: JobSource[], now = NEVER) => {
    const context = { store, clock: { now: () => now } } as unknown as Context
    return createJobs(context, run as RunUnit, sources, async () => {})
  }
  return { log, add, finish, source, jobs }
}
