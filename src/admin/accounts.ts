import * as v from 'valibot'
import type { Account } from '../../core/ground/model.ts'
import { FEATURES } from '../../core/people/index.ts'
import type { AccountChange, Core } from '../../core/verbs.ts'
import { actorOf } from './actor.ts'
import { ACCOUNT, ACCOUNT_WITH_MONEY, listOf, TRANSACTION } from './examples.ts'
import { missing } from './faults.ts'
import { country, currency, idOf, jsonObject, money, positiveMoney, text } from './input.ts'
import { present, presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

const newAccount = v.strictObject({
  name: text(200),
  currency: v.optional(currency),
  parent_id: v.optional(v.pipe(v.number(), v.integer())),
  role: v.optional(v.picklist(['owner', 'operator'])),
  handle: v.optional(v.pipe(text(64), v.regex(/^[\w-]+$/, 'must be letters, digits, "_" and "-"'))),
  guid: v.optional(v.pipe(v.string(), v.uuid())),
  identity_verified: v.optional(v.boolean()),
  allow_unauthenticated: v.optional(v.boolean()),
  profile: v.optional(jsonObject),
})

const priceOf = (code: v.GenericSchema<string, string>) => v.strictObject({ currency: code, amount: money })
const anyCurrency = v.union([currency, v.literal('*')], 'must be a currency code, or "*" for every other one')

const daysOf = v.strictObject({
  country: v.union([country, v.literal('*')], 'must be a country code, or "*" for every other one'),
  days: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3650)),
})

const switches = v.strictObject({
  name: v.optional(text(200)),
  is_active: v.optional(v.boolean()),
  identity_verified: v.optional(v.boolean()),
  allow_unauthenticated: v.optional(v.boolean()),
  features_off: v.optional(v.array(v.picklist(FEATURES, `must be one of ${FEATURES.join(', ')}`))),
  default_organization_id: v.optional(v.pipe(v.number(), v.integer())),
  default_user_id: v.optional(v.pipe(v.number(), v.integer())),
  profile: v.optional(jsonObject),
  credit_limit: v.optional(priceOf(currency)),
  release_fee: v.optional(priceOf(anyCurrency)),
  quarantine_days: v.optional(daysOf),
  reclaim_days: v.optional(daysOf),
})

const topUp = v.strictObject({
  currency,
  amount: positiveMoney,
  note: v.optional(v.pipe(v.string(), v.maxLength(200))),
})

export const accounts: AdminModule = [
  route(
    'GET /accounts',
    { summary: 'All accounts', paged: true, answer: listOf('accounts', ACCOUNT) },
    async ({ core }, c, given) => {
      const page = given.page()
      return c.json(presentPage('accounts', await core.accounts.list({}, page), page))
    },
  ),
  route(
    'POST /accounts',
    { summary: 'Open an account', body: newAccount, status: 201, answer: ACCOUNT_WITH_MONEY },
    async ({ core }, c, given) => {
      const body = await given.body()
      const account = await core.accounts.create(actorOf(c), { ...camel(body), name: body.name })
      return c.json(await viewAccount(core, account), 201)
    },
  ),
  route('GET /accounts/:id', { summary: 'One account', answer: ACCOUNT_WITH_MONEY }, async ({ core }, c) =>
    c.json(await viewAccount(core, await accountOf(core, idOf(c, 'account')))),
  ),
  ...(['PATCH', 'POST'] as const).map(method =>
    route(
      `${method} /accounts/:id`,
      {
        summary: 'Switch what an account may do',
        description: 'Prices and days are set one currency or country at a time; `*` stands for every other one.',
        body: switches,
        answer: ACCOUNT_WITH_MONEY,
      },
      async ({ core }, c, given) => {
        const account = await accountOf(core, idOf(c, 'account'))
        const change = camel(await given.body()) as AccountChange
        await checkDefaults(core, account, change)
        return c.json(await viewAccount(core, await core.accounts.update(actorOf(c), account.id, change)))
      },
    ),
  ),
  route(
    'GET /accounts/:id/topups',
    { summary: 'What was paid in', paged: true, answer: listOf('topups', TRANSACTION) },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const page = given.page()
      const listed = await core.ledger.transactions({ accountId: id, kinds: ['topup'] }, page)
      return c.json(presentPage('topups', listed, page))
    },
  ),
  route(
    'POST /accounts/:id/topups',
    { summary: 'Pay money in', body: topUp, status: 201, answer: TRANSACTION },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const body = await given.body()
      return c.json(present(await core.ledger.topUp(actorOf(c), id, body.currency, body.amount, body.note)), 201)
    },
  ),
]

/** Faults: not_found. */
export async function accountOf(core: Core, id: number): Promise<Account> {
  const account = await core.accounts.get(id)
  if (!account) throw missing('account', id)
  return account
}

/** Names of a body as the core spells them; its values are those of the core already. */
function camel(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), value]),
  )
}

async function checkDefaults(core: Core, account: Account, change: AccountChange): Promise<void> {
  const { defaultOrganizationId: organizationId, defaultUserId: userId } = change
  if (organizationId !== undefined) {
    const organization = await core.directory.organization(organizationId)
    if (organization?.accountId !== account.id) throw missing('organization', organizationId)
  }
  if (userId !== undefined && (await core.directory.user(userId))?.accountId !== account.id)
    throw missing('user', userId)
}

async function viewAccount(core: Core, account: Account): Promise<Record<string, unknown>> {
  const balances = await core.ledger.balances(account.payerId)
  const views = balances.map(async ({ currency: code, balance, creditLimit }) =>
    present({ currency: code, balance, creditLimit, releaseFee: await core.accounts.releaseFee(account.id, code) }),
  )
  return { ...present(account), balances: await Promise.all(views) }
}
