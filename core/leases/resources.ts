import { Fault } from '../ground/fault.ts'
import type { Caller, JsonObject, Listed, Page, Resource } from '../ground/model.ts'
import { parseObject, type Row } from '../ground/rows.ts'
import { type Context, holdAccount, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { NewResource, OnlyOne, Resources } from '../verbs.ts'
import { leaveHandler } from './destinations.ts'
import { checkUnused } from './in-use.ts'

/** Of one kind in one account. */
const MOST = 1_000

function toResource(row: Row<'resources'>): Resource {
  return {
    id: row.id,
    guid: row.guid,
    accountId: row.account_id,
    kind: row.kind,
    parentId: row.parent_id,
    name: row.name,
    data: parseObject(row.data),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** Faults: limit_reached. */
async function checkRoom(unit: Unit, accountId: number, kind: string, limit: number): Promise<void> {
  await holdAccount(unit, accountId)
  const { kept } = await unit.db
    .selectFrom('resources')
    .select(e => e.fn.countAll<number>().as('kept'))
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow()
  if (Number(kept) >= limit) throw new Fault('limit_reached', { what: kind, limit })
}

/** The account's row is locked. Faults: name_taken. */
async function checkName(unit: Unit, accountId: number, { kind, name = '' }: NewResource): Promise<void> {
  const taken = await unit.db
    .selectFrom('resources')
    .select('id')
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .limit(1)
    .executeTakeFirst()
  if (taken) throw new Fault('name_taken', { what: 'resource', name })
}

async function insert(unit: Unit, caller: Caller | null, input: NewResource): Promise<Resource> {
  const accountId = input.accountId ?? caller?.account.id
  if (accountId === undefined) throw missing('account', '')
  const parentId = input.parentId ?? null
  // before the account: orders hold what they name when they come to the account
  if (parentId !== null) await lockOwn(unit, accountId, parentId)
  await checkRoom(unit, accountId, input.kind, input.limit ?? MOST)
  if (input.isNameUnique) await checkName(unit, accountId, input)
  const data = await settled(unit, { ...input, parentId }, input.data ?? {}, input)
  const row = await unit.db
    .insertInto('resources')
    .values({
      guid: input.guid ?? unit.random.guid(),
      account_id: accountId,
      kind: input.kind,
      parent_id: parentId,
      name: input.name ?? '',
      data: JSON.stringify(data),
      created_at: unit.now,
      updated_at: unit.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toResource(row)
}

/** Faults: not_found. */
async function lockOwn(unit: Unit, accountId: number, id: number): Promise<Row<'resources'>> {
  let query = unit.db.selectFrom('resources').selectAll().where('id', '=', id)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (row?.account_id !== accountId) throw missing('resource', id)
  return row
}

interface Place {
  /** Undefined: it is being made. */
  id?: number
  kind: string
  parentId: number | null
}

/**
 * Its data, where exactly one of those of its kind below its parent has a member: the first, until another is said to. The
 * caller holds the parent's row.
 */
async function settled(unit: Unit, place: Place, data: JsonObject, { onlyOne }: OnlyOne): Promise<JsonObject> {
  if (onlyOne === undefined) return data
  const { id = 0, kind, parentId } = place
  const query = unit.db.selectFrom('resources').select(['id', 'data']).where('parent_id', '=', parentId)
  const others = await query.where('kind', '=', kind).where('id', '<>', id).execute()
  const having = others.filter(other => parseObject(other.data)[onlyOne] === true)
  const isOne = data[onlyOne] === true || having.length === 0
  for (const other of isOne ? having : []) {
    const without = JSON.stringify({ ...parseObject(other.data), [onlyOne]: false })
    const changed = { data: without, updated_at: unit.now }
    await unit.db.updateTable('resources').set(changed).where('id', '=', other.id).execute()
  }
  return { ...data, [onlyOne]: isOne }
}

type Decide = Parameters<Resources['update']>[2]

/** The parent's row first, as whoever makes or ends one below it does. Faults: not_found. */
async function lockBelow(unit: Unit, accountId: number, id: number, { onlyOne }: OnlyOne) {
  const found = await unit.db.selectFrom('resources').select('parent_id').where('id', '=', id).executeTakeFirst()
  if (onlyOne !== undefined && found?.parent_id) await lockOwn(unit, accountId, found.parent_id)
  return lockOwn(unit, accountId, id)
}

async function change(unit: Unit, caller: Caller, id: number, decide: Decide, only: OnlyOne): Promise<Resource> {
  const row = await lockBelow(unit, caller.account.id, id, only)
  const { name, data: decided } = decide(toResource(row))
  const place = { id, kind: row.kind, parentId: row.parent_id }
  const data = decided && (await settled(unit, place, decided, only))
  const columns = {
    name: name ?? row.name,
    data: data ? JSON.stringify(data) : row.data,
    updated_at: unit.now,
  }
  await unit.db.updateTable('resources').set(columns).where('id', '=', id).execute()
  return toResource({ ...row, ...columns })
}

/** Those below it first. */
async function removeTree(unit: Unit, id: number): Promise<void> {
  const below = await unit.db.selectFrom('resources').select('id').where('parent_id', '=', id).execute()
  for (const child of below) await removeTree(unit, child.id)
  await leaveHandler(unit, id)
  await unit.db.deleteFrom('resources').where('id', '=', id).execute()
}

type Filter = Parameters<Resources['list']>[0]

async function list(db: Reader, filter: Filter, page: Page, descending: boolean): Promise<Listed<Resource>> {
  let query = db
    .selectFrom('resources')
    .where('account_id', 'in', [0, ...filter.accountIds])
    .where('kind', '=', filter.kind)
  if (filter.parentId !== undefined) query = query.where('parent_id', '=', filter.parentId)
  if (filter.name !== undefined) query = query.where('name', '=', filter.name)
  const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy('id', descending ? 'desc' : 'asc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { items: rows.map(toResource), total: Number(total) }
}

export function createResources({ store }: Context, run: RunUnit): Resources {
  return {
    create: (caller, input) => run(caller, unit => insert(unit, caller, input)),
    find: (kind, key) =>
      store.read(async db => {
        const query = db.selectFrom('resources').selectAll().where('kind', '=', kind)
        const row = await (typeof key === 'number' ? query.where('id', '=', key) : query.where('guid', '=', key))
          .limit(1)
          .executeTakeFirst()
        return row && toResource(row)
      }),
    list: (filter, page, options = {}) => store.read(db => list(db, filter, page, options.descending ?? false)),
    update: (caller, id, decide, only = {}) => run(caller, unit => change(unit, caller, id, decide, only)),
    remove: (caller, id, { unlessInUse = false } = {}) =>
      run(caller, async unit => {
        const row = await lockOwn(unit, caller.account.id, id)
        if (unlessInUse) await checkUnused(unit, row, unlessInUse === true ? undefined : unlessInUse)
        await removeTree(unit, id)
      }),
  }
}
