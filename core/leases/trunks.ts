import { Fault } from '../ground/fault.ts'
import type { Caller } from '../ground/model.ts'
import { type Row, toTrunk } from '../ground/rows.ts'
import { type Context, holdAccount, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import { skipPastId } from '../store/ids.ts'
import type { Trunks } from '../verbs.ts'
import { leaveTrunk } from './destinations.ts'

/** Of one account. */
export const MOST_TRUNKS = 1_000

async function lockOwn(unit: Unit, caller: Caller, id: number): Promise<Row<'trunks'>> {
  let query = unit.db.selectFrom('trunks').selectAll().where('id', '=', id)
  // nobody leads a number to it while it goes
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (row?.account_id !== caller.account.id) throw missing('trunk', id)
  return row
}

/** Faults: limit_reached. */
async function checkRoom(unit: Unit, accountId: number): Promise<void> {
  await holdAccount(unit, accountId)
  const { kept } = await unit.db
    .selectFrom('trunks')
    .select(e => e.fn.countAll<number>().as('kept'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  if (Number(kept) >= MOST_TRUNKS) throw new Fault('limit_reached', { what: 'trunks', limit: MOST_TRUNKS })
}

export function createTrunks({ store }: Context, run: RunUnit): Trunks {
  return {
    create: (caller, input) =>
      run(caller, async unit => {
        await checkRoom(unit, input.accountId)
        const row = await unit.db
          .insertInto('trunks')
          .values({
            ...(input.id === undefined ? {} : { id: input.id }),
            guid: input.guid ?? unit.random.guid(),
            account_id: input.accountId,
            name: input.name,
            label: input.label ?? '',
            data: JSON.stringify(input.data ?? {}),
            created_at: unit.now,
            updated_at: unit.now,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        if (input.id !== undefined) await skipPastId(unit.engine, unit.db, 'trunks', input.id)
        return toTrunk(row)
      }),
    get: id =>
      store.read(async db => {
        const row = await db.selectFrom('trunks').selectAll().where('id', '=', id).executeTakeFirst()
        return row && toTrunk(row)
      }),
    byGuid: guid =>
      store.read(async db => {
        const row = await db.selectFrom('trunks').selectAll().where('guid', '=', guid).executeTakeFirst()
        return row && toTrunk(row)
      }),
    list: (accountId, page) =>
      store.read(async db => {
        const query = db.selectFrom('trunks').where('account_id', '=', accountId)
        const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
        const rows = await query.selectAll().orderBy('id').limit(page.limit).offset(page.offset).execute()
        return { items: rows.map(toTrunk), total }
      }),
    update: (caller, id, change) =>
      run(caller, async unit => {
        const row = await lockOwn(unit, caller, id)
        const columns = {
          name: change.name ?? row.name,
          label: change.label ?? row.label,
          data: change.data ? JSON.stringify(change.data) : row.data,
          updated_at: unit.now,
        }
        await unit.db.updateTable('trunks').set(columns).where('id', '=', id).execute()
        return toTrunk({ ...row, ...columns })
      }),
    remove: (caller, id) =>
      run(caller, async unit => {
        await lockOwn(unit, caller, id)
        await leaveTrunk(unit, id)
        await unit.db.deleteFrom('trunks').where('id', '=', id).execute()
      }),
  }
}
