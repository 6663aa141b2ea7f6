import type { Writer } from '../store/store.ts'
import { Fault } from './fault.ts'
import type { Caller } from './model.ts'
import { type Context, committed, openUnit, type Unit } from './unit.ts'

/** One unit for several callers of one account. Each has its own view of it: whose act it is, and what is told of it. */
export type RunTogether = <T>(callers: readonly Caller[], fn: (units: readonly Unit[]) => Promise<T>) => Promise<T>

export function createRunTogether(context: Context, flush: (unit: Unit) => Promise<void>): RunTogether {
  return async (callers, fn) => {
    let units: Unit[] = []
    const body = async (db: Writer) => {
      const isFirst = units.length === 0
      const now = context.clock.now()
      const [first, ...others] = callers.map(caller => openUnit(context, db, caller, now, isFirst)) as [Unit, ...Unit[]]
      const { ids, stock, arrivals } = first
      units = [first, ...others.map(unit => ({ ...unit, ids, stock, arrivals }))]
      const result = await fn(units)
      await flush(first)
      return result
    }
    const value = await context.store.write(body, { lane: callers[0]?.account.payerId })
    for (const [n, unit] of units.entries()) committed(context, callers[n] as Caller, unit)
    return value
  }
}

/** Wishes that become one unit at most: what they hold, others wait for. */
const MOST = 32
/** Of one account at the same time: one is asked about while the other one's log is written. */
const AT_ONCE = 2

interface Waiting<W, R> {
  wish: W
  resolve(result: R): void
  reject(error: unknown): void
}

interface Line<W, R> {
  busy: number
  isPlanned: boolean
  queue: Waiting<W, R>[]
}

/**
 * Wishes of one account wait for each other's rows in any case: those that wait at the same time are served together, in
 * order, and one that nobody is in front of at once. `together` waits for nobody else's rows; undefined for a wish that is
 * to be served alone, which may, and holds up nobody.
 */
export function createTogether<W, R>(
  alone: (wish: W) => Promise<R>,
  together: (wishes: readonly W[]) => Promise<readonly (R | undefined)[]>,
): (accountId: number, wish: W) => Promise<R> {
  const lines = new Map<number, Line<W, R>>()

  const serveAlone = ({ wish, resolve, reject }: Waiting<W, R>): Promise<void> => alone(wish).then(resolve, reject)

  async function serve(group: readonly Waiting<W, R>[], queue: Waiting<W, R>[]): Promise<void> {
    try {
      const results = await together(group.map(({ wish }) => wish))
      for (const [n, each] of group.entries()) {
        const result = results[n]
        if (result === undefined) void serveAlone(each)
        else each.resolve(result)
      }
    } catch (error) {
      // what was refused to all of them is refused to few of them; what became of a commit is not tried out
      const isAway = error instanceof Fault && error.code === 'temporarily_unavailable'
      const isRefusal = error instanceof Fault && !isAway
      // who waits would find out one after the other
      for (const each of [...group, ...(isAway ? queue.splice(0) : [])]) {
        if (isRefusal) void serveAlone(each)
        else each.reject(error)
      }
    }
  }

  function next(accountId: number, line: Line<W, R>): void {
    line.isPlanned = false
    if (line.queue.length === 0 && line.busy === 0) lines.delete(accountId)
    if (line.queue.length === 0 || line.busy === AT_ONCE) return
    line.busy++
    void serve(line.queue.splice(0, MOST), line.queue).then(() => {
      line.busy--
      plan(accountId, line)
    })
    plan(accountId, line)
  }

  /** When all that has arrived has been read. */
  function plan(accountId: number, line: Line<W, R>): void {
    if (line.isPlanned) return
    line.isPlanned = true
    setImmediate(next, accountId, line)
  }

  return (accountId, wish) =>
    new Promise((resolve, reject) => {
      const line = lines.get(accountId) ?? { busy: 0, isPlanned: false, queue: [] }
      lines.set(accountId, line)
      line.queue.push({ wish, resolve, reject })
      plan(accountId, line)
    })
}
