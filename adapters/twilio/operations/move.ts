import { Fault, isFault } from '../../../core/ground/fault.ts'
import type { Caller } from '../../../core/ground/model.ts'
import type { Call } from '../../kit/dialect.ts'
import { refuse } from '../faults.ts'
import { statusOf } from '../views.ts'
import type { Surface } from '../ways/surface.ts'

/**
 * Who gets a number that moves: the owner or one of its sub-accounts, open for business; only the owner may say so.
 * Faults: invalid_input in the provider's own codes.
 */
export async function moveTarget(call: Call<'required'>, surface: Surface, from: Caller, sid: string): Promise<Caller> {
  const { core, caller } = call
  const target = await surface.findAccount(core, sid)
  if (target?.id === from.account.id) return from
  if (caller.account.parentId !== null) {
    refuse(21474, 'AccountSid', 'Only the credentials of the owner account may move a number')
  }
  if (!target) return refuse(21470, 'AccountSid', `${sid.slice(0, 40)} is not an account`)
  const action = `${surface.name} move to ${surface.accountSid(target)}`
  try {
    const to = target.id === caller.account.id ? caller : await core.accounts.reach(caller, target.id, action)
    if (to.account.payerId !== from.account.payerId) throw new Fault('forbidden', { reason: 'account' })
    if (statusOf(target) !== 'active') refuse(21475, 'AccountSid', 'The target account is not active')
    return to
  } catch (error) {
    if (isFault(error, 'forbidden') && error.details.reason === 'inactive') {
      refuse(21475, 'AccountSid', 'The target account is not active')
    }
    if (isFault(error, 'forbidden')) refuse(21473, 'AccountSid', 'The target account is not related to this one')
    throw error
  }
}
