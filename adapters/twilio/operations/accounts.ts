import type { Account, Caller } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Call, type Operation, operation, type Reply } from '../../kit/dialect.ts'
import { acting, notesOf } from '../auth.ts'
import { refuse } from '../faults.ts'
import { nameOf, textOf } from '../fields.ts'
import * as shape from '../schemas.ts'
import { accountView, type StatusWord, statusOf } from '../views.ts'
import type { Surface } from '../ways/surface.ts'
import { common, extensionOf, FORM, notFound, on, one, shortList } from './common.ts'

type Acting = Call<'required'>

/** Sub-accounts that one list goes through; a tree is no larger than what its owner may have. */
const MOST = { limit: 1_000, offset: 0 }

async function ownerOf(core: Core, account: Account): Promise<Account> {
  return account.parentId === null ? account : ((await core.accounts.get(account.parentId)) ?? account)
}

/** The token in clear: the one that was just sent, or the one that was drawn for a sub-account. */
async function tokenOf({ core, caller, inbound }: Acting, surface: Surface, account: Account): Promise<string> {
  const { token } = notesOf(inbound)
  if (token !== undefined && account.id === caller.account.id) return token
  return (await core.callbackSecrets.find(account.id, surface.realm)) ?? ''
}

async function view(call: Acting, surface: Surface, account: Account): Promise<object> {
  const [owner, token] = await Promise.all([ownerOf(call.core, account), tokenOf(call, surface, account)])
  return accountView(surface, account, owner, token, extensionOf(call.inbound))
}

function nameIn(fields: Readonly<Record<string, unknown>>): string | undefined {
  return nameOf(textOf(fields, 'FriendlyName') ?? '', 'FriendlyName') || undefined
}

const HALF_DAY = 12

/** `SubAccount Created at 2026-06-01 09:00 am`. */
function defaultName(now: number): string {
  const [day = '', time = ''] = new Date(now).toISOString().split('T')
  const hour = Number(time.slice(0, 2))
  const shown = String(hour % HALF_DAY === 0 ? HALF_DAY : hour % HALF_DAY).padStart(2, '0')
  return `SubAccount Created at ${day} ${shown}${time.slice(2, 5)} ${hour < HALF_DAY ? 'am' : 'pm'}`
}

/** The account, then its token: sealed so that it can be shown again, hashed so that it opens. */
async function create(call: Acting, surface: Surface): Promise<Reply> {
  const { core, caller, inbound } = call
  const { account } = caller
  if (account.parentId !== null) refuse(21101, 'AccountSid', 'Subaccounts cannot contain subaccounts')
  const name = nameIn(inbound.fields) ?? defaultName(core.clock.now())
  const opened = await core.accounts.open(caller, { name, parentId: account.id, currency: account.currency }, [])
  const secret = await core.callbackSecrets.get(opened.account.id, surface.realm)
  const publicId = surface.accountSid(opened.account)
  const { id: accountId } = opened.account
  await core.credentials.create(caller, { accountId, realm: surface.realm, kind: 'key_pair', publicId, secret })
  return one('account', await view(call, surface, opened.account), 201)
}

/** Everything it holds is given back first: an account that is closed is closed for good. */
async function close(core: Core, surface: Surface, caller: Caller): Promise<void> {
  for (;;) {
    const page = { limit: 500, offset: 0 }
    const { items } = await core.numbers.owned({ accountIds: [caller.account.id] }, page)
    if (items.length === 0) return
    const leases = items.map(({ lease }) => lease.id)
    await core.numbers.release(caller, leases, { kind: 'now' }, surface.name)
  }
}

const WORDS: readonly string[] = ['active', 'suspended', 'closed'] satisfies StatusWord[]

async function setStatus(call: Acting, surface: Surface, caller: Caller, word: string): Promise<void> {
  const { account } = caller
  const was = statusOf(account)
  if (!WORDS.includes(word)) refuse(20422, 'Status', 'Status must be active, suspended or closed')
  if (account.id === call.caller.account.id && word !== 'active') {
    refuse(20422, 'Status', 'An account cannot suspend or close itself')
  }
  if (was === 'closed' && word !== 'closed') refuse(20422, 'Status', 'A closed account stays closed')
  if (word === was) return
  if (word === 'closed') await close(call.core, surface, caller)
  const change = { isActive: word === 'active', ...(word === 'closed' && { profile: { closed: true } }) }
  await call.core.accounts.update(call.caller, account.id, change)
}

async function update(call: Acting, surface: Surface, sid: string): Promise<Reply> {
  const { core, inbound } = call
  const caller = await acting(call, surface, sid)
  const name = nameIn(inbound.fields)
  const status = textOf(inbound.fields, 'Status')
  if (status) await setStatus(call, surface, caller, status)
  if (name !== undefined) await core.accounts.update(call.caller, caller.account.id, { name })
  const changed = await core.accounts.get(caller.account.id)
  return one('account', await view(call, surface, changed ?? caller.account))
}

/** The owner itself is in its list, first. */
async function listed({ core, caller }: Acting): Promise<Account[]> {
  const { account } = caller
  if (account.parentId !== null) return [account]
  return [account, ...(await core.accounts.list({ parentId: account.id }, MOST)).items]
}

function collection(surface: Surface): readonly Operation[] {
  return [
    operation({
      ...common,
      on: on(surface, 'GET', '/Accounts'),
      scope: 'account:read',
      answers: { 200: shape.list('accounts', shape.account), ...shape.errors },
      async handle(call) {
        const [name, status] = ['FriendlyName', 'Status'].map(each => textOf(call.inbound.fields, each))
        const all = (await listed(call)).filter(
          account => (!name || account.name === name) && (!status || statusOf(account) === status),
        )
        const views = await Promise.all(all.map(account => view(call, surface, account)))
        return { body: shortList(surface, call.inbound, 'accounts', 'account', views, each => each) }
      },
    }),
    operation({
      ...common,
      on: on(surface, 'POST', '/Accounts'),
      body: FORM,
      scope: 'account:write',
      answers: { 201: shape.account, ...shape.errors },
      handle: call => create(call, surface),
    }),
  ]
}

export function accountOperations(surface: Surface): readonly Operation[] {
  return [
    ...collection(surface),
    operation({
      ...common,
      on: on(surface, 'GET', '/Accounts/:account'),
      scope: 'account:read',
      answers: { 200: shape.account, ...shape.errors },
      async handle(call, { account }) {
        const caller = await acting(call, surface, account)
        return one('account', await view(call, surface, caller.account))
      },
    }),
    operation({
      ...common,
      on: on(surface, 'POST', '/Accounts/:account'),
      body: FORM,
      scope: 'account:write',
      answers: { 200: shape.account, ...shape.errors },
      handle: (call, { account }) => update(call, surface, account),
    }),
    operation({
      ...common,
      on: on(surface, 'GET', '/Accounts/:account/Balance'),
      scope: 'billing:read',
      answers: { 200: shape.balance, ...shape.errors },
      async handle(call, { account }) {
        const caller = await acting(call, surface, account)
        // only owners have one
        if (caller.account.parentId !== null) throw notFound('account', account)
        const { currency, id } = caller.account
        const found = await call.core.ledger.balance(id, currency)
        const value = {
          account_sid: surface.accountSid(caller.account),
          balance: surface.money(found?.balance ?? 0),
          currency,
        }
        return one('balance', value)
      },
    }),
  ]
}
