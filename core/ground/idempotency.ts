import { createHash } from 'node:crypto'
import { tell } from '../store/statements.ts'
import type { Reader } from '../store/store.ts'
import type { Idempotency } from '../verbs.ts'
import { Fault, type FaultCode, type FaultDetails } from './fault.ts'
import type { Caller, IdempotencyKey } from './model.ts'
import type { SecretBox } from './secrets.ts'
import { type Context, type Failed, failed, failureOf, type Unit } from './unit.ts'

/** What a unit gave, as it is kept: sealed, because answers may hold secrets that are shown only once. */
interface Kept {
  value?: unknown
  fault?: { code: FaultCode; details: unknown }
}

/** What was asked may hold secrets too: only its digest is kept. */
const digest = (text: string) => createHash('sha256').update(text).digest('base64')

function replay<T>(secrets: SecretBox, key: IdempotencyKey, row: { fingerprint: string; result: string }): T | Failed {
  if (row.fingerprint !== digest(key.fingerprint)) {
    const issue = { field: key.field, problem: 'conflict' as const, message: 'this key was used for another request' }
    throw new Fault('invalid_input', { issues: [issue] })
  }
  const { value, fault } = JSON.parse(secrets.open(row.result)) as Kept
  return fault ? failed(new Fault(fault.code, fault.details as FaultDetails[FaultCode])) : (value as T)
}

const find = (db: Reader, accountId: number, key: IdempotencyKey) =>
  db
    .selectFrom('idempotency_records')
    .select(['fingerprint', 'result'])
    .where('account_id', '=', accountId)
    .where('key', '=', key.key)
    .executeTakeFirst()

/**
 * Run `fn` once per key: the record is written by the unit that has the effect, so that one never exists without the
 * other. Whoever comes with the same key at the same time waits here for the first, and gets its result.
 */
export async function runOnce<T>(
  unit: Unit,
  secrets: SecretBox,
  { actor, idempotency: key }: Caller,
  fn: (unit: Unit) => Promise<T | Failed>,
): Promise<T | Failed> {
  if (!key) return fn(unit)
  const { accountId } = actor
  const own = { account_id: accountId, key: key.key, fingerprint: digest(key.fingerprint) }
  const { numInsertedOrUpdatedRows } = await unit.db
    .insertInto('idempotency_records')
    .values({ ...own, result: '', created_at: unit.now })
    .onConflict(c => c.doNothing())
    .executeTakeFirst()
  if (!numInsertedOrUpdatedRows) {
    const row = await find(unit.db, accountId, key)
    if (!row) throw new Fault('conflict', { what: 'resource', id: key.key })
    unit.isRepeat = true
    return replay<T>(secrets, key, row)
  }
  const result = await fn(unit)
  const fault = failureOf(result)
  const kept: Kept = fault ? { fault: { code: fault.code, details: fault.details } } : { value: result ?? null }
  const record = unit.db.updateTable('idempotency_records').set({ result: secrets.seal(JSON.stringify(kept)) })
  await tell(unit.db, record.where('account_id', '=', accountId).where('key', '=', key.key))
  return result
}

export function createIdempotency({ store, secrets }: Context): Idempotency {
  return {
    async earlier<T>({ actor, idempotency: key }: Caller) {
      const row = key && (await store.read(db => find(db, actor.accountId, key)))
      if (!row || !key) return undefined
      await store.settled()
      const result = replay<T>(secrets, key, row)
      const fault = failureOf(result)
      if (fault) throw fault
      return { value: result as T }
    },
  }
}
