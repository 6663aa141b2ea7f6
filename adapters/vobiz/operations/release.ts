import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, Owned } from '../../../core/ground/model.ts'
import type { Core, ReleaseMode } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { flat } from '../faults.ts'
import { Flag, NumberPath } from '../fields/common.ts'
import { at, DIALECT } from '../ids.ts'
import { Cancelled, Released } from '../schemas/numbers.ts'
import { Flat, refusals } from '../schemas/shapes.ts'
import { cancelled, released } from '../views/numbers.ts'
import { once } from '../ways/once.ts'
import { actingOn } from '../ways/scope.ts'

const WINDOW_MS = 86_400_000
const AT_ONCE: ReleaseMode = { kind: 'now', chargeFee: true }
const LATER: ReleaseMode = { kind: 'window', ms: WINDOW_MS, chargeFee: true }

const notOwned = () => flat(403, 'forbidden', 'account does not own this number')
const unknown = () => flat(404, 'number not found')
const notPending = () => flat(400, 'number is not pending release')

/** Faults: not_found (number: there is none; lease: somebody else's), wrong_state (the caller was its last owner). */
async function ownNumber(core: Core, { account }: Caller, e164: string): Promise<Owned> {
  const number = await core.numbers.find(e164)
  if (!number || number.state === 'retired') throw new Fault('not_found', { what: 'number', id: e164 })
  const owned = await core.numbers.leaseOf(e164, DIALECT)
  if (owned?.lease.accountId === account.id) return owned
  // a release that has taken effect may not have been tidied yet
  const last = owned ? null : (number.ownerId ?? number.lastOwnerId)
  if (last === account.id) throw new Fault('wrong_state', { what: 'number', id: e164, state: 'released' })
  throw new Fault('not_found', { what: 'lease', id: e164 })
}

const inputs = v.object({ ...NumberPath.entries, immediate: Flag })

export const releaseOperations: readonly Operation[] = [
  operation({
    on: at('DELETE', '/Account/:account/numbers/:e164'),
    scope: 'numbers:write',
    caller: 'required',
    evidence: 'E1',
    input: inputs,
    answers: { 200: Released, 400: Flat, 402: Flat, 404: Flat, ...refusals },
    faults: {
      not_found: ({ details }) => (details.what === 'number' ? unknown() : notOwned()),
      wrong_state: ({ details: { state } }) => {
        if (state === 'released') return notOwned()
        return flat(400, `number is ${state === 'releasing' ? 'already pending release' : state}`)
      },
    },
    handle: async (call, { account, e164, immediate }) => {
      const caller = await actingOn(call, account)
      return once(
        call,
        async (key, core) => {
          const { lease } = await ownNumber(core, caller, e164)
          const mode = immediate ? AT_ONCE : LATER
          return core.numbers.release({ ...caller, ...key }, [lease.id], mode, DIALECT)
        },
        ([done]) => ({ body: done && released(done, caller.account.handle) }),
      )
    },
  }),
  operation({
    on: at('POST', '/account/:account/numbers/:e164/cancel-release'),
    scope: 'numbers:write',
    caller: 'required',
    evidence: 'E1',
    input: NumberPath,
    answers: { 200: Cancelled, 400: Flat, 404: Flat, ...refusals },
    faults: {
      not_found: ({ details }) => (details.what === 'number' ? unknown() : flat(403, 'access denied')),
      wrong_state: notPending,
    },
    handle: async (call, { account, e164 }) => {
      const caller = await actingOn(call, account)
      return once(
        call,
        async (key, core) => {
          const { lease } = await ownNumber(core, caller, e164)
          return core.numbers.cancelRelease({ ...caller, ...key }, lease.id, DIALECT)
        },
        done => ({ body: cancelled(done) }),
      )
    },
  }),
]
