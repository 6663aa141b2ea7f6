/** The worlds that kept exchanges run in, and what an exchange may ask to be there first. */
import { guidOf } from '../../adapters/sinch/wire/crockford.ts'
import type { NewCall } from '../../core/verbs.ts'
import type { World } from '../../src/worlds/world-file.ts'
import { bandwidthExchanges } from './bandwidth-exchanges.ts'
import { cmClient, cmWorld } from './cm.ts'
import type { Exchange } from './exchange.ts'
import { sinchClient, sinchWorld } from './sinch.ts'
import { AC1, AC2, v1Client, v1World } from './sinch-v1.ts'
import { OWNER, sidOf, tokenOf, twilioWorld } from './twilio.ts'
import { vectorWorld } from './wavix-world.ts'
import type { TestWorld } from './world.ts'

/** Makes it so; the text stands for its placeholder. */
type Given = (world: TestWorld) => Promise<unknown>

export interface ExchangeWorld {
  world: World
  given: Readonly<Record<string, Given>>
}

async function callerOf({ core }: TestWorld, id: number) {
  return core.accounts.callerFor((await core.accounts.get(id)) as never)
}

const LOS_ANGELES = '+18022551119'

const told = (n: number, minute: number) => ({
  e164: LOS_ANGELES,
  key: `00000000-0000-4000-9000-00000000000${n}`,
  endedAt: Date.parse('2026-06-02T10:00:00Z') + minute * 60_000,
})
const OUT = { direction: 'outbound' } as const
const IN = { direction: 'inbound' } as const
const CALLS: NewCall[] = [
  {
    ...{ ...told(1, 0), ...OUT, answered: true, durationSeconds: 40, ringSeconds: 10 },
    ...{ other: '+33170363950', via: '32882', price: 27_000 },
  },
  { ...told(2, 1), ...OUT, answered: false, durationSeconds: 20, disposition: 'busy', other: '+4420' },
  {
    ...{ ...told(3, 2), ...IN, answered: true, durationSeconds: 66, ringSeconds: 5 },
    ...{ other: '+13524815863', via: 'Main office', price: 11_800 },
  },
  { ...told(4, 3), ...IN, answered: true, durationSeconds: 9, other: 'anonymous' },
  { ...told(5, 4), ...IN, answered: false, durationSeconds: 30, other: '+13524815863' },
]

const wavix: ExchangeWorld = {
  world: vectorWorld(),
  given: {
    cart: async w => void (await w.core.carts.add(await callerOf(w, 12), [LOS_ANGELES], 'USD')),
    async owned(w) {
      const terms = { documents: 'allow' } as const
      const { owned } = await w.core.numbers.purchase(await callerOf(w, 12), [LOS_ANGELES], terms)
      return owned[0]?.lease.id
    },
    abroad: async w => w.core.numbers.purchase(await callerOf(w, 12), ['+541139862174'], { documents: 'allow' }),
    async emergency(w) {
      const address = {
        ...{ location: '', street_number: '550', street: 'W Adams St', city: 'Chicago' },
        ...{ state: 'IL', zip_code: '60661', zip_plus_four: '' },
      }
      const { lease } = (await w.core.numbers.leaseOf(LOS_ANGELES)) ?? {}
      const settings = { dialect: 'wavix', value: { emergency: { name: 'Office', address } } }
      await w.core.numbers.configure(await callerOf(w, 12), lease?.id as number, { settings })
    },
    async called(w) {
      await w.core.numbers.purchase(await callerOf(w, 12), [LOS_ANGELES], { documents: 'allow' })
      await w.core.calls.recordAll(CALLS)
    },
    sub: async w => (await w.core.accounts.create(await callerOf(w, 12), { name: 'Branch', parentId: 12 })).id,
  },
}

const cm: ExchangeWorld = {
  world: cmWorld(),
  given: {
    completed: async world => (await cmClient(world).request({})).body.guid,
    waiting: async world => (await cmClient(world).request({ quantity: 50 })).body.guid,
  },
}

