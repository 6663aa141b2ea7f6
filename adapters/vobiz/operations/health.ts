import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, Owned } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { lenientInt, NumberPath } from '../fields/common.ts'
import { at } from '../ids.ts'
import { Health } from '../schemas/numbers.ts'
import { Flat, refusals } from '../schemas/shapes.ts'
import { health } from '../views/health.ts'
import { actingOn } from '../ways/scope.ts'

const DAY_MS = 86_400_000
const DAYS = 30
const MAX_DAYS = 365

/** Own numbers and those of sub-accounts: the ones that the list shows. Faults: not_found. */
async function visibleNumber(core: Core, { account }: Caller, e164: string): Promise<Owned> {
  const owned = await core.numbers.leaseOf(e164)
  const holder = owned && (await core.accounts.get(owned.lease.accountId))
  if (owned && (holder?.id === account.id || holder?.parentId === account.id)) return owned
  throw new Fault('not_found', { what: 'number', id: e164 })
}

export const healthOperations: readonly Operation[] = [
  operation({
    on: at('GET', '/account/:account/numbers/:e164/health'),
    scope: 'numbers:read',
    caller: 'required',
    evidence: 'E1',
    input: v.object({
      ...NumberPath.entries,
      granularity: v.fallback(v.picklist(['daily', 'hourly']), 'daily'),
      days: lenientInt(DAYS, { max: MAX_DAYS }),
    }),
    answers: { 200: Health, 404: Flat, ...refusals },
    handle: async (call, { account, e164, granularity, days }) => {
      const caller = await actingOn(call, account)
      const { number, lease } = await visibleNumber(call.core, caller, e164)
      const now = call.core.clock.now()
      // an earlier owner's calls are nobody's business
      const from = Math.max(now - days * DAY_MS, lease.startedAt)
      const calls = await call.core.calls.list(number.id, from, now + 1)
      return { body: health(number, calls, granularity, days) }
    },
  }),
]
