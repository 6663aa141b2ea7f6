import { type RawBuilder, sql } from 'kysely'
import type { Instant, Listed, Owned, Page } from '../ground/model.ts'
import { parseObject, type Row, toLease, toRoute, toSubscription } from '../ground/rows.ts'
import { isLive } from '../leases/index.ts'
import { jsonText } from '../store/json-text.ts'
import type { Engine, Reader } from '../store/store.ts'
import type { Numbers, OwnedFilter } from '../verbs.ts'
import { heldTotal, isWholeAccounts } from './held.ts'
import type { Head, KnownNumbers } from './known.ts'
import { type Asked, matchingLeases, orderColumns } from './owned-filter.ts'
import { beyond, cutPage, isBackward, rowsOf } from './pages.ts'
import { ACCOUNT, LIMIT, NOW, OFFSET, type Prepared, type Slots, WANTED } from './prepared.ts'

interface Means {
  engine: Engine
  prepared: Prepared
  known: KnownNumbers
}

type Options = NonNullable<Parameters<Numbers['owned']>[2]>

const LEASE = [
  ...([
    'id',
    'guid',
    'number_id',
    'account_id',
    'payer_id',
    'organization_id',
    'user_id',
    'label',
    'trunk_id',
  ] as const),
  ...(['handler_id', 'started_at', 'ends_at', 'closed_at', 'order_line_id', 'updated_at'] as const),
] as const
const SUBSCRIPTION = [
  ...(['id', 'lease_id', 'payer_id', 'currency', 'amount', 'anchor_at', 'periods'] as const),
  ...(['paid_until', 'next_due_at', 'unpaid_since'] as const),
] as const
const HEAD = ['id', 'version', 'e164', 'updated_at', 'last_call_at'] as const
const ROUTE = ['id', 'lease_id', 'priority', 'kind', 'target', 'trunk_id', 'is_active'] as const

/** Of one lease, as its JSON says it. */
interface Told {
  lease: Row<'leases'>
  /** Null: it is being closed at this very moment. */
  subscription: Row<'subscriptions'> | null
  head: Head
  /** JSON of the dialect that asks. */
  settings: string | null
  routes: Row<'routes'>[]
  /** What the order of the list knows of it. */
  key: (string | number | null)[]
}

interface ToldRow {
  /** JSON: a list of `Told`. */
  held: string
  total: number
}

/** `page`: leases in their order, with members `key_0`, … */
function toldRows(
  engine: Engine,
  page: RawBuilder<unknown>,
  keys: number,
  dialect: string | undefined,
  total: RawBuilder<number>,
): RawBuilder<ToldRow> {
  const json = jsonText[engine.name]
  const from = (table: string, columns: readonly string[]) =>
    json.object(Object.fromEntries(columns.map(column => [column, sql.ref(`${table}.${column}`)])))
  const settings = sql`(SELECT value FROM settings WHERE lease_id = page.id AND dialect = ${dialect})`
  const told = json.object({
    lease: from('page', LEASE),
    subscription: sql`(SELECT ${from('subscriptions', SUBSCRIPTION)} FROM subscriptions
      WHERE subscriptions.lease_id = page.id AND closed_at IS NULL)`,
    head: sql`(SELECT ${from('numbers', HEAD)} FROM numbers WHERE numbers.id = page.number_id)`,
    settings: dialect === undefined ? sql`NULL` : settings,
    routes: sql`(SELECT ${json.rows(from('routes', ROUTE))} FROM routes WHERE routes.lease_id = page.id)`,
    key: json.array(sql.join(Array.from({ length: keys }, (_, n) => sql.ref(`page.key_${n}`)))),
  })
  return sql<ToldRow>`SELECT ${json.list(told)} AS held, ${total} AS total FROM (${page}) AS page`
}

const byPriority = (a: Row<'routes'>, b: Row<'routes'>) => a.priority - b.priority || a.id - b.id

