import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Account, Caller, JsonObject } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Call, type Operation, operation } from '../../kit/dialect.ts'
import { pageOf } from '../../kit/paging.ts'
import { objectOnly } from '../../kit/schema.ts'
import { flat } from '../faults.ts'
import { Count, lenientFlag, lenientInt, Name, Path, Text } from '../fields/common.ts'
import { identityNeeds } from '../fields/verifications.ts'
import { ACCESS_REALM, ACCESS_SECONDS, at, REALM, REFRESH_REALM } from '../ids.ts'
import { Flat, Message, refusals } from '../schemas/shapes.ts'
import { SubAccount, SubAccountCreated, SubAccountList } from '../schemas/sub-accounts.ts'
import { subAccount } from '../views/accounts.ts'
import { once } from '../ways/once.ts'
import { isStrict, managing, subAccountOf } from '../ways/scope.ts'

const BUSINESS_TYPES = [
  ...['individual', 'proprietorship', 'private_limited', 'llp', 'partnership', 'public_limited'],
  ...['trust', 'society', 'huf', 'government'],
]

const isEmail = (text: string) => v.is(v.pipe(v.string(), v.email()), text)
const Email = v.pipe(
  v.string(),
  v.maxLength(254),
  v.check(text => text === '' || isEmail(text), 'email must be an e-mail address'),
)

/** null and empty text clear. */
const PROFILE = {
  email: v.nullish(Email),
  phone: v.nullish(Text),
  description: v.nullish(Text),
  permissions: v.nullish(objectOnly({ calls: v.optional(v.boolean()), cdr: v.optional(v.boolean()) })),
  rate_limit: v.nullish(Count),
  kyc_mode: v.nullish(v.picklist(['personal_use', 'customer_use', ''])),
  business_type: v.nullish(v.picklist([...BUSINESS_TYPES, ''])),
}

const enabled = v.nullish(v.boolean())
const NewSubAccount = v.object({ ...Path.entries, ...PROFILE, name: Name, enabled, password: v.nullish(v.string()) })
const SubPath = v.object({ ...Path.entries, sub: v.string() })
const Change = v.object({ ...SubPath.entries, ...PROFILE, name: v.optional(Name), enabled })

/** The account's free data; what was sent as null or empty is taken away. */
function profileOf(input: { [name in keyof typeof PROFILE]?: unknown }): JsonObject {
  const names = Object.keys(PROFILE) as (keyof typeof PROFILE)[]
  const sent = names.flatMap(name =>
    input[name] === undefined ? [] : [[name, input[name] === '' ? null : input[name]]],
  )
  return JSON.parse(JSON.stringify(Object.fromEntries(sent))) as JsonObject
}

/** Faults: invalid_input. */
function checkEmail(profile: JsonObject): void {
  if (profile.kyc_mode !== 'customer_use' || typeof profile.email === 'string') return
  const message = 'email is required for kyc_mode customer_use'
  throw new Fault('invalid_input', { issues: [{ field: 'email', problem: 'conflict', message }] })
}

/** What it needs follows from what it is; one that need not verify itself is as verified as its parent. */
function identityChange(found: Account, profile: JsonObject, parent: Account) {
  const [before, after] = [identityNeeds(found.profile), identityNeeds({ ...found.profile, ...profile })]
  if (JSON.stringify(before) === JSON.stringify(after)) return {}
  return { identityNeeds: after, ...(after.length === 0 && { identityVerified: parent.identityVerified }) }
}

const shown = ({ inbound }: Call, parent: Account, token?: string) => ({
  parent,
  isStrict: isStrict(inbound),
  ...(token !== undefined && { token }),
})

function create(core: Core, caller: Caller, { name, enabled, ...rest }: v.InferOutput<typeof NewSubAccount>) {
  const profile = profileOf(rest)
  checkEmail(profile)
  const needs = identityNeeds(profile)
  const input = { name, parentId: caller.account.id, profile, isActive: enabled ?? true, identityNeeds: needs }
  return core.accounts.open(caller, input, [
    { realm: REALM, kind: 'key_pair' },
    { realm: ACCESS_REALM, kind: 'key', isIssued: true },
    { realm: REFRESH_REALM, kind: 'key', isIssued: true },
  ])
}

