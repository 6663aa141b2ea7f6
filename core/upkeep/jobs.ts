import { DAY_MS, type StoredClock } from '../ground/clock.ts'
import { type Due, dueColumn, type JobSource } from '../ground/due.ts'
import type { Instant } from '../ground/model.ts'
import { type Context, catchUp, type RunUnit, type Unit } from '../ground/unit.ts'
import { settle } from '../numbers/index.ts'
import type { Clock, Jobs } from '../verbs.ts'
import { renew } from './renewals.ts'
import { renewTogether } from './renewals-together.ts'

/** Items taken at once: they share durable commits, and what they make due is seen before later ones run. */
const BATCH = 200

async function expire(unit: Unit, id: number): Promise<boolean> {
  let query = unit.db.selectFrom('numbers').selectAll().where('id', '=', id).where('due_at', '<=', unit.now)
  if (unit.engine.name === 'postgres') query = query.forUpdate().skipLocked()
  const row = await query.executeTakeFirst()
  if (!row) return false
  catchUp(unit, [row])
  await settle(unit, row)
  return true
}

export const expiry: JobSource = { name: 'expiry', due: dueColumn('numbers'), run: expire }
export const renewal: JobSource = {
  name: 'renewal',
  due: dueColumn('subscriptions'),
  run: renew,
  runTogether: renewTogether,
}

interface Item extends Due {
  source: JobSource
}

const keyOf = ({ source, id, at }: Item) => `${source.name} ${id} ${at}`

/** The first that are due of a source: those that were not passed over yet, however many were; how far it was seen. */
async function firstOf({ store }: Context, source: JobSource, until: Instant, passed: ReadonlySet<string>) {
  for (let limit = BATCH; ; limit *= 2) {
    const dues = await store.read(db => source.due(db, until, limit))
    const found: Item[] = dues.map(due => ({ ...due, source }))
    const fresh = found.filter(item => !passed.has(keyOf(item)))
    const last = found.length < limit ? undefined : found.at(-1)
    if (fresh.length > 0 || !last) return { found, fresh, horizon: last ? last.at : until }
  }
}

/** What is due by `until`, in due order, as far as every source has been seen. `passed`: less what is due no more. */
async function nextBatch(context: Context, sources: readonly JobSource[], until: Instant, passed: Set<string>) {
  const firsts = await Promise.all(sources.map(source => firstOf(context, source, until, passed)))
  const due = new Set(firsts.flatMap(({ found }) => found.map(keyOf)))
  for (const key of passed) if (!due.has(key)) passed.delete(key)
  const horizon = Math.min(...firsts.map(first => first.horizon))
  const fresh = firsts.flatMap(first => first.fresh)
  return fresh.filter(item => item.at <= horizon).sort((a, b) => a.at - b.at)
}

/**
 * Items that may run together. Whatever an item makes due falls at least a day after it (a month's renewal, a day's
 * retry, days of rest), so that nothing new can belong between them.
 */
function withinADay(batch: readonly Item[]): Item[] {
  const end = (batch[0]?.at ?? 0) + DAY_MS
  return batch.filter(item => item.at < end)
}

interface Failure {
  item: Item
  error: unknown
}

/** How many of the first items, all of one source, could be done in one unit; what goes wrong there goes wrong alone. */
async function runTogether(run: RunUnit, items: readonly Item[]): Promise<number> {
  const [first, second] = items
  if (!first?.source.runTogether || second?.source !== first.source) return 0
  const end = items.findIndex(({ source }) => source !== first.source)
  const dues = end < 0 ? items : items.slice(0, end)
  return run(null, async unit => (await first.source.runTogether?.(unit, dues)) ?? 0, { at: first.at }).catch(() => 0)
}

/** In order. On SQLite they share a commit; where each is a transaction, those that can be done together are. */
async function runItems(
  context: Context,
  run: RunUnit,
  items: readonly Item[],
  note: (item: Item, did: boolean) => void,
): Promise<Failure[]> {
  const one = async (item: Item): Promise<Failure[]> => {
    try {
      note(item, await run(null, unit => item.source.run(unit, item.id), { at: item.at }))
      return []
    } catch (error) {
      return [{ item, error }]
    }
  }
  if (context.store.engine.name === 'sqlite') return (await Promise.all(items.map(one))).flat()
  const failures: Failure[] = []
  for (let n = 0; n < items.length; ) {
    const together = await runTogether(run, items.slice(n))
    for (const item of items.slice(n, n + together)) note(item, true)
    n += together
    const next = items[n]
    if (together === 0 && next) failures.push(...(await one(next)))
    if (together === 0) n++
  }
  return failures
}

/** Everything due by `until`, in due order. What fails is passed over, so that it holds up nothing else, and thrown last. */
export async function runUntil(context: Context, run: RunUnit, sources: readonly JobSource[], until: Instant) {
  const counts = new Map<string, number>()
  const passed = new Set<string>()
  const errors: unknown[] = []
  const done = new Set<Item>()
  const note = (item: Item, did: boolean) => {
    if (!did) return
    done.add(item)
    counts.set(item.source.name, (counts.get(item.source.name) ?? 0) + 1)
  }
  for (;;) {
    const batch = withinADay(await nextBatch(context, sources, until, passed))
    if (batch.length === 0) break
    const failures = await runItems(context, run, batch, note)
    // an item that did nothing and is still due failed, or another process holds it; one that did may be due again at
    // the same instant: a month that begins when the missed one before it is paid
    for (const item of batch) if (!done.delete(item)) passed.add(keyOf(item))
    errors.push(...failures.map(failure => failure.error))
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} due items failed`)
  return [...counts].map(([job, count]) => ({ job, count }))
}

function isStored(clock: Clock): clock is StoredClock {
  return 'moveTo' in clock
}

/** `tidyAll`: run after the clock was moved, when all that fell due on the way is done. */
export function createJobs(
  context: Context,
  run: RunUnit,
  sources: readonly JobSource[],
  tidyAll: () => Promise<void>,
): Jobs {
  const { clock } = context
  const settable = () => {
    if (!isStored(clock)) throw new Error('this clock cannot be set')
    return clock
  }
  const moved = async () => {
    const ran = await runUntil(context, run, sources, clock.now())
    await tidyAll()
    return ran
  }
  return {
    runDue: async () => {
      if (isStored(clock)) await clock.refresh()
      return runUntil(context, run, sources, clock.now())
    },
    advanceTo: async at => {
      await settable().moveTo(at)
      return moved()
    },
    advanceBy: async ms => {
      await settable().moveBy(ms)
      return moved()
    },
    freeze: isFrozen => settable().freeze(isFrozen),
  }
}
