import * as v from 'valibot'
import type { Account } from '../../../core/ground/model.ts'
import { formatMoney } from '../../../core/ground/money.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { PROFILE_INPUT, profileChange } from '../fields/profiles.ts'
import * as shape from '../schemas.ts'
import { countryCode, profileView } from '../views/profiles.ts'

const common = { caller: 'required', evidence: 'E1' } as const

async function shownProfile(core: Core, account: Account) {
  const owner = account.defaultUserId === null ? undefined : await core.directory.user(account.defaultUserId)
  const code = countryCode(account)
  const [place] = code === '' ? [] : await core.places.list({ kind: 'country', country: code })
  return profileView(account, owner?.contact ?? {}, place)
}

const getProfile = operation({
  ...common,
  on: 'GET /v1/profile',
  scope: 'account:read',
  input: v.unknown(),
  answers: { 200: shape.profile, ...shape.errors },
  handle: async ({ core, caller }) => ({ body: await shownProfile(core, caller.account) }),
})

const updateProfile = operation({
  ...common,
  on: ['PUT /v1/profile', 'PATCH /v1/profile'],
  scope: 'account:write',
  input: PROFILE_INPUT,
  answers: { 200: shape.profile, ...shape.errors },
  async handle({ core, caller }, input) {
    const account = await core.accounts.update(caller, caller.account.id, { profile: profileChange(input) })
    return { body: await shownProfile(core, account) }
  },
})

/** The documented example's limits; nothing of ours enforces them. */
const LIMITS = { max_call_duration: 3600, max_sip_channels: 8, max_call_rate: '99.0' }

const config = operation({
  ...common,
  on: 'GET /v1/profile/config',
  scope: 'account:read',
  input: v.unknown(),
  answers: { 200: shape.config, ...shape.errors },
  async handle({ core, caller }) {
    const { payerId, currency } = caller.account
    const balance = await core.ledger.balance(payerId, currency)
    return { body: { balance: formatMoney(balance?.balance ?? 0, 2), global_limits: LIMITS } }
  },
})

export const accountOperations: readonly Operation[] = [getProfile, updateProfile, config]
