import * as v from 'valibot'
import { type Operation, operation } from '../../kit/dialect.ts'
import { Path } from '../fields/common.ts'
import { at } from '../ids.ts'
import { AccountObject, Concurrency } from '../schemas/accounts.ts'
import { refusals } from '../schemas/shapes.ts'
import { accountObject, MAX_CONCURRENT_CALLS } from '../views/accounts.ts'
import { actingOn, payerOf } from '../ways/scope.ts'

export const accountOperations: readonly Operation[] = [
  operation({
    on: at('GET', '/auth/me'),
    scope: 'account:read',
    caller: 'required',
    evidence: 'E1',
    input: v.object({}),
    answers: { 200: AccountObject, ...refusals },
    handle: async ({ core, caller }) => {
      const payer = await payerOf(core, caller)
      return { body: accountObject(caller.account, await core.ledger.balance(payer.id, caller.account.currency)) }
    },
  }),
  operation({
    on: at('GET', '/Account/:account/concurrency'),
    scope: 'account:read',
    caller: 'required',
    evidence: 'E1',
    input: Path,
    answers: { 200: Concurrency, ...refusals },
    handle: async (call, { account }) => {
      const { account: shown } = await actingOn(call, account)
      // no calls run here: call records arrive when they have ended
      const now = { concurrent_calls: 0, max_concurrent: MAX_CONCURRENT_CALLS, utilization_pct: 0 }
      return { body: { account_id: shown.handle, ...now, request_id: call.inbound.requestId } }
    },
  }),
]
