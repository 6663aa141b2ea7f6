import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { AC1, AC2, v1Client, v1World } from './client.ts'

const SEARCH = '/v1/api/AvailableNumbers'
const COLLECTION = `/v1/Account/${AC1}/ActiveNumbers/`
const INSTANCE = `/v1/Accounts/${AC1}/ActiveNumbers/ActiveNumbers/PN+12135550111`

describe.each(engines())('sinch-v1 vectors on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let api: ReturnType<typeof v1Client>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  beforeEach(async () => {
    w = await worlds.open(v1World)
    api = v1Client(w)
  })

  const numbers = async (query: string) => {
    const { body } = await api.ask('GET', `${SEARCH}?${query}`)
    return body.items.map((item: { phone_number: string }) => item.phone_number)
  }
  const balance = async () => (await w.core.ledger.balance(1, 'USD'))?.balance

  it('1, 2: search by country and service, names in any case', async () => {
    const query = 'geography.iso_country=US&capabilities.SMS.inbound_connectivity=true'
    const { status, body } = await api.ask('GET', `${SEARCH}?${query}`)
    expect(status).toBe(200)
    expect(body.items.map((item: { phone_number: string }) => item.phone_number)).toEqual([
      '+12135550112',
      '+12135550113',
    ])
    expect(body.meta).toMatchObject({ page: 0, key: 'items', next_page_url: null, previous_page_url: null })
    const other = 'geography.iso_country=US&capabilities.sms.INBOUND_connectivity=True'
    expect(await numbers(other)).toEqual(await numbers(query))
  })

  it('3: no boolean', async () => {
    const { status, body } = await api.ask('GET', `${SEARCH}?capabilities.Voice.e911=maybe`)
    expect([status, body.code]).toEqual([400, 20001])
  })

  it('4: one number, escaped or not; a prefix; a wildcard', async () => {
    for (const text of ['%2B12135550112', '+12135550112']) {
      expect(await numbers(`phone_number=${text}`)).toEqual(['+12135550112'])
    }
    expect(await numbers('phone_number=%2B1213')).toHaveLength(2)
    expect(await numbers('phone_number=%2B1*135550113')).toEqual(['+12135550113'])
  })

  it('5, 6: pages', async () => {
    const { body } = await api.ask('GET', `${SEARCH}?geography.iso_country=US&PageSize=1`)
    expect(body.items).toHaveLength(1)
    const next = new URL(body.meta.next_page_url)
    expect([next.searchParams.get('Page'), next.searchParams.get('PageSize')]).toEqual(['1', '1'])
    const second = (await api.ask('GET', body.meta.next_page_url)).body
    expect(second.items[0].phone_number).toBe('+12135550113')
    expect(second.meta).toMatchObject({ next_page_url: null, previous_page_url: expect.stringContaining('Page=0') })
    const { status, body: refused } = await api.ask('GET', `${SEARCH}?PageSize=1001`)
    expect([status, refused.code]).toEqual([400, 20007])
  })

  it('7: prices are compared as numbers', async () => {
    const { body } = await api.ask('GET', `${SEARCH}?base_recurring_price=2`)
    expect(body.items.map((item: { base_recurring_price: string }) => item.base_recurring_price)).toEqual([
      '2.0',
      '2.0',
    ])
    expect((await api.ask('GET', `${SEARCH}?base_setup_price=two`)).status).toBe(400)
  })

  it('8, 9: buying, and once more', async () => {
    const buy = () =>
      api.ask('POST', `${COLLECTION}?phoneNumber=%2B12135550112`, { voice: { url: 'example.com', method: 'post' } })
    const { status, body } = await buy()
    expect(status).toBe(200)
    expect(body).toMatchObject({ phone_number: '+12135550112', accountSid: AC1, friendlyName: '(213) 555-0112' })
    expect(body.configuration).toMatchObject({ voice: { url: 'example.com', method: 'POST' }, sms: { url: null } })
    expect(await balance()).toBe(97_000_000)
    const again = await buy()
    expect([again.status, again.body.code, again.body.status]).toEqual([400, 21452, 400])
    expect(again.body.more_info).toMatch(/21452$/)
    expect(await balance()).toBe(97_000_000)
  })

  it('10: no slash, no body, a raw plus', async () => {
    const { status, body } = await api.ask('POST', `${COLLECTION.slice(0, -1)}?phoneNumber=+4930123456`)
    expect([status, body.friendlyName]).toEqual([200, '+4930123456'])
  })

  it('11, 12: an identity that is missing, a number that is missing', async () => {
    const unproved = await api.ask('POST', `${COLLECTION}?phoneNumber=+12135550113`)
    expect([unproved.status, unproved.body.code]).toEqual([400, 21650])
    expect((await api.ask('POST', COLLECTION)).body.code).toBe(21452)
    expect(await balance()).toBe(100_000_000)
  })

  it('13, 14: both spellings of the instance, and what is none', async () => {
    const { status, body } = await api.ask('GET', INSTANCE)
    expect([status, body.phone_number]).toEqual([200, '+12135550111'])
    expect((await api.ask('GET', `/v1/Account/${AC1}/ActiveNumbers/PN12135550111/`)).body).toEqual(body)
    for (const name of ['PN+15559999999', 'PNabc', 'PN0123456789abcdef0123456789abcdef']) {
      const missing = await api.ask('GET', `/v1/Accounts/${AC1}/ActiveNumbers/ActiveNumbers/${name}`)
      expect([missing.status, missing.body.code]).toEqual([404, 20404])
    }
  })

  it('15, 16: partial changes, and back to the default', async () => {
    const change = { friendlyName: 'Desk', configuration: { sms: { url: 'sms.example' } } }
    const { body } = await api.ask('POST', INSTANCE, change)
    expect(body).toMatchObject({ friendlyName: 'Desk', phone_number: '+12135550111' })
    expect(body.configuration).toMatchObject({ sms: { url: 'sms.example', method: 'POST' }, voice: { url: null } })
    expect((await api.ask('POST', INSTANCE, { friendlyName: null })).body.friendlyName).toBe('(213) 555-0111')
  })

  it.each([
    [17, { friendlyName: 'x'.repeat(65) }],
    [18, { configuration: { voice: { method: 'PUT' } } }],
    [21, { configuration: 'x' }],
    [21, '{"configuration":'],
  ])('%i: %j is refused and changes nothing', async (_, body) => {
    const before = (await api.ask('GET', INSTANCE)).body
    const { status, body: refused } = await api.ask('POST', INSTANCE, body)
    expect([status, refused.code]).toEqual([400, 20001])
    expect((await api.ask('GET', INSTANCE)).body).toEqual(before)
  })

  it('19: read-only members are ignored, the callback stands twice', async () => {
    const sent = { phone_number: '+1999', base_setup_price: '0.0', statusCallback: 'cb.example' }
    const { status, body } = await api.ask('POST', INSTANCE, sent)
    expect([status, body.phone_number, body.base_setup_price]).toEqual([200, '+12135550111', '1.0'])
    expect([body.statusCallback, body.configuration.status_callback_url]).toEqual(['cb.example', 'cb.example'])
  })

  it('20: an empty body with a JSON content type', async () => {
    const before = (await api.ask('GET', INSTANCE)).body
    const { status, body } = await api.ask('POST', INSTANCE, '')
    expect([status, body]).toEqual([200, before])
  })

  it('22: by voice application', async () => {
    await api.ask('POST', INSTANCE, { configuration: { voice: { application_sid: 'AP1' } } })
    const list = async (sid: string) =>
      (await api.ask('GET', `${COLLECTION}?Configuration.voice.application_sid=${sid}`)).body.items.length
    expect([await list('AP1'), await list('AP2')]).toEqual([1, 0])
  })

  it('23: release', async () => {
    const gone = await api.ask('DELETE', INSTANCE)
    expect([gone.status, gone.text, gone.headers.get('content-length')]).toEqual([200, '', '0'])
    expect((await api.ask('GET', INSTANCE)).status).toBe(404)
    expect((await api.ask('GET', COLLECTION)).body.items).toEqual([])
    expect((await api.ask('DELETE', INSTANCE)).status).toBe(404)
  })

  it('24, 25: a wrong password, and another account', async () => {
    const wrong = await api.ask('GET', COLLECTION, undefined, api.basic(AC1, 'nope'))
    expect([wrong.status, wrong.body.code]).toEqual([401, 20003])
    expect(wrong.headers.get('www-authenticate')).toBe('Basic realm="Numbers API"')
    const other = await api.ask('GET', `/v1/Accounts/${AC2}/ActiveNumbers`)
    expect([other.status, other.body.code]).toEqual([404, 20404])
  })

  it('without credentials: only accounts that allow it', async () => {
    expect((await api.ask('GET', COLLECTION, undefined, null)).status).toBe(401)
    const open = `/v1/Accounts/${AC1.slice(0, -1)}3/ActiveNumbers`
    expect((await api.ask('GET', open, undefined, null)).status).toBe(200)
    expect((await api.ask('GET', open, undefined, api.basic('x', 'y'))).status).toBe(401)
  })

  it('callbacks: a change and the release, as a form, by https where no scheme is named', async () => {
    await api.ask('POST', INSTANCE, { statusCallback: 'http://127.0.0.1:9/cb' })
    await api.ask('DELETE', INSTANCE)
    await w.sender.tick()
    const { items } = await w.core.outbox.deliveries({}, { limit: 9, offset: 0 })
    const events = items.map(({ url, body }) => [url, new URLSearchParams(body).get('Event')])
    expect(events.sort()).toEqual([
      ['http://127.0.0.1:9/cb', 'configured'],
      ['http://127.0.0.1:9/cb', 'released'],
    ])
  })
})