const N = '+919876543210'
const TRUNK = '00000000-0000-4000-8000-000000000301'
const guid = (id: number) => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`

const account = (id: number, handle: string, secret: string) => ({
  ...{ id, guid: guid(id), handle, name: `Account ${id}`, currency: 'INR' },
  credentials: [{ realm: 'vobiz', kind: 'key_pair' as const, public_id: handle, secret }],
})
const rich = { balances: { INR: '2000' }, release_fees: { INR: '700' } }

const buy = async (w: TestWorld, id: number) =>
  w.core.numbers.purchase(await callerOf(w, id), [N], { documents: 'allow' })
const leaseId = async (w: TestWorld) => (await w.core.numbers.leaseOf(N))?.lease.id as number

/** Guids of a part of trunks of each kind. */
const PARTS = {
  'vobiz.credential': { guid: guid(401), name: 'office', data: {} },
  'vobiz.ip-acl': { guid: guid(402), name: 'Office', data: { ip_address: '198.18.0.0/24' } },
  'vobiz.origination-uri': { guid: guid(403), name: 'Office', data: { sip_uri: 'sip:pbx.example:5060', priority: 1 } },
}

const vobiz: ExchangeWorld = {
  world: {
    quarantine_days: { '*': 45 },
    accounts: [
      { ...account(1, 'MA_TEST0001', 'test-token'), ...rich, trunks: [{ guid: TRUNK, name: 'Main office' }] },
      { ...account(2, 'SA_TEST0001', 'sub-token'), parent: 1 },
      { ...account(3, 'MA_OTHR0001', 'other-token'), ...rich },
      { ...account(4, 'MA_IDLE0001', 'idle-token'), is_active: false },
      { ...account(5, 'MA_ADMN0001', 'admin-token'), role: 'operator' },
    ],
    numbers: [N, '+919876543211', '+918012345678', '+919200000001'].map(e164 => ({
      ...{ e164, country: 'IN', type: 'local', region: 'Karnataka', capabilities: 'voice;sms', currency: 'INR' },
      setup_price: '100',
      monthly_price: e164 === '+919200000001' ? '5000' : '300',
    })),
  },
  given: {
    owned: w => buy(w, 1),
    'owned-by-other': w => buy(w, 3),
    async 'handed-over'(w) {
      await buy(w, 1)
      await w.core.numbers.move(await callerOf(w, 1), await leaseId(w), 2)
    },
    async pending(w) {
      const mode = { kind: 'window', ms: 86_400_000, chargeFee: true } as const
      await w.core.numbers.release(await callerOf(w, 1), [await leaseId(w)], mode)
    },
    async 'on-trunk'(w) {
      const trunk = await w.core.trunks.byGuid(TRUNK)
      await w.core.numbers.configure(await callerOf(w, 1), await leaseId(w), { trunkId: trunk?.id as number })
    },
    async application(w) {
      const data = { answer_url: 'https://app.example/answer', answer_method: 'POST' }
      const made = { kind: 'vobiz.application', name: 'Reception', data, accountId: 1 }
      return (await w.core.resources.create(await callerOf(w, 1), made)).id
    },
    async attached(w) {
      const { items } = await w.core.resources.list(
        { accountIds: [1], kind: 'vobiz.application' },
        { limit: 1, offset: 0 },
      )
      await w.core.numbers.configure(await callerOf(w, 1), await leaseId(w), { handlerId: items[0]?.id as number })
    },
    async parts(w) {
      const caller = await callerOf(w, 1)
      for (const [kind, part] of Object.entries(PARTS)) await w.core.resources.create(caller, { kind, ...part })
    },
    called: ({ core }) =>
      core.calls.record({
        ...{ e164: N, direction: 'inbound', answered: true, durationSeconds: 90 },
        endedAt: Date.parse('2026-06-01T00:00:00Z'),
      }),
    calls: async ({ core }) => {
      const call = (id: number, minute: number, more: Partial<NewCall>): NewCall => ({
        ...{ e164: N, direction: 'inbound', answered: true, durationSeconds: 47, ringSeconds: 5, key: guid(id) },
        ...{ endedAt: Date.parse('2026-06-01T00:00:00Z') + minute * 60_000, other: '+442079460001', price: 450_000 },
        ...more,
      })
      await core.calls.recordAll([
        call(901, 0, {}),
        call(902, 1, { answered: false, disposition: 'busy', durationSeconds: 12, price: 0 }),
        call(903, 2, { direction: 'outbound', other: 'sip:desk, "one"@pbx.example' }),
      ])
    },
    customer: ({ core }) =>
      core.accounts.update(null, 2, {
        profile: { kyc_mode: 'customer_use', business_type: 'private_limited', email: 'c@customer.example' },
        identityNeeds: [['pan', 'gst']],
      }),
    async 'pending-test'(w) {
      const filing = { kind: 'pan', status: 'pending' as const, isTest: true, needs: [['pan', 'gst']] }
      await w.core.verifications.file(await callerOf(w, 2), filing)
    },
    // the fee costs more than is left
    poor: ({ core }) => core.accounts.update(null, 1, { releaseFee: { currency: 'INR', amount: 9_000_000_000 } }),
  },
}

/** The second account has a key, and no money. */
function withKeyOfSecond(world: World, realm: string, publicId: string, secret: string): World {
  const credential = { realm, kind: 'key_pair' as const, public_id: publicId, secret }
  const accounts = (world.accounts ?? []).map(each => (each.id === 2 ? { ...each, credentials: [credential] } : each))
  return { ...world, accounts }
}

const SINCH_NUMBER = '+12025550134'
const rent = (w: TestWorld, number: string, body: unknown = {}) =>
  sinchClient(w).ask('POST', `/availableNumbers/${number}:rent`, body)
const street = { streetNumber: '1', streetInfo: 'Main St', city: 'Washington', state: 'DC', postalCode: '20001' }

const PERSON = { firstName: 'Ann', lastName: 'Example', phoneNumber: '+541139860000' }

async function ordered(w: TestWorld): Promise<string> {
  const option = { numberOrderOption: { phoneNumbers: ['+541139862174'] } }
  const body = { regionCode: 'AR', numberType: 'LOCAL', smsConfiguration: { servicePlanId: 'plan1' }, ...option }
  return (await sinchClient(w).ask('POST', '/numberOrders:createNumberOrder', body)).body.idNumberOrder
}

/** Registered, with its paper. */
async function completed(w: TestWorld): Promise<string> {
  const id = await ordered(w)
  await sinchClient(w).ask('PUT', `/numberOrders/${id}/registration`, { requestDetails: { data: [[], PERSON] } })
  const order = await w.core.orders.byGuid(guidOf(id) as string)
  const file = { type: 'id', fileName: 'passport.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF') }
  await w.core.documents.attach(await callerOf(w, 1), order?.id as number, file as never)
  return id
}

const sinch: ExchangeWorld = {
  world: withKeyOfSecond(sinchWorld, 'sinch', 'k2', 's2'),
  given: {
    async rented(w) {
      const own = { smsConfiguration: { servicePlanId: 'plan1' }, voiceConfiguration: { appId: 'app1' } }
      await rent(w, SINCH_NUMBER, own)
      await w.setClock(w.core.clock.now() + 1000)
    },
    second: w => rent(w, '+12025550135'),
    swedish: w => rent(w, '+46701234567'),
    address: w =>
      sinchClient(w).ask('POST', `/activeNumbers/${SINCH_NUMBER}/emergencyAddress:provision`, {
        displayName: 'Office',
        address: street,
      }),
    blocked: w => w.core.numbers.block(null, SINCH_NUMBER, 'fraud'),
    order: w => ordered(w),
    async registered(w) {
      const id = await ordered(w)
      await sinchClient(w).ask('PUT', `/numberOrders/${id}/registration`, { requestDetails: { data: [[], PERSON] } })
      return id
    },
    complete: completed,
    async submitted(w) {
      const id = await completed(w)
      await sinchClient(w).ask('POST', `/numberOrders/${id}/submit`)
      return id
    },
  },
}

const V1_NUMBER = '+12135550111'

const sinchV1: ExchangeWorld = {
  world: withKeyOfSecond(v1World, 'sinch-v1', AC2, 'tok2'),
  given: {
    named: w => v1Client(w).ask('POST', `/v1/Account/${AC1}/ActiveNumbers/PN${V1_NUMBER}`, { friendlyName: 'Desk' }),
    blocked: w => w.core.numbers.block(null, V1_NUMBER, 'fraud'),
  },
}

const TWILIO_NUMBER = '+12125550142'
const addressForm = {
  ...{ CustomerName: 'Ann', Street: '1 High St', City: 'London', Region: 'LND', PostalCode: 'W1', IsoCountry: 'GB' },
}

/** A form by the owner; the sid of what it made. */
async function twilioMade(world: TestWorld, path: string, form: Record<string, string>): Promise<string> {
  const pair = Buffer.from(`${sidOf(OWNER)}:${tokenOf(OWNER)}`).toString('base64')
  const url = `${world.base('twilio')}/2010-04-01/Accounts${path}`
  const headers = { authorization: `Basic ${pair}` }
  const response = await world.send(new Request(url, { method: 'POST', headers, body: new URLSearchParams(form) }))
  return ((await response.json()) as { sid: string }).sid
}

const twilio: ExchangeWorld = {
  world: twilioWorld(),
  given: {
    owned: w =>
      twilioMade(w, `/${sidOf(OWNER)}/IncomingPhoneNumbers.json`, { PhoneNumber: TWILIO_NUMBER, FriendlyName: 'Desk' }),
    address: w => twilioMade(w, `/${sidOf(OWNER)}/Addresses.json`, addressForm),
    sub: w => twilioMade(w, '.json', { FriendlyName: 'Branch' }),
  },
}

export const exchangeWorlds = {
  wavix,
  vobiz,
  cm,
  sinch,
  'sinch-v1': sinchV1,
  twilio,
  bandwidth: bandwidthExchanges,
} satisfies Record<string, ExchangeWorld>

/** Brings about what an exchange asks for. Undefined: it asks for something that is not known here. */
export async function valuesFor(
  { given }: ExchangeWorld,
  exchange: Exchange,
  world: TestWorld,
): Promise<Map<string, string> | undefined> {
  if (exchange.given.some(name => !(name in given))) return undefined
  const values = new Map<string, string>()
  for (const name of exchange.given) values.set(name, String((await given[name]?.(world)) ?? ''))
  return values
}
