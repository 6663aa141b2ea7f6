import { type RawBuilder, sql } from 'kysely'
import { DAY_MS } from '../ground/clock.ts'
import { isFault } from '../ground/fault.ts'
import type { Instant } from '../ground/model.ts'
import type { Context, RunUnit, Unit } from '../ground/unit.ts'
import type { Engine, Reader } from '../store/store.ts'
import type { Retention, RetentionDays } from '../verbs.ts'
import { RULES, type Rule } from './retention-rules.ts'

/** Less than 30 days each, so that a month on the clock of a test leaves nothing behind. */
export const DEFAULT_RETENTION: RetentionDays = { ended: 1, idempotency: 7, callbacks: 14, carts: 28, imports: 28 }

/** By the gateway's clock: when all is tidy, this long nobody looks again. */
const PAUSE_MS = 60_000

type Removed = Map<string, number>

const columns = (names: readonly string[]) => sql.join(names.map(name => sql.ref(name)))
const raw = (word: string, text: string | undefined) => sql.raw(text === undefined ? '' : `${word} ${text}`)

/** The oldest that are over, by the index of the rule. Another process's are passed over. */
export function heads({ table, keys, since, only }: Rule, before: Instant, limit: number, engine?: Engine) {
  const lock = sql.raw(engine?.skipLocked ? 'FOR UPDATE SKIP LOCKED' : '')
  return sql<{ id: number }>`SELECT ${columns(keys)} FROM ${sql.table(table)} WHERE ${sql.ref(since)} <= ${before}
    ${raw('AND', only)} ORDER BY ${sql.ref(since)} LIMIT ${sql.lit(limit)} ${lock}`
}

/** Chosen once, whatever the plan: a choice of unlocked rows would come out differently each time. */
export function removal(table: string, keys: readonly string[], chosen: RawBuilder<unknown>, unless?: string) {
  return sql`WITH chosen AS MATERIALIZED (${chosen}) DELETE FROM ${sql.table(table)}
    WHERE (${columns(keys)}) IN (SELECT ${columns(keys)} FROM chosen) ${raw('AND NOT', unless)}`
}

async function remove(unit: Unit, removed: Removed, ...what: Parameters<typeof removal>): Promise<number> {
  const count = Number((await removal(...what).execute(unit.db)).numAffectedRows ?? 0n)
  if (count > 0) removed.set(what[0], (removed.get(what[0]) ?? 0) + count)
  return count
}

const within = (table: string, keys: readonly string[], column: string, ids: readonly number[]) =>
  sql`SELECT ${columns(keys)} FROM ${sql.table(table)} WHERE ${sql.ref(column)} IN (${sql.join(ids)})`

/** Rows that go are scattered over the pages of their indexes: fewer at once than of those that are added at the end. */
export const rowsOf = ({ unitRows }: Engine) => unitRows / 10

/** One unit's worth. Rows that have parts go when these are gone, however many they had. */
async function removeSome(unit: Unit, rule: Rule, before: Instant): Promise<Removed> {
  const removed: Removed = new Map()
  const limit = rowsOf(unit.engine)
  const found = heads(rule, before, limit, unit.engine)
  const { table, keys, parts, unless } = rule
  if (!parts) {
    await remove(unit, removed, table, keys, found, unless)
    return removed
  }
  const ids = (await found.execute(unit.db)).rows.map(({ id }) => id)
  if (ids.length === 0) return removed
  const owned = sql`${within(parts.table, parts.keys, parts.owner, ids)} LIMIT ${sql.lit(limit)}`
  if ((await remove(unit, removed, parts.table, parts.keys, owned)) === limit) return removed
  await remove(unit, removed, table, keys, within(table, keys, 'id', ids), unless)
  return removed
}

const isAny = async (db: Reader, rule: Rule, before: Instant) =>
  (await heads(rule, before, 1).execute(db)).rows.length > 0

/** `tidyAll`: to the end. */
export function createRetention(
  { store, clock }: Context,
  run: RunUnit,
  days: RetentionDays,
): Retention & { tidyAll(): Promise<void> } {
  let untold: Removed = new Map()
  let nextAt = 0
  /** How many rows are gone; undefined: nothing was over, and so nothing was written. */
  const step = async (rule: Rule, now: Instant): Promise<number | undefined> => {
    const before = now - days[rule.days] * DAY_MS
    if (!(await store.read(db => isAny(db, rule, before)))) return undefined
    const removed = await run(null, unit => removeSome(unit, rule, before), { isStep: true })
    for (const [table, rows] of removed) untold.set(table, (untold.get(table) ?? 0) + rows)
    return removed.size
  }
  /** By turns, so that no table waits for the others, until none has anything left that can go. What fails is passed over. */
  const rounds = async (units: number, now: Instant, errors: unknown[]): Promise<boolean> => {
    const attempt = (rule: Rule) =>
      step(rule, now).catch(error => {
        if (isFault(error, 'temporarily_unavailable')) throw error // so would the others be
        errors.push(error)
        return undefined
      })
    let open: readonly Rule[] = RULES
    for (let isMoving = true; isMoving && open.length > 0; ) {
      const over: Rule[] = []
      isMoving = false
      for (const rule of open) {
        if (units-- <= 0) return false
        const rows = await attempt(rule)
        if (rows !== undefined) over.push(rule)
        if (rows) isMoving = true
      }
      open = over
    }
    return true
  }
  const tidy = async (units: number): Promise<boolean> => {
    const now = clock.now()
    if (now < nextAt) return false
    const errors: unknown[] = []
    const isEnd = await rounds(units, now, errors)
    if (isEnd) nextAt = now + PAUSE_MS
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} tables could not be tidied`)
    return isEnd
  }
  return {
    async tidy(units) {
      const isEnd = await tidy(units)
      const removed = untold
      untold = new Map()
      return { removed, isEnd }
    },
    tidyAll: async () => {
      nextAt = 0
      await tidy(Number.POSITIVE_INFINITY)
    },
    rows: () => store.rows(),
  }
}
