import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { file } from '../../support/lines.ts'
import { checkShape } from '../../support/shape.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { NOW, OTHER, OWNER, SUB, sidOf, tokenOf, twilioWorld } from './world.ts'

// Every numbered test vector of the dialect's facts, section 13. A is the owner, S its sub-account, B unrelated.

const DAY = 86_400_000
const [A, S, B] = [sidOf(OWNER), sidOf(SUB), sidOf(OTHER)]

interface Answer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
}

interface Ask {
  as?: number | 'nobody' | 'test'
  form?: Record<string, string>
}

describe.each(engines())('twilio vectors on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let world: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine, { now: NOW })
  })
  beforeEach(async () => {
    world = await worlds.open(twilioWorld())
  })
  afterAll(() => worlds.drop())

  const ask = async (method: string, path: string, { as = OWNER, form }: Ask = {}): Promise<Answer> => {
    const headers = new Headers(form && { 'content-type': 'application/x-www-form-urlencoded' })
    const pair = as === 'test' ? `${A}:twilio-test-token` : `${sidOf(as as number)}:${tokenOf(as as number)}`
    if (as !== 'nobody') headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
    const body = form ? new URLSearchParams(form).toString() : null
    const url = `${world.base('twilio')}/2010-04-01${path}`
    const response = await world.send(new Request(url, { method, headers, body }))
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
    const parsed = isJson ? JSON.parse(text) : undefined
    if (isJson) checkShape(world.gateway, 'twilio', method, `/2010-04-01${path}`, response.status, parsed)
    return { status: response.status, headers: response.headers, text, body: parsed }
  }
  const get = (path: string, options?: Ask) => ask('GET', path, options)
  const own = (rest = '.json', sid = A) => `/Accounts/${sid}/IncomingPhoneNumbers${rest}`
  const search = (rest: string) => `/Accounts/${A}/AvailablePhoneNumbers${rest}`
  const buy = (form: Record<string, string>, options: Ask = {}, sid = A) =>
    ask('POST', own('.json', sid), { form, ...options })
  const balance = async () => (await get(`/Accounts/${A}/Balance.json`)).body.balance as string
  const refused = (answer: Answer, status: number, code: number) =>
    expect([answer.status, answer.body.code, answer.body.status]).toEqual([status, code, status])
  const found = async (query: string, kind = 'US/Local') =>
    ((await get(search(`/${kind}.json?${query}`))).body.available_phone_numbers as { phone_number: string }[]).map(
      each => each.phone_number,
    )

  it('1: without credentials 401 with the realm', async () => {
    const answer = await get(own(), { as: 'nobody' })
    refused(answer, 401, 20003)
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Twilio API"')
  })

  it("2: another's token opens nothing; a sub-account's opens its own path only", async () => {
    const pair = Buffer.from(`${A}:${tokenOf(SUB)}`).toString('base64')
    const url = `${world.base('twilio')}/2010-04-01${own()}`
    const wrong = await world.send(new Request(url, { headers: { authorization: `Basic ${pair}` } }))
    expect(wrong.status).toBe(401)
    refused(await get(own(), { as: SUB }), 404, 20404)
    expect((await get(own('.json', S), { as: SUB })).status).toBe(200)
    refused(await get(own('.json', B)), 404, 20404)
    const lower = A.toLowerCase().replace('ac', 'AC')
    expect((await get(own('.json', lower))).status).toBe(200)
  })

  it('3: one path, four spellings of the answer', async () => {
    const types = await Promise.all(['', '.xml', '.json', '.csv'].map(each => get(own(each))))
    expect(types.map(each => each.headers.get('content-type')?.split(';')[0])).toEqual([
      'application/xml',
      'application/xml',
      'application/json',
      'text/csv',
    ])
    expect(types[0]?.text).toContain('<TwilioResponse><IncomingPhoneNumbers ')
    expect(types[2]?.body.incoming_phone_numbers).toEqual([])
    // the first row is of names, whether or not others follow
    expect(types[3]?.text).toMatch(/^Sid,AccountSid,FriendlyName,PhoneNumber,[A-Za-z.,]+\r\n$/)
  })

  it('4: a search by area code', async () => {
    const { body } = await get(search('/US/Local.json?AreaCode=212'))
    expect(Object.keys(body).sort()).toEqual(['available_phone_numbers', 'uri'])
    expect(body.uri).toBe(`/2010-04-01${search('/US/Local.json?AreaCode=212')}`)
    expect(body.available_phone_numbers).toHaveLength(2)
    expect(body.available_phone_numbers[0]).toEqual({
      friendly_name: '(212) 555-0142',
      phone_number: '+12125550142',
      lata: '132',
      locality: 'New York',
      rate_center: 'NWYRCYZN01',
      latitude: '40.712800',
      longitude: '-74.006000',
      region: 'NY',
      postal_code: '10001',
      iso_country: 'US',
      address_requirements: 'none',
      beta: false,
      capabilities: { voice: true, sms: true, mms: true },
    })
  })

  it('5: finding nothing is 200 with an empty list', async () => {
    expect(await found('AreaCode=999')).toEqual([])
  })

  it('6: patterns', async () => {
    expect(await found('Contains=2125550***')).toEqual(['+12125550142', '+12125550143'])
    expect(await found(`Contains=${encodeURIComponent('+1212%42$')}`)).toEqual(['+12125550142'])
    expect(await found('Contains=55501')).toEqual(['+12125550142', '+12125550143', '+13125550111'])
    expect(await found(`Contains=${encodeURIComponent('212KKK')}`)).toEqual(['+12125550142', '+12125550143'])
    expect(await found(`Contains=${encodeURIComponent('0111$')}`)).toEqual(['+13125550111'])
    expect(await found(`Contains=${encodeURIComponent('+312')}`)).toEqual([])
  })

  it('7: a pattern without two characters of its own is refused', async () => {
    for (const pattern of ['*', '1', '*%', '1*', '12345678901234567', '21-2']) {
      refused(await get(search(`/US/Local.json?Contains=${encodeURIComponent(pattern)}`)), 400, 20422)
    }
  })

  it('8: toll-free numbers have no geography', async () => {
    const [number] = (await get(search('/US/TollFree.json'))).body.available_phone_numbers
    expect(number).toMatchObject({ friendly_name: '(800) 555-0199', lata: null, locality: null, rate_center: null })
    expect(number).toMatchObject({ latitude: null, longitude: null, region: null, postal_code: null })
  })

  it('9: unknown countries and kinds that a country lacks', async () => {
    refused(await get(search('/XX/Local.json')), 404, 20404)
    refused(await get(search('/GB/Local.json')), 404, 20404)
    refused(await get(search('/US/Voip.json')), 404, 20404)
    expect((await get(search('/GB/Mobile.json'))).status).toBe(200)
  })

  it('10, 11: a purchase, and the same again as an update without a charge', async () => {
    const first = await buy({ PhoneNumber: '+12125550142', FriendlyName: 'x y', VoiceUrl: 'https://e.example/v' })
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({
      friendly_name: 'x y',
      sms_url: '',
      trunk_sid: null,
      voice_url: 'https://e.example/v',
    })
    expect(Object.keys(first.body)).toHaveLength(35)
    expect(await balance()).toBe('7.85')
    const again = await buy({ PhoneNumber: '+12125550142', SmsUrl: 'https://e.example/s' })
    expect(again.status).toBe(201)
    expect(again.body).toMatchObject({ sid: first.body.sid, sms_url: 'https://e.example/s', friendly_name: 'x y' })
    expect(await balance()).toBe('7.85')
  })

  it('12: somebody else has it', async () => {
    await buy({ PhoneNumber: '+12125550142' })
    refused(await buy({ PhoneNumber: '+12125550142' }, { as: OTHER }, B), 400, 21422)
    refused(await buy({ PhoneNumber: '+12125550142' }, {}, S), 400, 21422)
  })

  it('9: numbers of a whole country are searched as such', async () => {
    const row = { e164: '+443301234567', country: 'GB', type: 'national', capabilities: 'voice', currency: 'USD' }
    const rows = file([{ ...row, setup_price: '1', monthly_price: '1' }])
    expect(await world.core.imports.run(rows, { owned: false, keepGood: false })).toMatchObject({ imported: 1 })
    expect(await found('', 'GB/National')).toEqual(['+443301234567'])
  })

  it('13: what is no number', async () => {
    for (const form of [{ PhoneNumber: '+19995550000' }, { PhoneNumber: 'abc' }, {}]) {
      refused(await buy(form as Record<string, string>), 400, 21421)
    }
  })

  it('14: valid but never stocked', async () => {
    refused(await buy({ PhoneNumber: '+12125550199' }), 400, 21422)
  })

  it('15: by area code until there is none', async () => {
    await buy({ PhoneNumber: '+12125550142' })
    expect((await buy({ AreaCode: '212' })).body).toMatchObject({ phone_number: '+12125550143' })
    refused(await buy({ AreaCode: '212' }), 400, 21452)
    refused(await buy({ AreaCode: '1' }), 400, 21451)
    refused(await buy({ AreaCode: '9999' }), 400, 21451)
  })

  it('16: by type', async () => {
    const form = (PhoneNumber: string) => ({ form: { PhoneNumber } })
    refused(await ask('POST', own('/TollFree.json'), form('+13125550111')), 400, 21458)
    const { status, body } = await ask('POST', own('/TollFree.json'), form('+18005550199'))
    expect(status).toBe(201)
    expect('type' in body).toBe(false)
    expect((await get(own('/TollFree.json'))).body.incoming_phone_numbers).toHaveLength(1)
    expect((await get(own('/Local.json'))).body.incoming_phone_numbers).toEqual([])
  })

  it('17: 16 parallel purchases by two accounts: one charge', async () => {
    const racing = Array.from({ length: 16 }, (_, i) =>
      i % 2 ? buy({ PhoneNumber: '+13125550111' }) : buy({ PhoneNumber: '+13125550111' }, { as: OTHER }, B),
    )
    const answers = await Promise.all(racing)
    const winners = new Set(answers.filter(each => each.status === 201).map(each => each.body.account_sid))
    expect(winners.size).toBe(1)
    for (const each of answers) if (each.status !== 201) refused(each, 400, 21422)
    const charges = await world.core.ledger.transactions(
      { accountId: OWNER, kinds: ['purchase'] },
      { limit: 9, offset: 0 },
    )
    const others = await world.core.ledger.transactions(
      { accountId: OTHER, kinds: ['purchase'] },
      { limit: 9, offset: 0 },
    )
    expect(charges.total + others.total).toBe(1)
    expect(await world.core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
  })

  it('18: numbers that need an address', async () => {
    refused(await buy({ PhoneNumber: '+447700900123' }), 400, 21631)
    const form = {
      CustomerName: 'Ann',
      Street: '1 High St',
      City: 'London',
      Region: 'LND',
      PostalCode: 'W1',
      IsoCountry: 'GB',
    }
    const address = await ask('POST', `/Accounts/${A}/Addresses.json`, { form })
    expect(address.status).toBe(201)
    refused(await buy({ PhoneNumber: '+447700900123', AddressSid: 'AD00000000000000000000000000000000' }), 400, 21631)
    const bought = await buy({ PhoneNumber: '+447700900123', AddressSid: address.body.sid })
    expect([bought.status, bought.body.address_sid]).toEqual([201, address.body.sid])
    const dependent = await get(`/Accounts/${A}/Addresses/${address.body.sid}/DependentPhoneNumbers.json`)
    expect(dependent.body.dependent_phone_numbers).toHaveLength(1)
  })

  it('19: filters of the list', async () => {
    await buy({ PhoneNumber: '+12125550142', FriendlyName: 'x y' })
    await buy({ PhoneNumber: '+12125550143' })
    const listed = async (query: string) =>
      (await get(own(`.json?${query}`))).body.incoming_phone_numbers
        .map((each: { phone_number: string }) => each.phone_number)
        .sort()
    expect(await listed('PhoneNumber=%2B1212*')).toEqual(['+12125550142', '+12125550143'])
    expect(await listed('PhoneNumber=0142')).toEqual(['+12125550142'])
    expect(await listed('FriendlyName=x%20y')).toEqual(['+12125550142'])
    expect(await listed(`FriendlyName=${encodeURIComponent('(212) 555-0143')}`)).toEqual(['+12125550143'])
    expect(await listed(`FriendlyName=${encodeURIComponent('(212) 555-0142')}`)).toEqual([])
    expect(await listed('Origin=hosted')).toEqual([])
  })

  it('20: pages of one, forwards and back', async () => {
    for (const PhoneNumber of ['+12125550142', '+12125550143', '+13125550111']) {
      await buy({ PhoneNumber })
      world.setClockOnly(world.core.clock.now() + 1000)
    }
    const seen: string[] = []
    let path: string | null = own('.json?PageSize=1')
    let last: Answer | undefined
    for (let at = 0; path !== null; at++) {
      last = await get(path)
      const { incoming_phone_numbers: items, next_page_uri, start, end, page } = last.body
      expect([items.length, start, end, page]).toEqual([1, at, at, at])
      seen.push(items[0].phone_number)
      if (next_page_uri) expect(next_page_uri).toContain(`&Page=${at + 1}&PageToken=PA${items[0].sid}`)
      if (at === 1) expect(last.body.previous_page_uri).toContain(`&Page=0&PageToken=PB${items[0].sid}`)
      if (at === 0) expect(last.body.previous_page_uri).toBeNull()
      path = next_page_uri === null ? null : next_page_uri.replace('/2010-04-01', '')
    }
    expect(seen).toEqual(['+13125550111', '+12125550143', '+12125550142'])
    const back = await get(last?.body.previous_page_uri.replace('/2010-04-01', ''))
    expect(back.body.incoming_phone_numbers[0].phone_number).toBe('+12125550143')
  })

  it('21: page sizes and tokens that cannot be', async () => {
    refused(await get(own('.json?PageSize=1001')), 400, 20007)
    refused(await get(own('.json?PageToken=junk&Page=1')), 400, 21481)
    refused(await get(own(`.json?Page=1&PageToken=PAPN${'0'.repeat(32)}`)), 400, 21481)
  })

  it('22: one member of a list is no paging member', async () => {
    const paging = ['end', 'first_page_uri', 'next_page_uri', 'page', 'page_size', 'previous_page_uri', 'start', 'uri']
    expect(Object.keys((await get(own())).body).filter(name => !paging.includes(name))).toEqual([
      'incoming_phone_numbers',
    ])
  })

  it('23: an empty value clears; URLs and methods are checked', async () => {
    const { body } = await buy({ PhoneNumber: '+12125550142', SmsUrl: 'https://e.example/s' })
    const change = (form: Record<string, string>) => ask('POST', own(`/${body.sid}.json`), { form })
    expect((await change({ SmsUrl: '' })).body.sms_url).toBe('')
    refused(await change({ VoiceUrl: 'ftp://x' }), 400, 21402)
    refused(await change({ VoiceMethod: 'PUT' }), 400, 21403)
    refused(await change({ FriendlyName: 'x'.repeat(65) }), 400, 20002)
  })

  it('24, 25: moves between the accounts of one owner', async () => {
    const { body } = await buy({ PhoneNumber: '+12125550142' })
    const moved = await ask('POST', own(`/${body.sid}.json`), { form: { AccountSid: S } })
    expect(moved.body).toMatchObject({ sid: body.sid, account_sid: S })
    expect(moved.body.uri).toContain(S)
    refused(await get(own(`/${body.sid}.json`)), 404, 20404)
    expect((await get(own('.json', S), { as: SUB })).body.incoming_phone_numbers).toHaveLength(1)
    const back = own(`/${body.sid}.json`, S)
    refused(await ask('POST', back, { as: SUB, form: { AccountSid: A } }), 400, 21474)
    refused(await ask('POST', back, { form: { AccountSid: B } }), 400, 21473)
    expect((await ask('POST', back, { form: { AccountSid: A } })).body.account_sid).toBe(A)
  })

  it('26: a closed sub-account', async () => {
    await buy({ PhoneNumber: '+12125550142' }, {}, S)
    const closed = await ask('POST', `/Accounts/${S}.json`, { form: { Status: 'closed' } })
    expect(closed.body.status).toBe('closed')
    expect((await get(own('.json', S))).body.incoming_phone_numbers).toEqual([])
    refused(await get(own('.json', S), { as: SUB }), 401, 20003)
    refused(await buy({ PhoneNumber: '+12125550143' }, {}, S), 403, 20005)
    refused(await ask('POST', `/Accounts/${S}.json`, { form: { Status: 'active' } }), 400, 20422)
    refused(await ask('POST', `/Accounts/${A}.json`, { form: { Status: 'closed' } }), 400, 20422)
  })

  it('27: a released number is its last owner’s for ten days, and nobody’s until sixty', async () => {
    const { body } = await buy({ PhoneNumber: '+12125550142' })
    const path = own(`/${body.sid}.json`)
    const gone = await ask('DELETE', path)
    expect([gone.status, gone.text]).toEqual([204, ''])
    refused(await ask('DELETE', path), 404, 20404)
    expect(await found('AreaCode=212')).toEqual(['+12125550143'])
    refused(await buy({ PhoneNumber: '+12125550142' }, { as: OTHER }, B), 400, 21422)
    await world.setClock(Date.parse(NOW) + 9 * DAY)
    const again = await buy({ PhoneNumber: '+12125550142' })
    expect(again.status).toBe(201)
    expect(again.body.sid).not.toBe(body.sid)
    await ask('DELETE', own(`/${again.body.sid}.json`))
    await world.setClock(Date.parse(NOW) + 9 * DAY + 59 * DAY)
    expect(await found('AreaCode=212')).toEqual(['+12125550143'])
    await world.setClock(Date.parse(NOW) + 9 * DAY + 60 * DAY)
    expect(await found('AreaCode=212')).toEqual(['+12125550142', '+12125550143'])
  })

  it('28: the balance is an owner’s', async () => {
    expect((await get(`/Accounts/${A}/Balance.json`)).body).toEqual({
      account_sid: A,
      balance: '10.00',
      currency: 'USD',
    })
    refused(await get(`/Accounts/${S}/Balance.json`), 404, 20404)
  })

  it('29: too little money changes nothing', async () => {
    world = await worlds.open(twilioWorld('0.50'))
    const answer = await buy({ PhoneNumber: '+12125550142' })
    refused(answer, 403, 20005)
    expect(answer.body.message).toBe('Insufficient funds')
    expect(await balance()).toBe('0.50')
    expect(await found('AreaCode=212')).toHaveLength(2)
  })

  it('30: a test token buys by magic values and opens nothing else', async () => {
    const test = { as: 'test' } as const
    refused(await buy({ PhoneNumber: '+15005550000' }, test), 400, 21422)
    refused(await buy({ PhoneNumber: '+15005550001' }, test), 400, 21421)
    refused(await buy({ PhoneNumber: '+12125550142' }, test), 400, 21421)
    refused(await buy({ AreaCode: '533' }, test), 400, 21452)
    for (const form of [{ PhoneNumber: '+15005550006' }, { AreaCode: '500' }] as Record<string, string>[]) {
      expect((await buy(form, test)).body).toMatchObject({ phone_number: '+15005550006', account_sid: A })
    }
    refused(await get(own(), test), 403, 20008)
    expect(await balance()).toBe('10.00')
  })

  it('31: methods and paths that are not known', async () => {
    refused(await ask('PUT', own(`/PN${'0'.repeat(32)}.json`)), 405, 20004)
    refused(await get('/Nothing.json'), 404, 20404)
    refused(await get(`/accounts/${A}/IncomingPhoneNumbers.json`), 404, 20404)
  })

  it('32: errors in XML', async () => {
    const answer = await get(own(`/PN${'0'.repeat(32)}.xml`))
    expect(answer.status).toBe(404)
    const { RestException } = new XMLParser().parse(answer.text).TwilioResponse
    expect(RestException).toMatchObject({ Code: 20404, Status: 404 })
    expect(RestException.MoreInfo).toBe('https://www.twilio.com/docs/errors/20404')
  })
})
