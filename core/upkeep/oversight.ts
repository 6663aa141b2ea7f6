import { type SqlBool, sql } from 'kysely'
import { withAttempts } from '../events/index.ts'
import type { NumberType } from '../ground/model.ts'
import { type Row, toNumber, toTransaction } from '../ground/rows.ts'
import type { Context } from '../ground/unit.ts'
import { META, toCompanyProfile, toDocument } from '../papers/index.ts'
import type { Reader } from '../store/store.ts'
import type { Oversight } from '../verbs.ts'
import { readFigures, readStates } from './figures.ts'
import { readHistory } from './history.ts'
import { readUpcoming } from './upcoming.ts'
import type { AnyNumber } from './verbs.ts'

/** One question looks at so many numbers: a rare state in ten million is found in steps. */
const STRETCH = 50_000
const NEWEST_EVENTS = 20_000
const NEWEST_LINES = 20_000
const NEWEST_DELIVERIES = 5_000
const COUNTED = 10_000

/** The end of the range of numbers that start so: digits and `+` come before `:`. */
const behind = (prefix: string) => `+${prefix}:`

/** The stretch is cut by the index of the numbers alone, so that its rows are read once. */
async function readNumbers(db: Reader, filter: AnyNumber, { after = '', limit }: { after?: string; limit: number }) {
  let stretch = db.selectFrom('numbers').select(['id', 'e164', 'state']).where('e164', '>', after)
  if (filter.starts !== undefined) {
    stretch = stretch.where('e164', '>=', `+${filter.starts}`).where('e164', '<', behind(filter.starts))
  }
  const cut = stretch.orderBy('e164').limit(STRETCH).as('stretch')
  let found = db
    .selectFrom(cut)
    .select(['id', 'e164'])
    .orderBy('e164')
    .limit(limit + 1)
  if (filter.states) found = found.where('state', 'in', ['', ...filter.states])
  const heads = await found.execute()
  const shown = heads.slice(0, limit)
  const last = shown.at(-1)?.e164
  const rows =
    shown.length === 0
      ? []
      : await rowsOf(
          db,
          shown.map(({ id }) => id),
        )
  if (heads.length > limit) return { items: rows.map(toNumber), next: last }
  const end = await stretch
    .orderBy('e164')
    .offset(STRETCH - 1)
    .limit(1)
    .executeTakeFirst()
  return { items: rows.map(toNumber), next: end?.e164 }
}

function rowsOf(db: Reader, ids: readonly number[]): Promise<Row<'numbers'>[]> {
  return db.selectFrom('numbers').selectAll().where('id', 'in', ids).orderBy('e164').execute()
}

async function readActivity(db: Reader, slotMs: number) {
  const newest = db.selectFrom('number_events').select(['at', 'kind']).orderBy('id', 'desc').limit(NEWEST_EVENTS)
  const slot = sql<number>`at - at % ${sql.lit(slotMs)}`
  const rows = await db
    .selectFrom(newest.as('newest'))
    .select(e => [slot.as('at'), 'kind', e.fn.countAll<number>().as('count')])
    .groupBy([slot, 'kind'])
    .orderBy('at')
    .execute()
  return rows.map(({ at, kind, count }) => ({ at: Number(at), kind, count: Number(count) }))
}

async function readAreas(db: Reader) {
  const rows = await db
    .selectFrom('stock_areas')
    .select(e => ['npa', 'country', 'region', 'type', e.fn.sum<number>('available').as('available')])
    .where('npa', '<>', '')
    .groupBy(['npa', 'country', 'region', 'type'])
    .orderBy('npa')
    .execute()
  return rows.map(row => ({ ...row, type: row.type as NumberType, available: Number(row.available) }))
}

