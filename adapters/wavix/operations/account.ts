import * as v from 'valibot'
import { Fault } from '../../../core/fault.ts'
import type { Account, Caller, JsonObject, Trunk } from '../../../core/model.ts'
import { formatMoney } from '../../../core/money.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { idOr0, paging, pagingOf } from '../fields.ts'
import { PROFILE_INPUT, profileChange, profileView } from '../profile-fields.ts'
import * as shape from '../schemas.ts'
import { pagination } from '../views.ts'

const common = { caller: 'required', evidence: 'E1' } as const

const getProfile = operation({
  ...common,
  on: 'GET /v1/profile',
  scope: 'account:read',
  input: v.unknown(),
  answers: { 200: shape.profile, ...shape.errors },
  handle: async ({ core, caller }) => ({ body: profileView(caller.account, await ownerContact(core, caller)) }),
})

async function ownerContact(core: Core, { account }: Caller) {
  const owner = account.defaultUserId === null ? undefined : await core.directory.user(account.defaultUserId)
  return owner?.contact ?? {}
}

const updateProfile = operation({
  ...common,
  on: ['PUT /v1/profile', 'PATCH /v1/profile'],
  scope: 'account:write',
  input: PROFILE_INPUT,
  answers: { 200: shape.profile, ...shape.errors },
  async handle({ core, caller }, input) {
    const profile: JsonObject = profileChange(input)
    const account: Account = await core.accounts.update(caller, caller.account.id, { profile })
    return { body: profileView(account, await ownerContact(core, caller)) }
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

function trunkView({ id, name, label, data }: Trunk) {
  return {
    id,
    name,
    label,
    callerid: typeof data.callerid === 'string' ? data.callerid : null,
    auth_method: 'Digest',
    host_request: null,
    status: 'active',
    talk_time: 0,
    charge: '0.0',
    multiple_numbers: false,
    passthrough: false,
    call_recording_enabled: false,
    machine_detection_enabled: false,
    transcription_enabled: false,
    transcription_threshold: 6,
    access_token: null,
  }
}

const trunks = operation({
  ...common,
  on: 'GET /v1/trunks',
  scope: 'trunks:read',
  input: v.object(paging),
  answers: {
    200: v.strictObject({ sip_trunks: v.array(shape.trunk), pagination: shape.pagination }),
    ...shape.errors,
  },
  async handle({ core, caller }, input) {
    const page = pagingOf(input)
    const { items, total } = await core.trunks.list(caller.account.id, page.core)
    return { body: { sip_trunks: items.map(trunkView), pagination: pagination(page, total) } }
  },
})

const trunk = operation({
  ...common,
  on: 'GET /v1/trunks/:id',
  scope: 'trunks:read',
  input: v.object({ id: v.string() }),
  answers: { 200: shape.trunk, ...shape.errors },
  async handle({ core, caller }, { id }) {
    const found = await core.trunks.get(idOr0(id))
    if (found?.accountId !== caller.account.id) throw new Fault('not_found', { what: 'trunk', id })
    return { body: trunkView(found) }
  },
})

export const accountOperations: readonly Operation[] = [getProfile, updateProfile, config, trunks, trunk]
