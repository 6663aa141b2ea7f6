import { isFault } from '../ground/fault.ts'
import type { Caller, LineFailure, Owned } from '../ground/model.ts'
import type { Unit } from '../ground/unit.ts'
import { checkResource } from '../leases/index.ts'
import { configureOne, moveOne, releaseOne } from '../numbers/index.ts'
import type { MoveRequest, ReturnRequest } from '../verbs.ts'
import { setStatus } from './fill.ts'
import { insertParts, tell } from './parts.ts'

/** E.164 → open lease of this account, in order of the leases. */
async function leasesOf(unit: Unit, accountId: number, e164s: readonly string[]): Promise<Map<string, number>> {
  const rows = await unit.db
    .selectFrom('numbers')
    .select(['e164', 'lease_id'])
    .where('e164', 'in', ['', ...e164s])
    .where('owner_id', '=', accountId)
    .orderBy('id')
    .execute()
  return new Map(rows.flatMap(row => (row.lease_id === null ? [] : [[row.e164, row.lease_id]])))
}

/** Undefined: done. */
type Act = (leaseId: number) => Promise<unknown>

async function attempt(act: Act, leaseId: number): Promise<LineFailure | undefined> {
  try {
    await act(leaseId)
    return undefined
  } catch (error) {
    if (isFault(error, 'not_found')) return 'not_owned'
    if (isFault(error, 'wrong_state') || isFault(error, 'cool_off')) return 'not_allowed'
    throw error
  }
}

/** Each number for itself, in one unit: what cannot be done is told beside what was. */
async function each(
  unit: Unit,
  caller: Caller,
  kind: 'return' | 'move',
  request: ReturnRequest & { from?: Caller },
  act: Act,
): Promise<number> {
  const { dialect, e164s, data } = request
  const order = await insertParts(unit, caller, kind, { dialect, data, filter: {}, quantity: e164s.length })
  const leases = await leasesOf(unit, (request.from ?? caller).account.id, e164s)
  const reasons = new Map<string, LineFailure>()
  for (const e164 of e164s) if (!leases.has(e164)) reasons.set(e164, 'not_owned')
  // numbers are locked in the order of their ids
  for (const [e164, leaseId] of leases) {
    const reason = await attempt(act, leaseId)
    if (reason) reasons.set(e164, reason)
  }
  const done = e164s.filter(e164 => !reasons.has(e164))
  const failed = [...reasons].map(([e164, reason]) => ({ e164, reason }))
  const told = await tell(unit, order, { done, failed })
  const status = failed.length === 0 ? 'completed' : done.length === 0 ? 'failed' : 'partial'
  await setStatus(unit, told, status, status === 'completed' ? 'Done' : "Not every number is the account's own")
  return order.id
}

export function giveBackParts(unit: Unit, caller: Caller, request: ReturnRequest): Promise<number> {
  const act: Act = leaseId => releaseOne(unit, caller, leaseId, { kind: 'now' }, request.dialect)
  return each(unit, caller, 'return', request, act)
}

export async function moveParts(unit: Unit, caller: Caller, request: MoveRequest): Promise<number> {
  const { dialect, settings, from, livesAt } = request
  if (livesAt !== undefined) await checkResource(unit, caller.account.id, livesAt)
  const change = (owned: Owned) => ({ settings: { dialect, value: { ...owned.settings, ...settings } } })
  const act: Act = async leaseId => {
    if (from) await moveOne(unit, from, leaseId, caller.account.id, {})
    await configureOne(unit, caller, leaseId, dialect, change)
  }
  return each(unit, caller, 'move', request, act)
}