async function readDocuments(db: Reader, ...[{ status }, page]: Parameters<Oversight['documents']>) {
  // those of orders are told with them
  let query = db.selectFrom('documents').where('documents.lease_id', '<>', 0)
  if (status !== undefined) query = query.where('documents.status', '=', status)
  const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .innerJoin('leases', 'leases.id', 'documents.lease_id')
    .innerJoin('numbers', 'numbers.id', 'leases.number_id')
    .select(META.map(column => `documents.${column}` as const))
    .select('numbers.e164')
    .orderBy('documents.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { items: rows.map(row => ({ ...toDocument(row), e164: row.e164 })), total: Number(total) }
}

async function readProfiles(db: Reader, ...[{ status }, page]: Parameters<Oversight['companyProfiles']>) {
  let query = db.selectFrom('company_profiles')
  if (status !== undefined) query = query.where('status', '=', status)
  const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query.selectAll().orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
  return { items: rows.map(toCompanyProfile), total: Number(total) }
}

/** Whoever paid for it, at any time. */
async function readTransactionsOf(db: Reader, e164: string, limit: number) {
  const payers = await db
    .selectFrom('leases')
    .innerJoin('numbers', 'numbers.id', 'leases.number_id')
    .select('leases.payer_id')
    .distinct()
    .where('numbers.e164', '=', e164)
    .execute()
  const found: Row<'transactions'>[] = []
  for (const { payer_id: payer } of payers) {
    const newest = db.selectFrom('transactions').selectAll().where('account_id', '=', payer)
    const cut = newest.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(NEWEST_LINES).as('newest')
    found.push(...(await db.selectFrom(cut).selectAll().where('e164', '=', e164).limit(limit).execute()))
  }
  return found
    .sort((a, b) => b.created_at - a.created_at || b.id - a.id)
    .slice(0, limit)
    .map(toTransaction)
}

async function readDeliveriesAbout(db: Reader, e164: string, limit: number) {
  const newest = db.selectFrom('deliveries').selectAll().orderBy('id', 'desc').limit(NEWEST_DELIVERIES)
  const named = sql<SqlBool>`body LIKE ${`%${e164.slice(1)}%`}`
  const rows = await db
    .selectFrom(newest.as('newest'))
    .selectAll()
    .where(named)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return withAttempts(db, rows)
}

async function countDeliveries(db: Reader) {
  const newest = db.selectFrom('deliveries').select('status').orderBy('id', 'desc').limit(COUNTED)
  const rows = await db
    .selectFrom(newest.as('newest'))
    .select(e => ['status', e.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute()
  const of = (status: string) => Number(rows.find(row => row.status === status)?.count ?? 0)
  const atLeast = rows.reduce((sum, row) => sum + Number(row.count), 0)
  return { waiting: of('waiting'), failed: of('failed'), atLeast }
}

export function createOversight({ store, clock, onCommitted }: Context): Oversight {
  return {
    numbers: (filter, page) => store.readAside(db => readNumbers(db, filter, page)),
    history: (filter, page) => {
      // what narrows may be anywhere in a stretch
      const isNarrow = Object.values(filter).some(value => value !== undefined)
      return (isNarrow ? store.readAside : store.read)(db => readHistory(db, filter, page))
    },
    areas: () => store.read(readAreas),
    held: () =>
      store.read(async db => {
        const sum = await db
          .selectFrom('held')
          .select(e => e.fn.sum<number | null>('leases').as('total'))
          .executeTakeFirstOrThrow()
        return Number(sum.total ?? 0)
      }),
    activity: slotMs => store.readAside(db => readActivity(db, slotMs)),
    documents: (...asked) => store.read(db => readDocuments(db, ...asked)),
    companyProfiles: (...asked) => store.read(db => readProfiles(db, ...asked)),
    transactionsOf: (e164, limit) => store.readAside(db => readTransactionsOf(db, e164, limit)),
    deliveriesAbout: (e164, limit) => store.readAside(db => readDeliveriesAbout(db, e164, limit)),
    delivery: id =>
      store.read(async db => {
        const rows = await db.selectFrom('deliveries').selectAll().where('id', '=', id).execute()
        return (await withAttempts(db, rows))[0]
      }),
    deliveryCounts: () => store.read(countDeliveries),
    figures: () => store.readAside(db => readFigures(db, clock.now())),
    states: (after, ids) => store.readAside(db => readStates(db, after, ids)),
    onCommitted: listener => void onCommitted.push(listener),
    upcoming: limit => store.read(db => readUpcoming(db, clock.now(), limit)),
  }
}
