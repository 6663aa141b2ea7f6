/** Lists and filters of sinch: honoured or refused by the name that was sent, and whole while numbers come and go. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { P1, sinchClient, sinchWorld } from './client.ts'

const us = (last: number) => `+1202555${String(last).padStart(4, '0')}`
const many = Array.from({ length: 12 }, (_, i) => us(200 + i))
const world = {
  ...sinchWorld,
  numbers: [
    ...(sinchWorld.numbers as object[]),
    ...many.map(e164 => ({
      ...{ e164, country: 'US', type: 'local', currency: 'EUR', capabilities: 'voice;sms' },
      ...{ setup_price: '0.50', monthly_price: '0.80' },
    })),
    {
      ...{ e164: us(900), country: 'US', type: 'local', currency: 'EUR', capabilities: 'voice' },
      ...{ setup_price: '0', monthly_price: '0', required_documents: 'id' },
    },
  ],
} as typeof sinchWorld

describe.each(engines())('sinch lists on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let api: ReturnType<typeof sinchClient>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  beforeEach(async () => {
    w = await worlds.open(world)
    api = sinchClient(w)
  })

  const rent = (e164: string) => api.ask('POST', `/availableNumbers/${e164}:rent`, {})
  const end = async (e164: string) => {
    const caller = await w.core.accounts.callerFor((await w.core.accounts.get(1)) as never)
    const lease = (await w.core.numbers.leaseOf(e164))?.lease.id as number
    await w.core.numbers.release(caller, [lease], { kind: 'now' })
  }
  const list = async (query: string) => (await api.ask('GET', `/activeNumbers?${query}`)).body
  const numbersIn = (body: { activeNumbers: { phoneNumber: string }[] }) => body.activeNumbers.map(x => x.phoneNumber)
  const fieldsOf = (body: { error: { details: { fieldViolations: { field: string }[] }[] } }) =>
    body.error.details[0]?.fieldViolations.map(({ field }) => field)

  it.each([
    'phoneNumber',
    'displayName',
  ])('A34: numbers that come and go between pages by %s are neither missed nor repeated', async orderBy => {
    const stay = many.filter((_, i) => i % 2 === 0)
    const go = many.filter((_, i) => i % 2 === 1)
    for (const [i, e164] of many.entries()) {
      await rent(e164)
      // the same name several times: the number decides
      await api.ask('PATCH', `/activeNumbers/${e164}`, { displayName: i < 5 ? 'a' : `Über ${String(i % 3)}` })
    }
    const whole = numbersIn(await list(`orderBy=${orderBy}&pageSize=1000`))
    expect(whole).toHaveLength(12)
    const seen: string[] = []
    for (let token = '', page = 0; ; page++) {
      const body = await list(`orderBy=${orderBy}&pageSize=3${token && `&pageToken=${token}`}`)
      seen.push(...numbersIn(body))
      token = body.nextPageToken
      if (token === '') break
      // one that was shown goes, so does the one that the page ended with, and one comes in front
      const last = seen.at(-1) as string
      for (const e164 of [last, go[page]].filter(each => each && go.includes(each))) {
        await end(e164 as string).catch(() => undefined)
      }
      if (page === 0) await rent(us(134))
    }
    expect(seen.filter(each => stay.includes(each)).sort()).toEqual(stay)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.filter(each => many.includes(each))).toEqual(whole.filter(each => seen.includes(each)))
  })

  it('A34: a page that ends with the last number has no token, though others were counted', async () => {
    for (const e164 of many.slice(0, 4)) await rent(e164)
    const first = await list('pageSize=2')
    for (const e164 of many.slice(2, 4)) await end(e164)
    expect(await list(`pageSize=2&pageToken=${first.nextPageToken}`)).toMatchObject({
      ...{ activeNumbers: [], nextPageToken: '', totalSize: 2 },
    })
  })

  it('A34: a token of another list, order or project, or one that was changed, is refused by name', async () => {
    for (const e164 of many.slice(0, 4)) await rent(e164)
    const { nextPageToken: token } = await list('pageSize=1')
    expect(token).toMatch(/^[\w-]+$/)
    const flipped = [...token].map(
      (letter, at) => token.slice(0, at) + (letter === 'A' ? 'B' : 'A') + token.slice(at + 1),
    )
    const made = Buffer.from(JSON.stringify(['after', us(134)])).toString('base64url')
    const others = [
      ...flipped,
      `${token}A`,
      `${token}=`,
      token.slice(1),
      token.slice(0, -1),
      made,
      'x',
      'x'.repeat(9000),
    ]
    for (const pageToken of others) {
      const { status, body } = await api.ask('GET', `/activeNumbers?pageToken=${pageToken}`)
      expect([status, fieldsOf(body)], pageToken).toEqual([400, ['pageToken']])
    }
    for (const query of ['orderBy=displayName', 'capability=SMS', 'type=LOCAL', 'numberPattern.pattern=5']) {
      expect((await api.ask('GET', `/activeNumbers?${query}&pageToken=${token}`)).status, query).toBe(400)
    }
    // what does not decide what is in the list may change
    for (const query of ['pageSize=9', 'orderBy=phoneNumber', '_=17']) {
      expect((await api.ask('GET', `/activeNumbers?${query}&pageToken=${token}`)).status, query).toBe(200)
    }
  })

  const SPELLINGS = [
    ...['capability=SMS&capability=VOICE', 'capabilities=SMS&capabilities=VOICE', 'capability=SMS,VOICE'],
    ...['capabilities=VOICE,SMS', 'capability=SMS&capabilities=VOICE', 'capabilities[]=SMS&capabilities[]=VOICE'],
  ]

  it.each(SPELLINGS)('A35: ?%s is one filter, of rented numbers and of those to rent', async query => {
    await rent(us(134))
    await rent(us(135))
    const bound = await list(query)
    expect([numbersIn(bound), bound.totalSize]).toEqual([[us(134)], 1])
    const { body } = await api.ask('GET', `/availableNumbers?regionCode=US&type=LOCAL&size=100&${query}`)
    expect(body.availableNumbers.map((x: { phoneNumber: string }) => x.phoneNumber)).toEqual(many)
  })

  it('A35: a token goes on under the other spelling', async () => {
    for (const e164 of many.slice(0, 3)) await rent(e164)
    const { nextPageToken } = await list('capability=SMS&capability=VOICE&pageSize=2')
    expect(numbersIn(await list(`capabilities=VOICE,SMS&pageSize=2&pageToken=${nextPageToken}`))).toEqual([many[2]])
  })

  it('A35: types of regions, repeated or joined', async () => {
    const regions = async (query: string) => (await api.ask('GET', `/availableRegions?${query}`)).body.availableRegions
    const both = await regions('types=LOCAL&types=MOBILE')
    expect(await regions('types=LOCAL,MOBILE')).toEqual(both)
    expect(await regions('type=MOBILE')).toEqual([{ regionCode: 'SE', regionName: 'SE', types: ['MOBILE'] }])
  })

  it.each([
    ['/activeNumbers?capability=FAX', ['capability']],
    ['/activeNumbers?capabilities=FAX', ['capabilities']],
    ['/activeNumbers?capabilities=FAX,MMS&capability=X', ['capabilities', 'capability']],
    ['/activeNumbers?capability=__proto__', ['capability']],
    ['/activeNumbers?type=PINK&regionCode=USA', ['regionCode', 'type']],
    ['/activeNumbers?orderBy=price', ['orderBy']],
    ['/activeNumbers?pageSize=0', ['pageSize']],
    ['/activeNumbers?numberPattern.searchPattern=MIDDLE', ['numberPattern.searchPattern']],
    ['/activeNumbers?numberPattern.searchPattern=constructor', ['numberPattern.searchPattern']],
    ['/activeNumbers?numberPattern.pattern=12a', ['numberPattern.pattern']],
    ['/availableNumbers?regionCode=US&type=LOCAL&capability=FAX', ['capability']],
    ['/availableNumbers?regionCode=US&type=LOCAL&size=x', ['size']],
    ['/availableRegions?types=LOCAL&types=PINK', ['types']],
    ['/availableRegions?type=PINK', ['type']],
  ])('E11: GET %s names %j', async (path, fields) => {
    const { status, body } = await api.ask('GET', path)
    expect([status, fieldsOf(body)]).toEqual([400, fields])
  })

  it('a pattern that says nothing is none, in a query and in a body', async () => {
    const empty = { pattern: '', searchPattern: '' }
    for (const numberPattern of [{}, empty, { searchPattern: 'END' }, { pattern: '555', searchPattern: '' }]) {
      const query = new URLSearchParams({ regionCode: 'US', type: 'LOCAL', size: '1' })
      for (const [name, value] of Object.entries(numberPattern)) query.append(`numberPattern.${name}`, value)
      expect((await api.ask('GET', `/availableNumbers?${query}`)).body.availableNumbers).toHaveLength(1)
      const body = { regionCode: 'US', type: 'LOCAL', numberPattern }
      expect((await api.ask('POST', '/availableNumbers:rentAny', body)).status, JSON.stringify(body)).toBe(200)
    }
  })

  it('E11: a body names its own members', async () => {
    const body = { regionCode: 'US', type: 'LOCAL', capabilities: ['FAX'], numberPattern: { pattern: 'x' } }
    const answer = await api.ask('POST', '/availableNumbers:rentAny', body)
    expect([answer.status, fieldsOf(answer.body)]).toEqual([400, ['capabilities', 'numberPattern.pattern']])
  })

  it('B9: numbers that need documents are offered as such, renting one says why, and an order can be made', async () => {
    const argentine = '+541139862174'
    const { availableRegions } = (await api.ask('GET', '/availableRegions')).body
    expect(availableRegions.map((x: { regionCode: string }) => x.regionCode).sort()).toEqual(['AR', 'SE', 'US'])
    const pattern = '&numberPattern.pattern=0900&numberPattern.searchPattern=END'
    for (const [query, e164] of [
      ['regionCode=AR&type=LOCAL', argentine],
      [`regionCode=US&type=LOCAL${pattern}`, us(900)],
    ] as const) {
      const shown = { phoneNumber: e164, supportingDocumentationRequired: true }
      const search = await api.ask('GET', `/availableNumbers?${query}`)
      expect(search.body.availableNumbers).toMatchObject([shown])
      expect((await api.ask('GET', `/availableNumbers/${e164}`)).body).toMatchObject(shown)
      const { status, body } = await rent(e164)
      expect([status, fieldsOf(body), body.error.message]).toEqual([
        ...[400, ['phoneNumber'], expect.stringContaining('number order')],
      ])
      const order = { regionCode: e164 === argentine ? 'AR' : 'US', numberType: 'LOCAL' }
      const option = { numberOrderOption: { phoneNumbers: [e164] } }
      expect((await api.ask('POST', '/numberOrders:createNumberOrder', { ...order, ...option })).status).toBe(200)
    }
    const any = { regionCode: 'US', type: 'LOCAL', numberPattern: { pattern: '0900', searchPattern: 'END' } }
    expect((await api.ask('POST', '/availableNumbers:rentAny', any)).status).toBe(404)
    expect((await w.core.ledger.balance(1, 'EUR'))?.balance).toBe(100_000_000)
    expect((await w.core.accounts.get(1))?.guid).toBe(P1)
  })

  it.each([
    ['displayName', '', ''],
    ['displayName', null, ''],
    ['callbackUrl', '', ''],
    ['callbackUrl', null, ''],
  ])('A33: %s is cleared by %j', async (member, sent, shown) => {
    await rent(us(134))
    const set = { displayName: 'Desk', callbackUrl: 'https://hooks.example/n' }
    expect((await api.ask('PATCH', `/activeNumbers/${us(134)}`, set)).body).toMatchObject(set)
    const { body } = await api.ask('PATCH', `/activeNumbers/${us(134)}`, { [member]: sent })
    expect(body).toMatchObject({ ...set, [member]: shown })
  })
})
