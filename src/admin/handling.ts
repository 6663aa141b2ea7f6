import * as v from 'valibot'
import { actorOf } from './actor.ts'
import { viewDelivery } from './deliveries.ts'
import { DELIVERY, NUMBER, TRANSACTION } from './examples.ts'
import { e164Of, why, whyIfAny } from './input.ts'
import { shownNumber } from './numbers.ts'
import { present } from './present.ts'
import { type AdminModule, route } from './route.ts'

const SHOWN = 50

const move = v.strictObject({
  account_id: v.pipe(v.number(), v.integer()),
  force: v.optional(v.boolean(), false),
  reason: whyIfAny,
})

const handOver = v.strictObject({
  account_id: v.pipe(v.number(), v.integer()),
  user_id: v.optional(v.pipe(v.number(), v.integer())),
  charge: v.boolean('must be true or false: whether the new owner pays for it'),
  force: v.optional(v.boolean(), false),
  reason: why,
})

const release = v.strictObject({
  when: v.optional(v.picklist(['now', 'period_end']), 'now'),
  reason: whyIfAny,
})

/** What is done to an owned number in its owner's name, and what its money and its callbacks were. */
export const handling: AdminModule = [
  route(
    'POST /numbers/:e164/move',
    {
      summary: 'Hand a number over within its account tree',
      description:
        'The payer stays the same. What the old owner configured ends. `force`: whatever its last call says.',
      body: move,
      answer: NUMBER,
    },
    async ({ core }, c, given) => {
      const { account_id: accountId, ...rest } = await given.body()
      const terms = { accountId, isCharged: false, isInTree: true, ...rest }
      await core.numbers.handOver(actorOf(c), e164Of(c), terms)
      return c.json(await shownNumber(core, e164Of(c)))
    },
  ),
  route(
    'POST /numbers/:e164/hand-over',
    {
      summary: 'Hand a number over to any account',
      description:
        'Of whichever tree; also from the shelf, or while it rests. `charge`: the new owner pays as any buyer does; else it ' +
        'goes on as it was paid, and pays from its next month on.',
      body: handOver,
      answer: NUMBER,
    },
    async ({ core }, c, given) => {
      const { account_id: accountId, user_id: userId, charge: isCharged, ...rest } = await given.body()
      await core.numbers.handOver(actorOf(c), e164Of(c), { accountId, userId, isCharged, ...rest })
      return c.json(await shownNumber(core, e164Of(c)))
    },
  ),
  route(
    'POST /numbers/:e164/release',
    {
      summary: 'Give a number back for its owner',
      description: 'At once, or when the paid period ends. No fee is charged.',
      body: release,
      answer: NUMBER,
    },
    async ({ core }, c, given) => {
      const { when, reason } = await given.body()
      await core.numbers.giveBack(actorOf(c), e164Of(c), when === 'now' ? 'now' : 'periodEnd', reason)
      return c.json(await shownNumber(core, e164Of(c)))
    },
  ),
  route(
    'GET /numbers/:e164/transactions',
    { summary: 'Money that moved for a number, newest first', answer: { transactions: [TRANSACTION] } },
    async ({ core }, c) => {
      const listed = await core.oversight.transactionsOf(e164Of(c), SHOWN)
      return c.json({ transactions: listed.map(present) })
    },
  ),
  route(
    'GET /numbers/:e164/deliveries',
    { summary: 'Callbacks whose body names a number, newest first', answer: { deliveries: [DELIVERY] } },
    async ({ core }, c) => {
      const listed = await core.oversight.deliveriesAbout(e164Of(c), SHOWN)
      return c.json({ deliveries: listed.map(viewDelivery) })
    },
  ),
]
