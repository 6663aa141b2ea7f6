import { recordAudit } from '../events/index.ts'
import { Fault } from '../ground/fault.ts'
import type { CompanyProfile, JsonObject, NumberType } from '../ground/model.ts'
import { parseObject, type Row } from '../ground/rows.ts'
import { type Context, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import type { CompanyProfiles } from '../verbs.ts'

export function toCompanyProfile(row: Row<'company_profiles'>): CompanyProfile {
  return {
    id: row.id,
    guid: row.guid,
    accountId: row.account_id,
    status: row.status as CompanyProfile['status'],
    country: row.country,
    types: row.types.split(' ').filter(type => type !== '') as NumberType[],
    data: parseObject(row.data),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

async function lock(unit: Unit, id: number): Promise<Row<'company_profiles'>> {
  let query = unit.db.selectFrom('company_profiles').selectAll().where('id', '=', id)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (!row) throw missing('company_profile', id)
  return row
}

type NewProfile = Parameters<CompanyProfiles['create']>[1]

async function create(unit: Unit, input: NewProfile): Promise<CompanyProfile> {
  const row = await unit.db
    .insertInto('company_profiles')
    .values({
      guid: input.guid ?? unit.random.guid(),
      account_id: input.accountId,
      status: input.status,
      country: input.country,
      types: input.types.join(' '),
      data: JSON.stringify(input.data),
      created_at: unit.now,
      updated_at: unit.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await recordAudit(unit, { accountId: row.account_id, action: 'company_profile.created', subject: row.guid })
  return toCompanyProfile(row)
}

async function change(
  unit: Unit,
  id: number,
  columns: Partial<Row<'company_profiles'>>,
  action: string,
  data?: JsonObject,
) {
  const row = await lock(unit, id)
  const changed = { ...columns, updated_at: unit.now }
  await unit.db.updateTable('company_profiles').set(changed).where('id', '=', id).execute()
  const entry = { accountId: row.account_id, action: `company_profile.${action}`, subject: row.guid }
  await recordAudit(unit, data ? { ...entry, data } : entry)
  return toCompanyProfile({ ...row, ...changed })
}

export function createCompanyProfiles({ store }: Context, run: RunUnit): CompanyProfiles {
  return {
    create: (actor, input) => run(actor, unit => create(unit, input)),
    update: (actor, id, input) =>
      run(actor, unit => {
        const columns = {
          ...(input.status && { status: input.status }),
          ...(input.country && { country: input.country }),
          ...(input.types && { types: input.types.join(' ') }),
          ...(input.data && { data: JSON.stringify(input.data) }),
        }
        return change(unit, id, columns, 'changed')
      }),
    review: (actor, id, status, reason) =>
      run(actor, async unit => {
        const { status: before } = await lock(unit, id)
        if (before === 'incomplete') {
          throw new Fault('wrong_state', { what: 'company_profile', id: String(id), state: before })
        }
        return change(unit, id, { status }, status, { reason })
      }),
    byGuid: guid =>
      store.read(async db => {
        const row = await db.selectFrom('company_profiles').selectAll().where('guid', '=', guid).executeTakeFirst()
        return row && toCompanyProfile(row)
      }),
    list: (accountId, page) =>
      store.read(async db => {
        const query = db.selectFrom('company_profiles').where('account_id', '=', accountId)
        const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
        const rows = await query.selectAll().orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
        return { items: rows.map(toCompanyProfile), total }
      }),
  }
}
