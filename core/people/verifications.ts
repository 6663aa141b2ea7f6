import { recordAudit } from '../events/index.ts'
import type { Account, JsonObject, Verification, VerificationStatus } from '../ground/model.ts'
import { parseObject, type Row, toAccount } from '../ground/rows.ts'
import { type Context, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import type { IdentityNeeds, Verifications, Verified } from '../verbs.ts'

function toVerification(row: Row<'verifications'>): Verification {
  return {
    accountId: row.account_id,
    kind: row.kind,
    status: row.status as VerificationStatus,
    isTest: row.is_test === 1,
    reason: row.reason,
    data: parseObject(row.data),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export const needsText = (needs: IdentityNeeds) => needs.map(kinds => kinds.join('+')).join(' ')

/** Who changes an account waits for the other who does. Faults: not_found. */
export async function lockAccount(unit: Unit, id: number): Promise<Row<'accounts'>> {
  let query = unit.db.selectFrom('accounts').selectAll().where('id', '=', id)
  if (unit.engine.name === 'postgres') query = query.forNoKeyUpdate()
  const row = await query.executeTakeFirst()
  if (!row) throw missing('account', id)
  return row
}

function isMet(needs: string, statuses: ReadonlyMap<string, string>): boolean {
  if ([...statuses.values()].includes('failed')) return false
  return needs.split(' ').some(kinds => kinds.split('+').every(kind => statuses.get(kind) === 'verified'))
}

/** An account that needs nothing is as verified as it was. The caller holds its row. */
export async function settleIdentity(unit: Unit, row: Row<'accounts'>, needs: string): Promise<Account> {
  const found = await unit.db
    .selectFrom('verifications')
    .select(['kind', 'status'])
    .where('account_id', '=', row.id)
    .execute()
  const verified = isMet(needs, new Map(found.map(({ kind, status }) => [kind, status])))
  const columns = {
    identity_needs: needs,
    identity_verified: needs === '' ? row.identity_verified : verified ? 1 : 0,
    updated_at: unit.now,
  }
  await unit.db.updateTable('accounts').set(columns).where('id', '=', row.id).execute()
  return toAccount({ ...row, ...columns })
}

async function audited(unit: Unit, row: Row<'verifications'>, account: Account, action: string): Promise<Verified> {
  const data: JsonObject = { kind: row.kind, status: row.status, identityVerified: account.identityVerified }
  await recordAudit(unit, { accountId: account.id, action: `verification.${action}`, subject: account.handle, data })
  return { verification: toVerification(row), account }
}

type Filed = Parameters<Verifications['file']>[1]

async function file(unit: Unit, accountId: number, { kind, status, isTest, data, needs }: Filed): Promise<Verified> {
  const account = await lockAccount(unit, accountId)
  const changed = { status, is_test: isTest ? 1 : 0, reason: null, data: JSON.stringify(data ?? {}) }
  const row = await unit.db
    .insertInto('verifications')
    .values({ account_id: accountId, kind, ...changed, created_at: unit.now, updated_at: unit.now })
    .onConflict(conflict => conflict.columns(['account_id', 'kind']).doUpdateSet({ ...changed, updated_at: unit.now }))
    .returningAll()
    .executeTakeFirstOrThrow()
  return audited(unit, row, await settleIdentity(unit, account, needsText(needs)), 'filed')
}

type Decision = Parameters<Verifications['decide']>[3]

/** Faults: not_found. */
async function decide(unit: Unit, accountId: number, kind: string, decision: Decision): Promise<Verified> {
  const account = await lockAccount(unit, accountId)
  const { status, reason, onlyTest } = decision
  const query = unit.db
    .updateTable('verifications')
    .set({ status, reason, updated_at: unit.now })
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
  const row = await (onlyTest ? query.where('is_test', '=', 1).where('status', '=', 'pending') : query)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw missing('verification', kind)
  return audited(unit, row, await settleIdentity(unit, account, account.identity_needs), status)
}

export function createVerifications({ store }: Context, run: RunUnit): Verifications {
  return {
    list: accountId =>
      store.read(async db => {
        const rows = await db
          .selectFrom('verifications')
          .selectAll()
          .where('account_id', '=', accountId)
          .orderBy('kind')
          .execute()
        return rows.map(toVerification)
      }),
    file: (caller, input) => run(caller, unit => file(unit, caller.account.id, input)),
    decide: (actor, accountId, kind, decision) => run(actor, unit => decide(unit, accountId, kind, decision)),
  }
}
