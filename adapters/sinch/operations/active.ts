import * as v from 'valibot'
import { toE164 } from '../../../core/ground/e164.ts'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, Cursor, Owned } from '../../../core/ground/model.ts'
import type { Core, LeaseChange, OwnedOrder } from '../../../core/verbs.ts'
import { type Inbound, type Operation, operation } from '../../kit/dialect.ts'
import {
  type Configurations,
  checkCallback,
  configurationFields,
  countOf,
  criteriaOf,
  filterOf,
  refuse,
  smsUpdate,
  voiceChange,
} from '../fields/numbers.ts'
import { wishedSms, wishedVoice } from '../fields/read-back.ts'
import { DIALECT } from '../ids.ts'
import * as shape from '../schemas.ts'
import { settingsOf, stored } from '../settings.ts'
import { activeView } from '../views/numbers.ts'
import { PROJECT } from './available.ts'

const common = { caller: 'required', evidence: 'E2' } as const
const INSTANCE = `${PROJECT}/activeNumbers/:number`

/** Faults: not_found. */
export async function ownNumber(core: Core, caller: Caller, text: string): Promise<Owned> {
  const e164 = toE164(text)
  const owned = e164 === undefined ? undefined : await core.numbers.leaseOf(e164, DIALECT)
  if (owned?.lease.accountId !== caller.account.id) throw new Fault('not_found', { what: 'lease', id: text })
  return owned
}

async function shown(core: Core, caller: Caller, owned: readonly Owned[]) {
  const provisionings = await core.provisionings.list(
    owned.map(({ lease }) => lease.id),
    DIALECT,
  )
  return owned.map(each => activeView(each, caller.account, provisionings))
}

const PAGE_SIZE = 20
const MAX_PAGE_SIZE = 1000
const ORDERS = new Map<string, OwnedOrder>([
  ['phoneNumber', 'number'],
  ['displayName', { setting: 'displayName' }],
])

function orderOf({ query }: Inbound): OwnedOrder {
  const sent = query.findLast(([name]) => name === 'orderBy')?.[1] || 'phoneNumber'
  return ORDERS.get(sent) ?? refuse('orderBy', 'must be phoneNumber or displayName')
}

function startOf({ query }: Inbound, core: Core, binding: string): Cursor | 'start' {
  const token = query.findLast(([name]) => name === 'pageToken')?.[1]
  if (!token) return 'start'
  return core.cursors.open(binding, token) ?? refuse('pageToken', 'is not a token of this list')
}

/** Tokens tell behind which number a page begins, so that others may come and go meanwhile. */
const list = operation({
  ...common,
  on: `GET ${PROJECT}/activeNumbers`,
  scope: 'numbers:read',
  input: v.unknown(),
  answers: {
    200: v.strictObject({ activeNumbers: v.array(shape.active), nextPageToken: v.string(), totalSize: v.number() }),
    ...shape.errors,
  },
  async handle({ core, caller, inbound }) {
    const filter = { accountIds: [caller.account.id], ...filterOf(criteriaOf(inbound.query), false) }
    const limit = countOf(inbound.query, 'pageSize', PAGE_SIZE, MAX_PAGE_SIZE)
    const orderBy = orderOf(inbound)
    const binding = JSON.stringify([DIALECT, filter, orderBy])
    const page = { limit, offset: 0, from: startOf(inbound, core, binding) }
    const { items, total, after } = await core.numbers.owned(filter, page, { dialect: DIALECT, orderBy })
    const nextPageToken = after ? core.cursors.seal(binding, after) : ''
    return { body: { activeNumbers: await shown(core, caller, items), nextPageToken, totalSize: total } }
  },
})

const get = operation({
  ...common,
  on: `GET ${INSTANCE}`,
  scope: 'numbers:read',
  input: v.object({ number: v.string() }),
  answers: { 200: shape.active, ...shape.errors },
  async handle({ core, caller }, { number }) {
    const [body] = await shown(core, caller, [await ownNumber(core, caller, number)])
    return { body }
  },
})

const updateFields = {
  displayName: v.optional(v.nullable(v.pipe(v.string('must be a string'), v.maxLength(255, 'is too long')))),
  ...configurationFields,
}

/** Absent members stay; a new configuration replaces the old one when it is provisioned. */
function changeOf(owned: Owned, input: Configurations & { displayName?: string | null | undefined }): LeaseChange {
  const settings = settingsOf(owned)
  const sms = input.smsConfiguration && wishedSms(input.smsConfiguration, settings.sms)
  const voice = input.voiceConfiguration && wishedVoice(input.voiceConfiguration, settings.voice)
  const texts = {
    displayName: input.displayName === undefined ? settings.displayName : (input.displayName ?? ''),
    callbackUrl: input.callbackUrl === undefined ? settings.callbackUrl : (input.callbackUrl ?? ''),
  }
  const schedule = [...(sms ? [smsUpdate(sms, settings.sms)] : []), ...(voice ? [voiceChange(voice)] : [])]
  return { settings: { dialect: DIALECT, value: stored(owned, texts) }, schedule }
}

const update = operation({
  ...common,
  on: `PATCH ${INSTANCE}`,
  scope: 'numbers:write',
  input: v.object({ number: v.string(), ...updateFields }),
  answers: { 200: shape.active, ...shape.errors },
  async handle(call, { number, ...input }) {
    const { core, caller } = call
    const { lease } = await ownNumber(core, caller, number)
    checkCallback(call, input.callbackUrl)
    await core.numbers.reconfigure(caller, lease.id, DIALECT, found => changeOf(found, input))
    const [body] = await shown(core, caller, [await ownNumber(core, caller, number)])
    return { body }
  },
})

/** The subscription ends with the period that is paid; until then nothing changes. A repetition tells the same. */
const release = operation({
  ...common,
  on: `POST ${INSTANCE}:release`,
  scope: 'numbers:write',
  input: v.object({ number: v.string() }),
  answers: { 200: shape.active, ...shape.errors },
  async handle({ core, caller }, { number }) {
    const owned = await ownNumber(core, caller, number)
    const { lease } = owned
    if (lease.endsAt !== null) return { body: (await shown(core, caller, [owned]))[0] }
    const [released] = await core.numbers.release(caller, [lease.id], { kind: 'periodEnd' }, DIALECT)
    return { body: (await shown(core, caller, [(released as NonNullable<typeof released>).owned]))[0] }
  },
})

export const activeOperations: readonly Operation[] = [list, get, update, release]
