/** Filters and refusals of cm: honoured or refused, under the name that was sent. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { ACCOUNT, cmClient, cmWorld, P1, P2, REQUESTS } from './client.ts'

const NUMBERS = `/voice-phonenumbersapi/v1/${ACCOUNT}/phoneNumbers`
const AVAILABILITY = `${REQUESTS}/availability?companyProfileGuid=${P1}&phoneNumberType=LOCAL&areaCode=020`

describe.each(engines())('cm filters on %s', engine => {
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

  const guids = async (query: string) =>
    (await api.ask('GET', `${REQUESTS}?${query}`)).body.map((each: { guid: string }) => each.guid)

  it('requests are filtered by status and profile, in any case', async () => {
    const done = (await api.request({})).body.guid
    const waiting = (await api.request({ quantity: 50 })).body.guid
    expect(await guids('status=completed')).toEqual([done])
    expect(await guids('Status=PENDING')).toEqual([waiting])
    expect(await guids('status=')).toEqual([waiting, done])
    expect(await guids(`companyProfileGuid=${P1.toUpperCase()}`)).toEqual([waiting, done])
    expect(await guids(`companyProfileGuid=${P2}`)).toEqual([])
  })

  it.each([
    [`${REQUESTS}?status=DONE`, 'Status'],
    [`${REQUESTS}?status=__proto__`, 'Status'],
    [`${REQUESTS}?companyProfileGuid=abc`, 'CompanyProfileGuid'],
    [`${REQUESTS}?Take=x`, 'Take'],
    [`${NUMBERS}?skip=-1`, 'Skip'],
    [`${AVAILABILITY}&quantity=many`, 'Quantity'],
    [`${AVAILABILITY}&amount=many`, 'Amount'],
    [`${AVAILABILITY}&size=ten`, 'Size'],
    [`${AVAILABILITY}&rangeSize=1.5`, 'RangeSize'],
    [`${REQUESTS}/restrictions?countryCode=NLD`, 'CountryCode'],
    [`${REQUESTS}/localeOptions?countryCode=NL&phoneNumberType=MOBILE`, 'PhoneNumberType'],
  ])('E11: GET %s names %s', async (path, name) => {
    const { status, body } = await api.ask('GET', path)
    expect([status, Object.keys(body.errors)]).toEqual([400, [name]])
  })

  it.each([
    [{ quantity: 0 }, 'Quantity'],
    [{ quantity: undefined, amount: 0 }, 'Amount'],
    [{ quantity: undefined, numberOfNumbers: 1001 }, 'NumberOfNumbers'],
    [{ quantity: undefined, amount: '2' }, 'Amount'],
    [{ QUANTITY: 0, quantity: undefined }, 'Quantity'],
    [{ quantity: undefined }, 'Quantity'],
    [{ quantity: 10, size: 7 }, 'Size'],
    [{ phoneNumberType: undefined, type: 'NATIONAL' }, 'Type'],
    [{ companyProfileGuid: undefined, companyProfileId: 'x' }, 'CompanyProfileId'],
    [{ remark: 'x'.repeat(1001) }, 'Remark'],
    [{ areaCode: '0' }, 'AreaCode'],
    [{ areaCode: '- 0 -' }, 'AreaCode'],
    [{ areaCode: '123456789' }, 'AreaCode'],
  ])('E11: a request with %j names %s', async (more, name) => {
    const { status, body } = await api.request(more)
    expect([status, Object.keys(body.errors)]).toEqual([400, [name]])
  })

  it('A10: a profile is of countries that there are', async () => {
    const at = `/voice-companyprofilesapi/v1/${ACCOUNT}/companyProfiles`
    for (const [name, property] of [
      ['countryCode', 'CountryCode'],
      ['phoneNumberCountryCode', 'PhoneNumberCountryCode'],
    ] as const) {
      for (const code of ['QQ', '12', '  ', 'NLD']) {
        const { status, body } = await api.ask('PUT', `${at}/${P1}`, { [name]: code })
        expect([name, code, status, Object.keys(body.errors)]).toEqual([name, code, 400, [property]])
      }
      expect((await api.ask('PUT', `${at}/${P1}`, { [name]: 'nl' })).status).toBe(200)
    }
  })

  it('types of a profile have no order and count once: sent otherwise they are no change to be reviewed', async () => {
    const path = `/voice-companyprofilesapi/v1/${ACCOUNT}/companyProfiles/${P1}`
    const { phoneNumberTypes, status } = (await api.ask('GET', path)).body
    expect([status, phoneNumberTypes]).toEqual(['APPROVED', ['LOCAL', 'TOLLFREE']])
    const same = await api.ask('PUT', path, { phoneNumberTypes: ['TOLLFREE', 'local', 'TOLL_FREE'] })
    expect(same.body.status).toBe('APPROVED')
    const other = await api.ask('PUT', path, { phoneNumberTypes: ['LOCAL', 'LOCAL'] })
    expect(other.body).toMatchObject({ status: 'IN_REVIEW', phoneNumberTypes: ['LOCAL'] })
  })

  it('lists are read whole, each item once, page by page', async () => {
    for (let i = 0; i < 3; i++) await api.request({})
    for (const [path, key, count] of [
      [REQUESTS, 'guid', 3],
      [NUMBERS, 'guid', 6],
    ] as const) {
      const seen: string[] = []
      for (let skip = 0; ; skip += 2) {
        const { body, headers } = await api.ask('GET', `${path}?skip=${skip}&take=2`)
        expect(headers.get('x-cm-pagination-total')).toBe(String(count))
        if (body.length === 0) break
        seen.push(...body.map((each: Record<string, string>) => each[key]))
      }
      expect([seen.length, new Set(seen).size]).toEqual([count, count])
    }
  })
})
