/** Numbers that can be rented. */
import { expectEqual, expectTrue, notApplicable } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule, type RuleBench } from '../../kit/rules.ts'
import { PROJECT, refusal } from './refusal.ts'

const AVAILABLE = `${PROJECT}/availableNumbers`
const SEARCH = `${AVAILABLE}?regionCode=US&type=LOCAL`
const UNKNOWN = '+12025550199'
const field = (name: string) => ({ 'error.details.0.fieldViolations.0.field': name })

async function found({ get }: RuleBench, query: string): Promise<unknown[]> {
  return list(expectAnswer(await get(query), { status: 200 }).body, 'availableNumbers')
}

const numbers = (items: readonly unknown[]) => items.map(each => String(member(each, 'phoneNumber')))

async function example(bench: RuleBench): Promise<string> {
  const [first] = numbers(await found(bench, `${SEARCH}&size=1`))
  if (first === undefined) throw notApplicable('the target has no American local number')
  return first
}

export const availableRules: readonly Rule[] = [
  {
    name: 'a search shows only the region and type asked for, and no more than its size',
    source: 'section 4, vector 7',
    async check(bench) {
      const items = await found(bench, `${SEARCH}&size=5`)
      expectTrue(items.length <= 5, `${items.length} numbers for size=5`)
      const kinds = items.map(each => [member(each, 'regionCode'), member(each, 'type')])
      for (const kind of kinds) expectEqual(kind, ['US', 'LOCAL'], 'region and type')
    },
  },
  {
    name: 'capabilities are all demanded',
    source: 'section 4, vector 8',
    async check(bench) {
      for (const item of await found(bench, `${SEARCH}&capabilities=SMS&capabilities=VOICE&size=20`)) {
        const has = list(item, 'capability')
        expectTrue(has.includes('SMS') && has.includes('VOICE'), `${has} has both`)
      }
    },
  },
  {
    name: 'a pattern is found at the start, with an encoded plus and with a raw one',
    source: 'section 4, vector 9',
    async check(bench) {
      const start = (await example(bench)).slice(0, 5)
      for (const sent of [start, encodeURIComponent(start)]) {
        const query = `&numberPattern.pattern=${sent}&numberPattern.searchPattern=START`
        const items = numbers(await found(bench, SEARCH + query))
        expectTrue(items.length > 0 && items.every(each => each.startsWith(start)), `${items} start with ${start}`)
      }
    },
  },
  {
    name: 'a pattern is found at the end',
    source: 'section 4, vector 10',
    async check(bench) {
      const end = (await example(bench)).slice(-4)
      const query = `&numberPattern.pattern=${end}&numberPattern.searchPattern=END`
      const items = numbers(await found(bench, SEARCH + query))
      expectTrue(items.length > 0 && items.every(each => each.endsWith(end)), `${items} end with ${end}`)
    },
  },
  ...[
    ['regionCode', '?type=LOCAL'],
    ['type', '?regionCode=US'],
    ['type', '?regionCode=US&type=PINK'],
  ].map(([name, query]) =>
    answering(
      `a search with ${query} names the field ${name}`,
      'section 4, vector 11',
      { method: 'GET', path: AVAILABLE + query },
      refusal(400, 'INVALID_ARGUMENT', field(String(name))),
    ),
  ),
  answering(
    'a number that is not there is not found by name',
    'section 6, vector 12',
    { method: 'GET', path: `${AVAILABLE}/${UNKNOWN}` },
    refusal(404, 'NOT_FOUND', { 'error.message': /\+12025550199/ }),
  ),
  {
    name: 'a number of the search can be checked by name',
    source: 'section 2',
    async check(bench) {
      const [item] = await found(bench, `${SEARCH}&size=1`)
      if (!item) throw notApplicable('the target has no American local number')
      const one = await bench.get(`${AVAILABLE}/${member(item, 'phoneNumber')}`)
      expectEqual(expectAnswer(one, { status: 200 }).body, item, 'number')
    },
  },
  {
    name: 'regions are filtered by type',
    source: 'section 2',
    async check({ get }) {
      const { body } = expectAnswer(await get(`${PROJECT}/availableRegions?types=MOBILE`), { status: 200 })
      for (const region of list(body, 'availableRegions')) {
        expectTrue(list(region, 'types').includes('MOBILE'), `${member(region, 'regionCode')} has mobile numbers`)
      }
    },
  },
  answering(
    'any number can be rented in the US only',
    'section 6, vector 18',
    { method: 'POST', path: `${AVAILABLE}:rentAny`, body: { regionCode: 'SE', type: 'MOBILE' } },
    refusal(400, 'INVALID_ARGUMENT'),
  ),
]
