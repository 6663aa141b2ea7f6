import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { World } from '../../../src/worlds/world-file.ts'
import { engines } from '../../support/engines.ts'
import { checkShape } from '../../support/shape.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'

// What this provider answers otherwise than the surface it is compatible with: section 12 of the dialect's facts.

const PROJECT = '00000000-0000-4000-8000-000000000041'
const SUB = '00000000-0000-4000-8000-000000000042'
const LOCAL = '+12125550142'
const TOLL_FREE = '+18005550199'

const number = (e164: string, type: string, more: object = {}) => ({
  ...{ e164, country: 'US', type, capabilities: 'voice;sms', currency: 'USD', setup_price: '1', monthly_price: '1' },
  ...more,
})

const credential = (public_id: string) => ({
  ...{ realm: 'signalwire', kind: 'key_pair' as const, public_id, secret: `token-${public_id}` },
})

const world: World = {
  accounts: [
    {
      id: 41,
      guid: PROJECT,
      name: 'Project',
      currency: 'USD',
      balances: { USD: '50' },
      credentials: [credential(PROJECT)],
    },
    { id: 42, guid: SUB, name: 'Below', currency: 'USD', parent: 41, credentials: [credential(SUB)] },
  ],
  numbers: [
    number(LOCAL, 'local', { region: 'NY', city: 'New York' }),
    number('+12125550143', 'local', { region: 'NY', city: 'New York' }),
    number(TOLL_FREE, 'toll_free'),
  ],
}

const BELOW = `/api/laml/2010-04-01/Accounts/${PROJECT}`