function createdBody(call: Call, parent: Account, { account, secrets }: { account: Account; secrets: string[] }) {
  const [auth_token = '', access_token = '', refresh_token = ''] = secrets
  return {
    message: 'Sub-account created successfully',
    sub_account: subAccount(account, shown(call, parent, auth_token)),
    auth_credentials: { auth_id: account.handle, auth_token },
    tokens: { access_token, refresh_token, token_type: 'bearer', expires_in: ACCESS_SECONDS },
  }
}

const COLLECTION = '/accounts/:account/sub-accounts'
const ITEM = `${COLLECTION}/:sub`

const collectionOperations: readonly Operation[] = [
  operation({
    on: at('GET', COLLECTION),
    scope: 'account:read',
    caller: 'required',
    evidence: 'E1',
    input: v.object({
      ...Path.entries,
      page: lenientInt(1),
      size: lenientInt(25, { max: 100 }),
      active_only: lenientFlag(false),
    }),
    answers: { 200: SubAccountList, 404: Flat, ...refusals },
    handle: async (call, { account, page, size, active_only }) => {
      const { account: parent } = await managing(call, account)
      const filter = { parentId: parent.id, ...(active_only && { isActive: true }) }
      const { items, total } = await call.core.accounts.list(filter, pageOf(page, size), { descending: true })
      return { body: { sub_accounts: items.map(each => subAccount(each, shown(call, parent))), total, page, size } }
    },
  }),
  operation({
    on: at('POST', COLLECTION),
    scope: 'account:write',
    caller: 'required',
    evidence: 'E1',
    input: NewSubAccount,
    answers: { 201: SubAccountCreated, 400: Flat, 404: Flat, ...refusals },
    handle: async (call, input) => {
      const caller = await managing(call, input.account)
      return once(
        call,
        (key, core) => create(core, { ...caller, ...key }, input),
        opened => ({ status: 201, body: createdBody(call, caller.account, opened) }),
      )
    },
  }),
]

const itemOperations: readonly Operation[] = [
  operation({
    on: at('GET', ITEM),
    scope: 'account:read',
    caller: 'required',
    evidence: 'E1',
    input: SubPath,
    answers: { 200: SubAccount, 404: Flat, ...refusals },
    handle: async (call, { account, sub }) => {
      const caller = await managing(call, account)
      const found = await subAccountOf(call.core, caller, sub)
      return { body: subAccount(found, shown(call, caller.account)) }
    },
  }),
  operation({
    on: at('PUT', ITEM),
    scope: 'account:write',
    caller: 'required',
    evidence: 'E1',
    input: Change,
    answers: { 200: SubAccount, 400: Flat, 404: Flat, ...refusals },
    handle: async (call, { account, sub, name, enabled, ...rest }) => {
      const caller = await managing(call, account)
      return once(
        call,
        async (key, core) => {
          const found = await subAccountOf(core, caller, sub)
          const profile = profileOf(rest)
          checkEmail({ ...found.profile, ...profile })
          const change = {
            ...{ name, profile, ...(typeof enabled === 'boolean' && { isActive: enabled }) },
            ...identityChange(found, profile, caller.account),
          }
          return core.accounts.update({ ...caller, ...key }, found.id, change)
        },
        changed => ({ body: subAccount(changed, shown(call, caller.account)) }),
      )
    },
  }),
  operation({
    on: at('DELETE', ITEM),
    scope: 'account:write',
    caller: 'required',
    evidence: 'E1',
    input: SubPath,
    answers: { 200: Message, 404: Flat, 409: Flat, ...refusals },
    faults: { wrong_state: () => flat(409, 'conflict', 'the sub-account still holds numbers') },
    handle: async (call, { account, sub }) => {
      const caller = await managing(call, account)
      return once(
        call,
        async (key, core) => {
          const found = await subAccountOf(core, caller, sub)
          return core.accounts.remove({ ...caller, ...key }, found.id)
        },
        () => ({ body: { message: 'Sub-account deleted successfully' } }),
      )
    },
  }),
]

export const subAccountOperations: readonly Operation[] = [...collectionOperations, ...itemOperations]
