import * as v from 'valibot'
import { parseMoney } from '../../core/ground/money.ts'
import type { TransactionFilter } from '../../core/verbs.ts'
import { accountOf } from './accounts.ts'
import { actorOf } from './actor.ts'
import { listOf, TRANSACTION } from './examples.ts'
import { currency, idOf, moment, positiveMoney, text, why } from './input.ts'
import { present, presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

export const KINDS = ['purchase', 'renewal', 'release_fee', 'refund', 'topup', 'adjustment'] as const

const filter = v.object({
  currency: v.optional(currency),
  kind: v.optional(v.picklist(KINDS, `must be one of ${KINDS.join(', ')}`)),
  direction: v.optional(v.picklist(['debit', 'credit'], 'must be debit or credit')),
  from: v.optional(moment),
  until: v.optional(moment),
  note: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200))),
})

const signedMoney = v.pipe(
  v.string('must be decimal text such as "-2.50"'),
  v.regex(/^-?\d{1,9}(\.\d{1,6})?$/, 'must be decimal text such as "-2.50"'),
  v.transform(value => parseMoney(value)),
  v.notValue(0, 'must not be zero'),
)

const refund = v.strictObject({
  transaction_id: v.pipe(v.number(), v.integer(), v.minValue(1)),
  amount: v.optional(positiveMoney),
  note: v.optional(text(200)),
  reason: why,
})

const correction = v.strictObject({ currency: v.optional(currency), amount: signedMoney, note: text(200) })

/** The money of an account. */
export const ledger: AdminModule = [
  route(
    'GET /accounts/:id/transactions',
    {
      summary: 'What an account was charged and paid, newest first',
      description: '`from` is inclusive, `until` is not.',
      query: filter,
      paged: true,
      answer: listOf('transactions', TRANSACTION),
    },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const page = given.page()
      const { kind, ...rest } = given.query()
      const wanted = { ...rest, ...(kind && { kinds: [kind] }), accountId: id } as TransactionFilter
      return c.json(presentPage('transactions', await core.ledger.transactions(wanted, page), page))
    },
  ),
  route(
    'POST /accounts/:id/corrections',
    {
      summary: 'Set an account right by a signed amount',
      description:
        'A debit never goes below what the account may owe. `note` says why, to the customer too. `currency`: that of the ' +
        'account, unless another is named.',
      body: correction,
      status: 201,
      answer: { ...TRANSACTION, kind: 'adjustment' },
    },
    async ({ core }, c, given) => {
      const { id, currency: own } = await accountOf(core, idOf(c, 'account'))
      const { currency: code = own, amount, note } = await given.body()
      return c.json(present(await core.ledger.correct(actorOf(c), id, code, amount, note)), 201)
    },
  ),
  route(
    'POST /accounts/:id/refunds',
    {
      summary: 'Give a charge back, whole or in part, once',
      description: 'Of a purchase, a renewal or a release fee. `note` is for the customer, `reason` for the event.',
      body: refund,
      status: 201,
      answer: { ...TRANSACTION, kind: 'refund' },
    },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const { transaction_id: transaction, ...rest } = await given.body()
      return c.json(present(await core.ledger.refund(actorOf(c), { accountId: id, transaction, ...rest })), 201)
    },
  ),
]
