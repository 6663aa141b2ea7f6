import * as v from 'valibot'
import type { Caller, Hold } from '../../core/model.ts'
import type { Core } from '../../core/verbs.ts'
import { accountOf } from './accounts.ts'
import type { AdminModule } from './context.ts'
import { e164, idOf, instant, pageOf, readBody } from './input.ts'
import { present, presentPage } from './present.ts'

const MOST_NUMBERS = 1_000

const newHold = v.strictObject({
  e164s: v.pipe(v.array(e164), v.minLength(1, 'is empty'), v.maxLength(MOST_NUMBERS)),
  until: instant,
})

const later = v.strictObject({ until: instant })

/** Numbers kept off everybody's shelf for an account, as an operator takes, moves and ends them. */
export const holds: AdminModule = (app, { core }) => {
  const told = async (caller: Caller, action: string, held: readonly Hold[]) => {
    const numbers = held.map(hold => hold.number.e164)
    await core.audit.record(null, {
      accountId: caller.account.id,
      action,
      subject: caller.account.handle,
      data: { numbers },
    })
  }
  app.get('/accounts/:id/holds', async c => {
    const { id } = await accountOf(core, idOf(c, 'account'))
    const page = pageOf(c)
    return c.json(presentPage('holds', await core.holds.of(id, page), page, viewHold))
  })
  app.post('/accounts/:id/holds', async c => {
    const caller = await callerOf(core, idOf(c, 'account'))
    const { e164s, until } = await readBody(c, newHold)
    const taken = await core.holds.take(caller, { e164s }, { until, documents: 'allow' })
    await told(caller, 'holds.taken', taken)
    return c.json({ holds: taken.map(viewHold) }, 201)
  })
  app.post('/accounts/:id/holds/:hold/extend', async c => {
    const caller = await callerOf(core, idOf(c, 'account'))
    const { until } = await readBody(c, later)
    const [hold] = await core.holds.extend(caller, [idOf(c, 'hold', 'hold')], until)
    await told(caller, 'holds.extended', [hold as Hold])
    return c.json(viewHold(hold as Hold))
  })
  app.delete('/accounts/:id/holds/:hold', async c => {
    const caller = await callerOf(core, idOf(c, 'account'))
    await core.holds.giveUp(caller, [idOf(c, 'hold', 'hold')])
    await told(caller, 'holds.given_up', [])
    return c.body(null, 204)
  })
}

async function callerOf(core: Core, id: number): Promise<Caller> {
  return core.accounts.callerFor(await accountOf(core, id))
}

function viewHold({ number, ...hold }: Hold): Record<string, unknown> {
  return { ...present(hold), e164: number.e164 }
}
