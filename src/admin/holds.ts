import * as v from 'valibot'
import type { Actor, Caller, Hold } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import { accountOf } from './accounts.ts'
import { actorOf } from './actor.ts'
import { HOLD, listOf } from './examples.ts'
import { e164, idOf, instant } from './input.ts'
import { present, presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

const MOST_NUMBERS = 1_000

const newHold = v.strictObject({
  e164s: v.pipe(v.array(e164), v.minLength(1, 'is empty'), v.maxLength(MOST_NUMBERS)),
  until: instant,
})

const later = v.strictObject({ until: instant })

/** Numbers kept off everybody's shelf for an account, as an operator takes, moves and ends them. */
export const holds: AdminModule = [
  route(
    'GET /accounts/:id/holds',
    { summary: 'Numbers kept for an account', paged: true, answer: listOf('holds', HOLD) },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const page = given.page()
      return c.json(presentPage('holds', await core.holds.of(id, page), page, viewHold))
    },
  ),
  route(
    'POST /accounts/:id/holds',
    {
      summary: 'Keep numbers for an account',
      description: 'All of them or none. Until then the account alone may buy them.',
      body: newHold,
      status: 201,
      answer: { holds: [HOLD] },
    },
    async ({ core }, c, given) => {
      const caller = await callerOf(core, idOf(c, 'account'))
      const { e164s, until } = await given.body()
      const taken = await core.holds.take(caller, { e164s }, { until, documents: 'allow' })
      await told(core, actorOf(c), caller, 'holds.taken', taken)
      return c.json({ holds: taken.map(viewHold) }, 201)
    },
  ),
  route(
    'POST /accounts/:id/holds/:hold/extend',
    { summary: 'Keep a number longer', body: later, answer: HOLD },
    async ({ core }, c, given) => {
      const caller = await callerOf(core, idOf(c, 'account'))
      const { until } = await given.body()
      const [hold] = await core.holds.extend(caller, [idOf(c, 'hold', 'hold')], until)
      await told(core, actorOf(c), caller, 'holds.extended', [hold as Hold])
      return c.json(viewHold(hold as Hold))
    },
  ),
  route(
    'DELETE /accounts/:id/holds/:hold',
    { summary: 'Give a number back to the shelf', status: 204 },
    async ({ core }, c) => {
      const caller = await callerOf(core, idOf(c, 'account'))
      await core.holds.giveUp(caller, [idOf(c, 'hold', 'hold')])
      await told(core, actorOf(c), caller, 'holds.given_up', [])
      return c.body(null, 204)
    },
  ),
]

async function told(core: Core, actor: Actor, caller: Caller, action: string, held: readonly Hold[]): Promise<void> {
  const numbers = held.map(hold => hold.number.e164)
  const { id: accountId, handle: subject } = caller.account
  await core.audit.record(actor, { accountId, action, subject, data: { numbers } })
}

async function callerOf(core: Core, id: number): Promise<Caller> {
  return core.accounts.callerFor(await accountOf(core, id))
}

function viewHold({ number, ...hold }: Hold): Record<string, unknown> {
  return { ...present(hold), e164: number.e164 }
}
