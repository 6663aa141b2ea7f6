/** What operators watch. Nothing here reads the whole inventory: counters, short indexes, and stretches of a given length. */
import { sql } from 'kysely'
import type { Instant, NumberState } from '../ground/model.ts'
import type { Reader } from '../store/store.ts'
import type { Figures } from './verbs.ts'

/** More than so many callbacks that wait are not counted on. */
const MOST_CALLBACKS = 100_000
const DUE = ['numbers', 'subscriptions', 'provisionings', 'orders'] as const

const ageOf = (now: Instant, since: number | null) => (since === null ? 0 : Math.max(0, now - Number(since)))

async function readOwing(db: Reader): Promise<Figures['owing']> {
  const rows = await db
    .selectFrom('balances')
    .select(e => ['currency', e.fn.countAll<number>().as('accounts'), e.fn.sum<number>('balance').as('balance')])
    .where('balance', '<', 0)
    .groupBy('currency')
    .orderBy('currency')
    .execute()
  return rows.map(row => ({ currency: row.currency, accounts: Number(row.accounts), amount: -Number(row.balance) }))
}

async function readOrders(db: Reader, now: Instant): Promise<Figures['orders']> {
  const { waiting, oldest } = await db
    .selectFrom('waiting_orders')
    .select(e => [e.fn.countAll<number>().as('waiting'), e.fn.min<number | null>('order_id').as('oldest')])
    .executeTakeFirstOrThrow()
  if (oldest === null) return { waiting: 0, ageMs: 0 }
  const first = await db.selectFrom('orders').select('created_at').where('id', '=', oldest).executeTakeFirst()
  return { waiting: Number(waiting), ageMs: ageOf(now, first?.created_at ?? null) }
}

async function readCallbacks(db: Reader, now: Instant): Promise<Figures['callbacks']> {
  const open = db
    .selectFrom('deliveries')
    .select(['tries', 'created_at'])
    .where('next_attempt_at', 'is not', null)
    .limit(MOST_CALLBACKS)
  const { waiting, failing, oldest } = await db
    .selectFrom(open.as('open'))
    .select(e => [
      e.fn.countAll<number>().as('waiting'),
      sql<number>`coalesce(sum(CASE WHEN tries > 0 THEN 1 ELSE 0 END), 0)`.as('failing'),
      e.fn.min<number | null>('created_at').as('oldest'),
    ])
    .executeTakeFirstOrThrow()
  const unworded = await db
    .selectFrom('outbox')
    .select(e => e.fn.min<number | null>('at').as('oldest'))
    .where('is_done', '=', 0)
    .executeTakeFirstOrThrow()
  const eventAgeMs = ageOf(now, unworded.oldest)
  return { waiting: Number(waiting), failing: Number(failing), ageMs: ageOf(now, oldest), eventAgeMs }
}

async function readImports(db: Reader): Promise<Figures['imports']> {
  const rows = await db
    .selectFrom('imports')
    .select(e => ['status', e.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute()
  return rows.map(({ status, count }) => ({ status, count: Number(count) }))
}

/** How long the thing that has been due the longest has been so. */
async function readLateness(db: Reader, now: Instant): Promise<number> {
  let late = 0
  for (const table of DUE) {
    const { first } = await db
      .selectFrom(table)
      .select(e => e.fn.min<number | null>('due_at').as('first'))
      .executeTakeFirstOrThrow()
    late = Math.max(late, ageOf(now, first))
  }
  return late
}

export async function readFigures(db: Reader, now: Instant): Promise<Figures> {
  const { held } = await db
    .selectFrom('held')
    .select(e => e.fn.sum<number | null>('leases').as('held'))
    .executeTakeFirstOrThrow()
  return {
    held: Number(held ?? 0),
    owing: await readOwing(db),
    orders: await readOrders(db, now),
    callbacks: await readCallbacks(db, now),
    imports: await readImports(db),
    lateMs: await readLateness(db, now),
  }
}

/** Of the numbers with an id behind `after`, so many ids on. */
export async function readStates(db: Reader, after: number, ids: number) {
  const end = after + ids
  const rows = await db
    .selectFrom('numbers')
    .select(e => ['state', e.fn.countAll<number>().as('count')])
    .where('id', '>', after)
    .where('id', '<=', end)
    .groupBy('state')
    .execute()
  const last = await db.selectFrom('numbers').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
  const counts = rows.map(({ state, count }) => ({ state: state as NumberState, count: Number(count) }))
  return { counts, next: (last?.id ?? 0) > end ? end : undefined }
}