describe.each(engines())('signalwire vectors on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
    w = await worlds.open(world)
  })
  afterAll(() => worlds.drop())

  async function ask(method: string, path: string, form?: Record<string, string>, token = `token-${PROJECT}`) {
    const headers = new Headers({ authorization: `Basic ${Buffer.from(`${PROJECT}:${token}`).toString('base64')}` })
    if (form) headers.set('content-type', 'application/x-www-form-urlencoded')
    const body = form ? new URLSearchParams(form).toString() : null
    const response = await w.send(new Request(w.base('signalwire') + path, { method, headers, body }))
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
    const parsed = isJson ? JSON.parse(text) : undefined
    if (isJson) checkShape(w.gateway, 'signalwire', method, path, response.status, parsed)
    return { status: response.status, body: parsed }
  }

  it('1: accounts are UUIDs under /api/laml, and nobody enters with another token', async () => {
    expect((await ask('GET', `${BELOW}.json`, undefined, 'wrong')).status).toBe(401)
    const { status, body } = await ask('GET', `${BELOW}.json`)
    expect([status, body.sid, body.uri]).toEqual([200, PROJECT, expect.stringMatching(/^\/api\/laml\/2010-04-01\//)])
    expect((await ask('POST', `${BELOW}.json`, { FriendlyName: 'Ours' })).body.friendly_name).toBe('Ours')
    expect((await ask('GET', `${BELOW}/Balance.json`)).body).toMatchObject({ account_sid: PROJECT, currency: 'USD' })
    expect((await ask('GET', '/api/laml/2010-04-01/Accounts.json')).body.accounts).toHaveLength(2)
    const made = await ask('POST', '/api/laml/2010-04-01/Accounts.json', { FriendlyName: 'New' })
    expect([made.status, made.body.friendly_name]).toEqual([201, 'New'])
  })

  it('2: the path without /api/laml, as the official client asks, is the same', async () => {
    const path = `/2010-04-01/Accounts/${PROJECT}/IncomingPhoneNumbers.json`
    const headers = { authorization: `Basic ${Buffer.from(`${PROJECT}:token-${PROJECT}`).toString('base64')}` }
    const response = await w.send(new Request(w.base('signalwire') + path, { headers }))
    expect(response.status).toBe(200)
    expect(((await response.json()) as { uri: string }).uri).toMatch(/^\/api\/laml\//)
  })

  it('3: a search has upper-case capabilities, and knows two kinds', async () => {
    const countries = await ask('GET', `${BELOW}/AvailablePhoneNumbers.json`)
    expect(countries.body.countries).toHaveLength(1)
    expect((await ask('GET', `${BELOW}/AvailablePhoneNumbers/US.json`)).status).toBe(200)
    const { body } = await ask('GET', `${BELOW}/AvailablePhoneNumbers/US/Local.json?AreaCode=212`)
    expect(body.available_phone_numbers).toHaveLength(2)
    expect(body.available_phone_numbers[0].capabilities).toEqual({ voice: true, SMS: true, MMS: false })
    expect(
      (await ask('GET', `${BELOW}/AvailablePhoneNumbers/US/TollFree.json`)).body.available_phone_numbers,
    ).toHaveLength(1)
    expect((await ask('GET', `${BELOW}/AvailablePhoneNumbers/US/Mobile.json`)).status).toBe(404)
  })

  it('4: what is sent wrong is 422, and an area code buys nothing', async () => {
    for (const form of [{ AreaCode: '212' }, { PhoneNumber: 'abc' }, {}]) {
      const { status, body } = await ask('POST', `${BELOW}/IncomingPhoneNumbers.json`, form as Record<string, string>)
      expect([status, body.status]).toEqual([422, 422])
    }
  })

  it('5: a number is bought by its name, changed, listed and given back', async () => {
    const bought = await ask('POST', `${BELOW}/IncomingPhoneNumbers.json`, { PhoneNumber: LOCAL })
    expect(bought.status).toBe(201)
    expect(bought.body).toMatchObject({ account_id: PROJECT, account_sid: PROJECT, phone_number: LOCAL, sms_url: null })
    expect(bought.body.capabilities).toMatchObject({ voice: true, sms: true })
    for (const absent of ['type', 'status', 'bundle_sid']) expect(bought.body).not.toHaveProperty(absent)
    const at = `${BELOW}/IncomingPhoneNumbers/${bought.body.sid}.json`
    const local = await ask('POST', `${BELOW}/IncomingPhoneNumbers/Local.json`, { PhoneNumber: '+12125550143' })
    const free = await ask('POST', `${BELOW}/IncomingPhoneNumbers/TollFree.json`, { PhoneNumber: TOLL_FREE })
    expect([local.status, free.status]).toEqual([201, 201])
    expect((await ask('POST', at, { FriendlyName: 'Desk' })).body.friendly_name).toBe('Desk')
    expect((await ask('GET', at)).body.friendly_name).toBe('Desk')
    const lists = ['', '/Local', '/TollFree'].map(kind => ask('GET', `${BELOW}/IncomingPhoneNumbers${kind}.json`))
    const counts = (await Promise.all(lists)).map(({ body }) => body.incoming_phone_numbers.length)
    expect(counts).toEqual([3, 2, 1])
    expect((await ask('DELETE', at)).status).toBe(204)
    expect((await ask('GET', at)).status).toBe(404)
    expect(await w.core.invariants()).toMatchObject({ ok: true })
  })

  it('5: links of lists have no extension, and lead on', async () => {
    const { body } = await ask('GET', `${BELOW}/IncomingPhoneNumbers.json?PageSize=1`)
    expect(body.uri).toBe(`${BELOW}/IncomingPhoneNumbers?PageSize=1&Page=0`)
    expect(body.next_page_uri).toMatch(/\/IncomingPhoneNumbers\?PageSize=1&Page=1&PageToken=PA/)
    const next = await ask('GET', body.next_page_uri)
    expect(next.body.incoming_phone_numbers).toHaveLength(1)
    expect(next.body.previous_page_uri).not.toContain('.json')
    const own = body.incoming_phone_numbers[0]
    expect(own.uri).toBe(`${BELOW}/IncomingPhoneNumbers/${own.sid}.json`)
    const search = `${BELOW}/AvailablePhoneNumbers/US/TollFree`
    expect((await ask('GET', `${search}.json?PageSize=1`)).body.uri).toBe(`${search}?PageSize=1`)
    expect((await ask('GET', `${BELOW}/AvailablePhoneNumbers.json`)).body.uri).toBe(`${BELOW}/AvailablePhoneNumbers`)
  })

  it('6: addresses', async () => {
    const form = {
      CustomerName: 'A',
      Street: '1 Main',
      City: 'NY',
      Region: 'NY',
      PostalCode: '10001',
      IsoCountry: 'US',
    }
    const made = await ask('POST', `${BELOW}/Addresses.json`, form)
    expect(made.status).toBe(201)
    const at = `${BELOW}/Addresses/${made.body.sid}`
    expect((await ask('GET', `${BELOW}/Addresses.json`)).body.addresses).toHaveLength(1)
    expect((await ask('GET', `${at}.json`)).status).toBe(200)
    expect((await ask('POST', `${at}.json`, { City: 'Albany' })).body.city).toBe('Albany')
    expect((await ask('GET', `${at}/DependentPhoneNumbers.json`)).status).toBe(200)
    expect((await ask('DELETE', `${at}.json`)).status).toBe(204)
  })

  it('7: what there is none of is listed empty', async () => {
    const { body } = await ask('POST', `${BELOW}/IncomingPhoneNumbers.json`, { PhoneNumber: TOLL_FREE })
    const addOns = `${BELOW}/IncomingPhoneNumbers/${body.sid}/AssignedAddOns`
    expect((await ask('GET', `${addOns}.json`)).status).toBe(200)
    expect((await ask('GET', `${addOns}/XB1/Extensions.json`)).status).toBe(200)
    expect((await ask('GET', `${BELOW}/OutgoingCallerIds.json`)).body.outgoing_caller_ids).toEqual([])
    expect((await ask('GET', `${addOns}/XB1.json`)).status).toBe(404)
  })
})
