import * as v from 'valibot'
import { Fault } from '../../core/ground/fault.ts'
import type { NumberState, NumberType, PhoneNumber } from '../../core/ground/model.ts'
import { parseMoney } from '../../core/ground/money.ts'
import type { Core, NumberFilter, OwnedFilter } from '../../core/verbs.ts'
import { NUMBER } from './examples.ts'
import { country, currency, moment, pageOf } from './input.ts'
import { present } from './present.ts'
import { type AdminModule, type Incoming, route } from './route.ts'

const STATES = ['available', 'active', 'suspended', 'releasing', 'quarantined', 'blocked', 'retired'] as const
const TYPES = ['local', 'national', 'mobile', 'toll_free'] as const
const CAPABILITIES = ['voice', 'sms', 'mms', 'fax', 'e911', 'cnam'] as const

const word = v.pipe(v.string(), v.trim(), v.maxLength(100))
const digits = (most: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^\\+?[\\d.]{1,${most}}$`), 'must be digits; "." stands for any one'))
const degrees = (most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^-?\d{1,3}(\.\d{1,8})?$/, 'must be degrees'),
    v.transform(Number),
    v.minValue(-most, `must be -${most} to ${most}`),
    v.maxValue(most, `must be -${most} to ${most}`),
  )
const whole = (most: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,9}$/, 'must be a whole number'), v.transform(Number), v.maxValue(most))
const listed = <const W extends readonly string[]>(words: W) =>
  v.pipe(
    v.string(),
    v.transform(text => text.split(/[;,\s]+/).filter(each => each !== '')),
    v.array(v.picklist(words, `must be of ${words.join(', ')}`)),
  )
const price = v.pipe(
  v.string(),
  v.regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be decimal text such as "1.00"'),
  v.transform(text => parseMoney(text)),
)

/** Several of them. */
export const numberStates = listed(STATES)

const query = v.object({
  state: v.optional(v.picklist(STATES, `must be one of ${STATES.join(', ')}`), 'available'),
  account: v.optional(whole(999_999_999)),
  after: v.optional(v.pipe(v.string(), v.regex(/^\+\d{1,15}$/, 'must be a number of a former page'))),
  country: v.optional(country),
  type: v.optional(listed(TYPES)),
  area_code: v.optional(v.pipe(word, v.regex(/^\d{1,8}$/, 'must be digits'))),
  npa_nxx: v.optional(v.pipe(word, v.regex(/^\d{6}$/, 'must be six digits'))),
  region: v.optional(word),
  city: v.optional(word),
  city_id: v.optional(whole(999_999_999)),
  rate_center: v.optional(word),
  lata: v.optional(word),
  postal_code: v.optional(word),
  capabilities: v.optional(listed(CAPABILITIES)),
  without: v.optional(listed(CAPABILITIES)),
  currency: v.optional(currency),
  setup_price: v.optional(price),
  monthly_price: v.optional(price),
  documents: v.optional(v.picklist(['none', 'some'], 'must be none or some')),
  channels: v.optional(whole(100_000)),
  user: v.optional(whole(999_999_999)),
  organization: v.optional(whole(999_999_999)),
  label: v.optional(word),
  trunk: v.optional(whole(999_999_999)),
  owned_from: v.optional(moment),
  owned_before: v.optional(moment),
  starts: v.optional(digits(15)),
  contains: v.optional(digits(15)),
  ends: v.optional(digits(15)),
  latitude: v.optional(degrees(90)),
  longitude: v.optional(degrees(180)),
  miles: v.optional(whole(3_000)),
})

type Query = v.InferOutput<typeof query>

const { owner: _, events: __, ...ROW } = NUMBER

/** Looking for numbers, in whatever state and whosoever they are. */
export const search: AdminModule = [
  route(
    'GET /numbers',
    {
      summary: 'Find numbers',
      description:
        'Those for sale, by every filter of the shelf, in pages by `offset`; with `account`, those that it holds, by the ' +
        'same filters, and by `user`, `organization`, `label`, `trunk`, `owned_from` and `owned_before`; with another `state`, by `starts` alone, in pages that go on `after` a number. `next_after` may ' +
        'be there although few were found: one call looks at a bounded stretch of the inventory.',
      query,
      paged: true,
      answer: { numbers: [ROW], total: 1, next_after: null, limit: 100, offset: 0 },
    },
    async ({ core }, c, given) => c.json(await find(core, c, given.query())),
  ),
]

async function find(core: Core, c: Incoming, asked: Query): Promise<Record<string, unknown>> {
  const page = pageOf(c)
  const { state, account, after } = asked
  checkOwned(asked)
  checkPoint(asked)
  if (account !== undefined) {
    const states = c.req.query('state') ? { states: [state] } : {}
    const listed = await core.numbers.owned(
      { ...filterOf(asked), ...leasedOf(asked), accountIds: [account], ...states },
      page,
    )
    return {
      ...found(
        listed.items.map(({ number }) => number),
        listed.total,
      ),
      ...page,
    }
  }
  if (state === 'available') {
    const { items, total } = await core.numbers.search(filterOf(asked), page, true)
    return { ...found(items, total), ...page }
  }
  const starts = asked.starts?.replace(/^\+/, '').replace(/\..*$/, '')
  const filter = { states: [state] as NumberState[], ...(starts ? { starts } : {}) }
  const { items, next } = await core.oversight.numbers(filter, { limit: page.limit, ...(after && { after }) })
  return { ...found(items, null), next_after: next ?? null, ...page }
}

function found(items: readonly PhoneNumber[], total: number | null) {
  return { numbers: items.map(present), total, next_after: null }
}

/** What was asked for, in the core's words; what was left out does not filter. */
function filterOf(asked: Query): NumberFilter {
  const { area_code, npa_nxx, city_id, rate_center, postal_code, type, without, channels, setup_price } = asked
  const { latitude, longitude, miles = 25, country: land, region, city, lata, capabilities, monthly_price } = asked
  const named: Partial<Record<keyof NumberFilter, unknown>> = {
    ...{ country: land, region, city, lata, capabilities, currency: asked.currency, documents: asked.documents },
    ...{ areaCode: area_code, npaNxx: npa_nxx, cityId: city_id, rateCenter: rate_center, postalCode: postal_code },
    ...{ types: type as NumberType[] | undefined, withoutCapabilities: without, minimumChannels: channels },
    ...{ setupPrice: setup_price, monthlyPrice: monthly_price, pattern: patternOf(asked) },
    near: latitude === undefined || longitude === undefined ? undefined : { latitude, longitude, miles },
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as NumberFilter
}

const OF_LEASES = ['user', 'organization', 'label', 'trunk', 'owned_from', 'owned_before'] as const

/** What only an owned number has. */
function leasedOf(asked: Query): Partial<OwnedFilter> {
  const { user, organization, label, trunk, owned_from, owned_before } = asked
  const named = { userId: user, organizationId: organization, label, trunkId: trunk }
  const all = { ...named, startedFrom: owned_from, startedBefore: owned_before }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** Faults: invalid_input: nobody owns what is looked for. */
function checkOwned(asked: Query): void {
  const field = asked.account === undefined && OF_LEASES.find(name => asked[name] !== undefined)
  if (!field) return
  const message = 'is of numbers that an account holds: name it in account'
  throw new Fault('invalid_input', { issues: [{ field, problem: 'conflict', message }] })
}

/** Half a point, or a circle about none, would find every number. Faults: invalid_input. */
function checkPoint({ latitude, longitude, miles }: Query): void {
  const isAsked = latitude !== undefined || longitude !== undefined || miles !== undefined
  if (!isAsked || (latitude !== undefined && longitude !== undefined)) return
  const field = latitude === undefined ? 'latitude' : 'longitude'
  const message = 'is missing: a point has latitude and longitude'
  throw new Fault('invalid_input', { issues: [{ field, problem: 'missing', message }] })
}

function patternOf(asked: Query): NumberFilter['pattern'] {
  for (const kind of ['starts', 'contains', 'ends'] as const) {
    const text = asked[kind]?.replace(/^\+/, '')
    if (text) return { kind, digits: text }
  }
  return undefined
}
