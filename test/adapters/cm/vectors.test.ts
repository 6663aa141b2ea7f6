import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { file } from '../../support/lines.ts'
import { receiver } from '../../support/receiver.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { ACCOUNT, cmClient, cmWorld, FOREIGN, OTHER, P2, P3, REQUESTS } from './client.ts'

const NULLS = { id: null, start: null, validFrom: null, validTo: null }

describe.each(engines())('cm vectors on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let api: ReturnType<typeof cmClient>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  beforeEach(async () => {
    w = await worlds.open(cmWorld())
    api = cmClient(w)
  })

  const balance = async () => (await w.core.ledger.balance(12, 'EUR'))?.balance
  const owned = async () => (await w.core.numbers.owned({ accountIds: [12] }, { limit: 100, offset: 0 })).items

  it('1, 2: two numbers, at once', async () => {
    const { status, body } = await api.request({})
    expect(status).toBe(200)
    expect(body).toMatchObject({ quantity: 2, ...NULLS })
    expect(body.phoneNumberRanges).toEqual(Array(2).fill({ ...NULLS, size: 1 }))
    const later = (await api.read(body.guid)).body
    expect(later).toMatchObject({ status: 'COMPLETED', validTo: null, statusReason: expect.any(String) })
    for (const range of later.phoneNumberRanges) expect(range.start).toMatch(/^\+3120/)
    expect(later.phoneNumberRanges[0].validFrom).toBe('2026-06-01T00:00:00')
    expect(await balance()).toBe(994_000_000)
  })

  it('3: more than there is', async () => {
    const { body } = await api.request({ quantity: 50 })
    expect(body.status).toBe('PENDING')
    expect((await api.read(body.guid)).body.phoneNumberRanges[0]).toEqual({ ...NULLS, size: 1 })
    expect(await balance()).toBe(1_000_000_000)
    expect(await owned()).toEqual([])
  })

  it('4: a range of ten', async () => {
    const { body } = await api.request({ quantity: 10, rangeSize: 10 })
    const { phoneNumberRanges } = (await api.read(body.guid)).body
    expect(phoneNumberRanges).toMatchObject([{ size: 10, start: '+31201234560' }])
    const numbers = (await owned()).map(({ number }) => number.e164).sort()
    expect(numbers).toEqual(Array.from({ length: 10 }, (_, i) => `+3120123456${i}`))
  })

  it.each([
    [5, { quantity: 15, rangeSize: 10 }, ['Quantity']],
    [6, { rangeSize: 7 }, ['RangeSize']],
    [7, { quantity: 0 }, ['Quantity']],
    [7, { quantity: 1001 }, ['Quantity']],
    [7, { quantity: undefined }, ['Quantity']],
    [8, { quantity: '2' }, ['Quantity']],
    [9, { areaCode: undefined }, ['AreaCode', 'City']],
    [12, { companyProfileGuid: P2, areaCode: '512' }, ['Region']],
    [14, { phoneNumberType: 'NATIONAL' }, ['PhoneNumberType']],
    [15, { companyProfileGuid: P3 }, ['CompanyProfileGuid']],
    [15, { companyProfileGuid: FOREIGN }, ['CompanyProfileGuid']],
    [15, { companyProfileGuid: '7c1d0000-0000-4000-8000-0000000000ff' }, ['CompanyProfileGuid']],
    [20, { callbackUrl: 'ftp://x' }, ['CallbackUrl']],
    [20, { callbackUrl: 'abc' }, ['CallbackUrl']],
  ])('%i: %j is refused', async (_, more, keys) => {
    const { status, body, headers } = await api.request(more)
    expect([status, headers.get('content-type'), Object.keys(body.errors)]).toEqual([
      400,
      'application/problem+json',
      keys,
    ])
    expect((await w.core.orders.list({}, { limit: 1, offset: 0 })).total).toBe(0)
  })

  it('10, 11: a city alone, a city and an area that do not meet', async () => {
    expect((await api.request({ areaCode: undefined, city: 'Amsterdam' })).status).toBe(200)
    const { status, body } = await api.request({ city: 'Rotterdam' })
    expect([status, body.status]).toEqual([200, 'PENDING'])
  })

  it('13: Austin, Texas', async () => {
    const more = { companyProfileGuid: P2, areaCode: undefined, region: 'TX', city: 'Austin', quantity: 1 }
    const { body } = await api.request(more)
    expect((await api.read(body.guid)).body.start).toMatch(/^\+1512/)
  })

  it('16, 17: no token, a wrong one, and one of another account', async () => {
    for (const token of [null, 'nope']) expect((await api.ask('GET', REQUESTS, undefined, token)).status).toBe(401)
    const { status, body } = await api.ask('GET', REQUESTS.replace(ACCOUNT, OTHER))
    expect([status, body.title]).toEqual([401, 'Unauthorized'])
  })

  it('18: any case, and a trailing slash', async () => {
    const path = `${REQUESTS.replace('numberRequests', 'NUMBERREQUESTS')}/`
    expect((await api.ask('GET', path)).body).toEqual((await api.ask('GET', REQUESTS)).body)
  })

  it('19: an operator completes a waiting request, and its callback tells of it once', async () => {
    const target = await receiver()
    const { body } = await api.request({ quantity: 16, callbackUrl: target.url })
    const order = await w.core.orders.byGuid(body.guid)
    await expect(w.core.orders.complete(null, order?.id ?? 0, 'here')).rejects.toMatchObject({
      code: 'number_unavailable',
    })
    const row = {
      e164: '+31201234599',
      country: 'NL',
      type: 'local',
      area_code: '20',
      city: 'Amsterdam',
      currency: 'EUR',
      setup_price: '0',
      monthly_price: '0',
    }
    await w.core.numbers.block(null, '+31201234512', 'held for the test')
    await w.core.imports.run(file([row]), { owned: false, keepGood: false })
    await w.core.numbers.unblock(null, '+31201234512', 'on the shelf again')
    await w.sender.tick()
    target.close()
    expect(target.accepted).toHaveLength(1)
    expect(target.accepted[0]).toEqual((await api.read(body.guid)).body)
    expect(target.accepted[0]).toMatchObject({ status: 'COMPLETED', statusReason: expect.any(String) })
    for (const { start } of target.accepted[0].phoneNumberRanges) expect(start).toMatch(/^\+3120/)
  })

  it('21: cancelling', async () => {
    const target = await receiver()
    const { body } = await api.request({ quantity: 50, callbackUrl: target.url })
    const cancel = () => api.ask('PUT', `${REQUESTS}/${body.guid}/cancel`)
    const first = await cancel()
    expect([first.status, first.body.status]).toEqual([200, 'CANCELLED'])
    expect((await cancel()).status).toBe(409)
    await w.sender.tick()
    target.close()
    expect(target.accepted.map(each => each.status)).toEqual(['CANCELLED'])
  })

  it('22, 23: pages and their headers', async () => {
    for (const _ of [1, 2, 3]) await api.request({ quantity: 50 })
    const { body, headers } = await api.ask('GET', `${REQUESTS}?skip=1&take=1`)
    const shown = ['skip', 'take', 'total'].map(name => headers.get(`x-cm-pagination-${name}`))
    expect([body.length, ...shown]).toEqual([1, '1', '1', '3'])
    const far = await api.ask('GET', `${REQUESTS}?Skip=10`)
    expect([far.body, far.headers.get('x-cm-pagination-total')]).toEqual([[], '3'])
    expect((await api.ask('GET', `${REQUESTS}?take=x`)).status).toBe(400)
  })

  it('24: statuses', async () => {
    const { body } = await api.ask('GET', `${REQUESTS}/statuses`)
    const words = ['PENDING', 'ACCEPTED', 'COMPLETED', 'REJECTED', 'CANCELLED']
    expect(body.map((each: { status: string }) => each.status)).toEqual(words)
  })

  it('25: requests that do not exist', async () => {
    for (const guid of ['7c1d0000-0000-4000-8000-0000000000ff', 'abc']) expect((await api.read(guid)).status).toBe(404)
  })

  it('advice: restrictions, places, availability, requirements', async () => {
    const query = 'countryCode=NL&phoneNumberType=LOCAL'
    expect((await api.ask('GET', `${REQUESTS}/restrictions?${query}`)).body.allowedRangeSizes).toEqual([10, 100])
    const places = await api.ask('GET', `${REQUESTS}/localeOptions?countryCode=US&phoneNumberType=LOCAL`)
    expect(places.body).toEqual([{ region: 'TX', regionName: 'TX', city: 'Austin', areaCodes: ['512'] }])
    const asked = `companyProfileGuid=${w ? '7c1d0000-0000-4000-8000-000000000001' : ''}&phoneNumberType=LOCAL&areaCode=020`
    const { body } = await api.ask('GET', `${REQUESTS}/availability?${asked}&quantity=16`)
    expect(body).toEqual({ available: true, availableQuantity: 15, directlyAssignable: false })
    const path = `/voice-companyprofilesapi/v1/${ACCOUNT}`
    expect((await api.ask('GET', `${path}/requirements/DE`)).body[0].type).toBe(3)
    expect((await api.ask('GET', `${path}/requiredFields/NL`)).body).toEqual([])
  })

  it('company profiles: created, incomplete until their types are known, approved, changed', async () => {
    const path = `/voice-companyprofilesapi/v1/${ACCOUNT}/companyProfiles`
    const form = {
      name: 'Main',
      companyName: 'A BV',
      businessRegisterNumber: '1',
      representativeFirstName: 'Ann',
      representativeLastName: 'Example',
      countryCode: 'NL',
      city: 'Amsterdam',
      postalCode: '1012',
      street: 'Street 1',
    }
    const created = await api.ask('POST', path, form)
    expect([created.status, created.body.status]).toEqual([200, 'INCOMPLETE'])
    const guid = created.body.guid
    const changed = await api.ask('PUT', `${path}/${guid}`, {
      PhoneNumberTypes: ['LOCAL'],
      emailAddresses: ['x@example.com'],
    })
    expect(changed.body).toMatchObject({ status: 'IN_REVIEW', companyName: 'A BV', phoneNumberTypes: ['LOCAL'] })
    const profile = await w.core.companyProfiles.byGuid(guid)
    await w.core.companyProfiles.review(null, profile?.id ?? 0, 'approved', 'fine')
    expect((await api.request({ companyProfileGuid: guid })).status).toBe(200)
    const bad = await api.ask('POST', path, { ...form, name: '', countryCode: 'NLD' })
    expect([bad.status, Object.keys(bad.body.errors)]).toEqual([400, ['Name', 'CountryCode']])
    const numbers = await api.ask('GET', `/voice-phonenumbersapi/v1/${ACCOUNT}/phoneNumbers?take=1`)
    expect(numbers.body[0]).toMatchObject({ companyProfileGuid: guid, validTo: null })
    expect(numbers.headers.get('x-cm-pagination-total')).toBe('2')
  })
})
