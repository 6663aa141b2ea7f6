/** The official clients, unchanged, against a listening gateway with the dialect at the root of its port. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientPackage } from '../../support/client-package.ts'
import { openWorld } from '../../support/world.ts'
import { NOW, OTHER, OWNER, sidOf, tokenOf, twilioWorld } from './world.ts'

// biome-ignore lint/suspicious/noExplicitAny: the packages are not part of the main install, and so their types neither
type Any = any

const Twilio = clientPackage('twilio') as Any
const Signalwire = clientPackage('@signalwire/compatibility-api') as Any

async function listening(dialect: string) {
  const world = twilioWorld('100.00')
  const guid = (id: number) => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`
  const accounts = (world.accounts ?? []).map(account => ({
    ...account,
    guid: guid(account.id as number),
    credentials: [
      ...(account.credentials ?? []),
      {
        realm: 'signalwire',
        kind: 'key_pair' as const,
        public_id: guid(account.id as number),
        secret: 'project-token',
      },
    ],
  }))
  const w = await openWorld('sqlite', { ...world, accounts, quarantine_days: { '*': 60 } }, { now: NOW })
  const fetch = (request: Request) => w.gateway.fetch(request, { address: { dialect } })
  const server = createAdaptorServer({ fetch, createServer }) as Server
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const port = (server.address() as AddressInfo).port
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await w.drop()
  }
  return { w, port, base: `http://127.0.0.1:${port}`, close, project: guid(OWNER) }
}

type Listening = Awaited<ReturnType<typeof listening>>

describe.skipIf(!Twilio)('the official Twilio client', () => {
  let there: Listening
  let client: Any
  beforeAll(async () => {
    there = await listening('twilio')
    client = Twilio(sidOf(OWNER), tokenOf(OWNER))
    client.api.baseUrl = there.base
    client.pricing.baseUrl = there.base
  })
  afterAll(() => there.close())
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      error => error.code as number,
    )

  it('searches by area, by pattern and by place', async () => {
    const found = await client.availablePhoneNumbers('US').local.list({ areaCode: 212, smsEnabled: true, limit: 3 })
    expect(found.map((each: Any) => each.phoneNumber)).toEqual(['+12125550142', '+12125550143'])
    expect(found[0].capabilities).toEqual({ voice: true, sms: true, mms: true })
    const near = await client.availablePhoneNumbers('US').local.list({ nearLatLong: '40.7,-74.0', distance: 5 })
    expect(near).toHaveLength(3)
    expect(await client.availablePhoneNumbers('US').local.list({ contains: '312*******' })).toHaveLength(1)
    const countries = await client.availablePhoneNumbers.list({ limit: 5 })
    expect(countries.map((each: Any) => each.countryCode)).toEqual(['GB', 'US'])
    expect((await client.availablePhoneNumbers('GB').fetch()).subresourceUris).toHaveProperty('mobile')
    expect(await code(client.availablePhoneNumbers('XX').local.list())).toBe(20404)
  })

  it('buys, buys again, lists through all pages, changes, clears, releases', async () => {
    const own = client.incomingPhoneNumbers
    const first = await own.create({ phoneNumber: '+12125550142', friendlyName: 'x y', voiceMethod: 'GET' })
    expect(first).toMatchObject({ friendlyName: 'x y', voiceMethod: 'GET', smsUrl: '', trunkSid: null })
    expect(first.dateCreated).toEqual(new Date(NOW))
    expect((await own.create({ phoneNumber: '+12125550142', smsUrl: 'https://e.example/s' })).sid).toBe(first.sid)
    await own.create({ areaCode: '212' })
    await own.create({ phoneNumber: '+18005550199' })
    const all = await own.list({ pageSize: 1 })
    expect(all.map((each: Any) => each.phoneNumber).sort()).toEqual(['+12125550142', '+12125550143', '+18005550199'])
    expect(await own.list({ phoneNumber: '212', friendlyName: 'x y', beta: false, origin: 'twilio' })).toHaveLength(1)
    expect(await own.tollFree.list({ pageSize: 1 })).toHaveLength(1)
    expect(await own.local.list()).toHaveLength(2)
    expect((await own(first.sid).update({ friendlyName: 'z', smsUrl: '' })).smsUrl).toBe('')
    expect((await own(first.sid).fetch()).friendlyName).toBe('z')
    expect(await own(first.sid).assignedAddOns.list()).toEqual([])
    expect(await own(first.sid).remove()).toBe(true)
    expect(await code(own(first.sid).fetch())).toBe(20404)
    expect(await code(own.create({ areaCode: '212' }))).toBe(21452)
    expect(await code(own.create({ phoneNumber: '+12125550199' }))).toBe(21422)
    expect(await code(own.create({ phoneNumber: 'abc' }))).toBe(21421)
  })

  it('sub-accounts, moves, balance, prices, addresses', async () => {
    const sub = await client.api.v2010.accounts.create({ friendlyName: 'sub' })
    expect(sub).toMatchObject({ friendlyName: 'sub', status: 'active', ownerAccountSid: sidOf(OWNER) })
    const prices = await client.pricing.v1.phoneNumbers.countries('US').fetch()
    expect(prices.phoneNumberPrices).toMatchObject([{ numberType: 'local', basePrice: '1.15', currentPrice: '1.15' }])
    const number = await client.incomingPhoneNumbers.create({ phoneNumber: '+13125550111' })
    const moved = await client.incomingPhoneNumbers(number.sid).update({ accountSid: sub.sid })
    expect(moved).toMatchObject({ sid: number.sid, accountSid: sub.sid })
    const below = Twilio(sub.sid, sub.authToken)
    below.api.baseUrl = there.base
    expect(await below.incomingPhoneNumbers.list()).toHaveLength(1)
    expect((await client.api.v2010.accounts(sub.sid).update({ status: 'closed' })).status).toBe('closed')
    expect((await client.api.v2010.accounts.list()).length).toBeGreaterThan(2)
    expect((await client.balance.fetch()).balance).toMatch(/^\d+\.\d\d$/)
    expect(await client.pricing.v1.phoneNumbers.countries.list()).toHaveLength(2)
    const form = { customerName: 'Ann', street: '1', city: 'London', region: 'LND', postalCode: 'W1', isoCountry: 'GB' }
    const address = await client.addresses.create(form)
    const mobile = await client.incomingPhoneNumbers.create({ phoneNumber: '+447700900123', addressSid: address.sid })
    expect(mobile.addressSid).toBe(address.sid)
    expect(await client.addresses(address.sid).dependentPhoneNumbers.list()).toHaveLength(1)
    expect(await client.outgoingCallerIds.list()).toEqual([])
  })

  it('one of 16 racing buyers gets the number, and other accounts are told so', async () => {
    const other = Twilio(sidOf(OTHER), tokenOf(OTHER))
    other.api.baseUrl = there.base
    await there.w.setClock(Date.parse(NOW) + 70 * 86_400_000)
    const buyers = Array.from({ length: 16 }, (_, i) => (i % 2 ? other : client))
    const outcomes = await Promise.all(
      buyers.map(async (each, i) => {
        const done = await code(each.incomingPhoneNumbers.create({ phoneNumber: '+12125550142' }))
        return { who: i % 2, done }
      }),
    )
    const winners = new Set(outcomes.filter(({ done }) => done === 'done').map(({ who }) => who))
    expect(winners.size).toBe(1)
    expect(new Set(outcomes.filter(({ done }) => done !== 'done').map(({ done }) => done))).toEqual(new Set([21422]))
    expect(await there.w.core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
  })
})

describe.skipIf(!Signalwire)('the official SignalWire client', () => {
  let there: Listening
  afterAll(() => there?.close())

  it('searches, buys, lists, changes and releases', async () => {
    there = await listening('signalwire')
    const { RestClient } = Signalwire
    const client = RestClient(there.project, 'project-token', { signalwireSpaceUrl: `127.0.0.1:${there.port}` })
    client.api.baseUrl = there.base
    const found = await client.availablePhoneNumbers('US').local.list({ areaCode: 212, limit: 5 })
    expect(found.map((each: Any) => each.phoneNumber)).toEqual(['+12125550142', '+12125550143'])
    const bought = await client.incomingPhoneNumbers.create({ phoneNumber: '+12125550142', friendlyName: 'desk' })
    expect(bought).toMatchObject({ friendlyName: 'desk', voiceUrl: null })
    expect(bought.sid).toMatch(/^[0-9a-f-]{36}$/)
    await client.incomingPhoneNumbers.create({ phoneNumber: '+12125550143' })
    expect(await client.incomingPhoneNumbers.list({ pageSize: 1 })).toHaveLength(2)
    const refused = await client.incomingPhoneNumbers.create({ areaCode: '212' }).catch((error: Any) => error)
    expect(refused.status).toBe(422)
    expect((await client.incomingPhoneNumbers(bought.sid).update({ friendlyName: 'z' })).friendlyName).toBe('z')
    expect(await client.incomingPhoneNumbers(bought.sid).remove()).toBe(true)
    expect(await client.incomingPhoneNumbers.list()).toHaveLength(1)
  })
})
