/** A filter finds exactly the numbers whose fields show what it asks for, on the shelf and among those that an account owns. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PhoneNumber } from '../../core/ground/model.ts'
import type { NumberFilter } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, market, number, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const ALL = { limit: 99, offset: 0 }
const dear = { setup_price: '3', monthly_price: '4', per_minute_price: '0.01' }
const hudson = { rate_center: 'NWYRCYZN01', lata: '132', latitude: '40.7128', longitude: '-74.0060' }
const harbor = { rate_center: 'LSAN DA 01', lata: '730', latitude: '34.0522', longitude: '-118.2437' }
const angels = { region: 'CA', city: 'Los Angeles', postal_code: 'CA-9a' }

/** One on the shelf, and one that is owned, of each; they end in odd and in even digits. */
const KINDS: [prefix: string, more: Record<string, string>][] = [
  ['1212555', { ...hudson, capabilities: 'voice' }],
  ['1212555', { ...hudson, capabilities: 'voice;sms', channels: '10', latitude: '40.9', postal_code: '10001' }],
  ['1212556', { ...dear, capabilities: 'voice;sms;mms', required_documents: 'address' }],
  ['1213555', { ...angels, ...harbor, capabilities: 'sms', required_documents: 'id;localaddress' }],
  ['1213777', { ...angels, ...harbor, capabilities: 'voice;fax', channels: '4', longitude: '-118.5' }],
  ['1800555', { type: 'toll_free', region: '', city: '', monthly_price: '4' }],
  ['3120555', { country: 'NL', area_code: '020', region: '', city: 'Amsterdam', currency: 'EUR' }],
  ['3161555', { country: 'NL', type: 'mobile', area_code: '', region: '', city: '', currency: 'EUR', ...dear }],
]
const stock = KINDS.flatMap(([prefix, more], n) => {
  const digits = 11 - prefix.length
  return [n * 2, n * 2 + 1].map(last => number(`+${prefix}${String(7000 + last).slice(-digits)}`, more))
})
const OWNED = stock.filter((_, n) => n % 2 === 1).map(({ e164 }) => String(e164))

const has = (...wanted: string[]) => {
  return ({ capabilities }: PhoneNumber) => wanted.every(each => (capabilities as string[]).includes(each))
}
const needs = (paper: string) => (each: PhoneNumber) => (each.requiredDocuments as string[]).includes(paper)
const matches = (pattern: RegExp) => (each: PhoneNumber) => pattern.test(each.e164.slice(1))
const pattern = (kind: 'starts' | 'contains' | 'ends', digits: string) => ({ pattern: { kind, digits } })
const near = (miles: number) => ({ near: { latitude: 40.7128, longitude: -74.006, miles } })
const west = (miles: number) => ({ near: { latitude: 34.0522, longitude: -118.2437, miles } })