/** In their order. */
async function ownedOf({ known }: Means, db: Reader, all: readonly Told[]): Promise<Owned[]> {
  const numbers = await known.latest(
    db,
    all.map(({ head }) => head),
  )
  const byId = new Map(numbers.map(number => [number.id, number]))
  return all.flatMap(({ lease, subscription, settings, routes }) => {
    const number = byId.get(lease.number_id)
    if (!number || !subscription) return []
    return {
      number,
      lease: toLease(lease),
      subscription: toSubscription(subscription),
      settings: parseObject(settings ?? '{}'),
      routes: routes.sort(byPriority).map(toRoute),
    }
  })
}

function totalOf(db: Reader, asked: Asked): RawBuilder<number> {
  if (isWholeAccounts(asked.filter)) return heldTotal(asked.accounts, asked.now)
  return sql<number>`(${matchingLeases(db, asked, false).select(e => e.fn.countAll<number>().as('total'))})`
}

/** A page and its total. */
function pageStatement(engine: Engine, db: Reader, asked: Asked, page: Page, options: Options): RawBuilder<ToldRow> {
  const { orderBy = 'lease', descending = false } = options
  const columns = orderColumns(engine, orderBy, asked.dialect)
  const byNumber = orderBy !== 'lease' && orderBy !== 'started' && orderBy !== 'user'
  const edge = beyond(page, columns, descending)
  let query = matchingLeases(db, asked, byNumber)
  if (edge) query = query.where(edge)
  let ordered = query.selectAll('leases').limit(sql<number>`${LIMIT}`).offset(sql<number>`${OFFSET}`)
  columns.forEach((column, index) => {
    const direction = descending === isBackward(page) ? 'asc' : 'desc'
    ordered = ordered.select(sql<string | number>`${column}`.as(`key_${index}`)).orderBy(column, direction)
  })
  return toldRows(engine, sql`${ordered}`, columns.length, asked.dialect, totalOf(db, asked))
}

/** Tells a question from all others, whoever's numbers are meant; undefined: it is asked once, as pages behind a number. */
function keyOf({ accountIds, ...rest }: OwnedFilter, { from }: Page, options: Options): string | undefined {
  if (typeof from === 'object') return undefined
  return JSON.stringify([accountIds.length === 1 ? 1 : accountIds, rest, options])
}

export async function listOwned(
  means: Means,
  db: Reader,
  now: Instant,
  filter: OwnedFilter,
  page: Page,
  options: Options = {},
): Promise<Listed<Owned>> {
  const [account] = filter.accountIds
  if (account === undefined) return { items: [], total: 0 }
  const accounts = filter.accountIds.length === 1 ? [ACCOUNT] : filter.accountIds
  const asked = { filter, accounts, now: NOW, dialect: options.dialect }
  const slots = { now, limit: rowsOf(page), offset: page.offset, account }
  const build = () => pageStatement(means.engine, db, asked, page, options)
  const { told, total } = await ask(means, db, keyOf(filter, page, options), build, slots)
  const { rows, ...neighbours } = cutPage(page, told, ({ key }) => key.map(each => each ?? ''))
  return { items: await ownedOf(means, db, rows), total, ...neighbours }
}

async function ask(
  { prepared }: Means,
  db: Reader,
  key: string | undefined,
  build: () => RawBuilder<ToldRow>,
  slots: Slots,
) {
  const { rows } = await prepared.run(db, key, build, slots)
  const [{ held, total }] = rows as [ToldRow] // of an aggregate there is always one
  return { told: JSON.parse(held) as Told[], total }
}

const ONE = { limit: 1, offset: 0 }

/** The lease that this number, or this id, has at this moment. */
export async function findLease(
  means: Means,
  db: Reader,
  now: Instant,
  where: { leaseId: number } | { e164: string },
  dialect: string | undefined,
): Promise<Owned | undefined> {
  const [column, wanted] = 'leaseId' in where ? ['leases.id', where.leaseId] : ['numbers.e164', where.e164]
  const build = () => {
    const page = sql`SELECT leases.* FROM leases JOIN numbers ON numbers.id = leases.number_id
      WHERE ${sql.ref(column)} = ${WANTED} AND ${isLive(NOW)}`
    return toldRows(means.engine, page, 0, dialect, sql<number>`1`)
  }
  const { told } = await ask(means, db, `${column} ${dialect}`, build, { now, ...ONE, wanted })
  return (await ownedOf(means, db, told))[0]
}