const FILTERS: [NumberFilter, (number: PhoneNumber) => boolean][] = [
  [{}, () => true],
  [{ e164: '+12125557000' }, each => each.e164 === '+12125557000'],
  [{ e164: '+12125557001' }, each => each.e164 === '+12125557001'],
  [{ country: 'NL' }, each => each.country === 'NL'],
  [{ types: [] }, () => false],
  [{ types: ['mobile'] }, each => each.type === 'mobile'],
  [{ types: ['mobile', 'toll_free'] }, each => each.type === 'mobile' || each.type === 'toll_free'],
  [{ areaCode: '020' }, each => each.areaCode === '020'],
  [{ areaCode: '' }, each => each.areaCode === ''],
  [{ npaNxx: '212555' }, each => each.npaNxx === '212555'],
  [{ region: 'CA' }, each => each.region === 'CA'],
  [{ region: '' }, each => each.region === ''],
  [{ city: 'LOS angeles' }, each => each.city === 'Los Angeles'],
  [{ rateCenter: 'lsan da 01' }, each => each.rateCenter === 'LSAN DA 01'],
  [{ lata: '132' }, each => each.lata === '132'],
  [{ latitude: '40.9' }, each => each.latitude === '40.9'],
  [{ longitude: '-118.5' }, each => each.longitude === '-118.5'],
  [{ postalCode: 'ca-9A' }, each => each.postalCode === 'CA-9a'],
  [{ currency: 'EUR' }, each => each.currency === 'EUR'],
  [{ setupPrice: 3_000_000 }, each => each.setupPrice === 3_000_000],
  [{ monthlyPrice: 4_000_000 }, each => each.monthlyPrice === 4_000_000],
  [{ country: 'US', monthlyPrice: 4_000_000 }, each => each.country === 'US' && each.monthlyPrice === 4_000_000],
  [{ capabilities: [] }, () => true],
  [{ capabilities: ['sms'] }, has('sms')],
  [{ capabilities: ['voice', 'sms'] }, has('voice', 'sms')],
  [{ withoutCapabilities: ['fax', 'mms'] }, each => !has('fax')(each) && !has('mms')(each)],
  [{ withoutCapabilities: [] }, () => true],
  [{ capabilities: ['voice'], withoutCapabilities: ['sms'] }, each => has('voice')(each) && !has('sms')(each)],
  [{ documents: 'none' }, each => each.requiredDocuments.length === 0],
  [{ documents: 'some' }, each => each.requiredDocuments.length > 0],
  [{ needsDocument: 'address' }, needs('address')],
  [{ needsDocument: 'id' }, needs('id')],
  [{ needsNoDocument: ['address'] }, each => !needs('address')(each)],
  [{ needsNoDocument: ['id', 'address'] }, each => !needs('id')(each) && !needs('address')(each)],
  [{ needsNoDocument: [] }, () => true],
  [{ minimumChannels: 4 }, each => each.channels >= 4],
  [{ minimumChannels: 5 }, each => each.channels >= 5],
  [pattern('starts', ''), () => true],
  [pattern('starts', '1212'), matches(/^1212/)],
  [pattern('starts', '1.1255'), matches(/^1.1255/)],
  [pattern('starts', '.2'), matches(/^.2/)],
  [pattern('starts', '19'), matches(/^19/)],
  [pattern('ends', '02'), matches(/02$/)],
  [pattern('ends', '7.0.'), matches(/7.0.$/)],
  [pattern('ends', '1.'), matches(/1.$/)],
  [pattern('ends', '.'), () => true],
  [pattern('contains', ''), () => true],
  [pattern('contains', '5'), matches(/5/)],
  [pattern('contains', '255'), matches(/255/)],
  [pattern('contains', '2.55'), matches(/2.55/)],
  [pattern('contains', '213777'), matches(/213777/)],
  [pattern('contains', '5570.'), matches(/5570./)],
  [pattern('contains', '555.00'), matches(/555.00/)],
  [{ like: '1212%' }, matches(/^1212\d*$/)],
  [{ like: '%5.70.2' }, matches(/5.70.2$/)],
  [{ like: '12125557000' }, matches(/^12125557000$/)],
  [{ like: '1212555' }, () => false],
  [{ excludePrefixes: ['1212', '31'] }, each => !/^(1212|31)/.test(each.e164.slice(1))],
  [{ excludePrefixes: ['1219'] }, () => true],
  [{ excludePrefixes: [] }, () => true],
  [{ ...near(0.1) }, each => each.latitude === '40.7128'],
  [{ ...near(12.9) }, each => each.latitude === '40.7128'], // 0.1872 degrees north are 12.93 miles
  [{ ...near(13) }, each => each.lata === '132'],
  [{ ...west(14.6) }, each => each.longitude === '-118.2437'], // 0.2563 degrees west are 14.66 miles there
  [{ ...west(14.8) }, each => each.lata === '730'],
  [{ ...near(10_000) }, each => each.latitude !== null],
]

describe.each(engines())('filters on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let known: PhoneNumber[]
  beforeAll(async () => {
    worlds = await openWorlds(engine)
    w = await worlds.open(market(stock))
    for (const id of [ACME, OTHER]) await w.core.ledger.topUp(null, id, 'EUR', 100_000_000)
    await buy(w, ACME, ...OWNED)
    known = await w.core.numbers.findAll(stock.map(({ e164 }) => String(e164)))
    expect(known).toHaveLength(16)
  })
  afterAll(() => worlds.drop())

  const named = (numbers: readonly PhoneNumber[]) => numbers.map(({ e164 }) => e164).sort()

  it.each(FILTERS.map(([filter, shows]) => ({ filter, shows })))('$filter', async ({ filter, shows }) => {
    const expected = named(known.filter(shows))
    const [free, own] = [expected.filter(e164 => !OWNED.includes(e164)), expected.filter(e164 => OWNED.includes(e164))]
    const found = await w.core.numbers.search(filter, ALL, true)
    expect([named(found.items), found.total]).toEqual([free, free.length])
    const listed = await w.core.numbers.owned({ accountIds: [ACME], ...filter }, ALL)
    expect([named(listed.items.map(each => each.number)), listed.total]).toEqual([own, own.length])
    const page = { limit: 1, offset: 0, from: 'start' } as const
    const first = await w.core.numbers.owned({ accountIds: [ACME, OTHER], ...filter }, page, { orderBy: 'number' })
    expect([named(first.items.map(each => each.number)), first.total]).toEqual([own.slice(0, 1), own.length])
    expect(await w.core.numbers.owned({ accountIds: [OTHER], ...filter }, ALL)).toEqual({ items: [], total: 0 })
  })
})
