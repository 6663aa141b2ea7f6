/** The catalogue: filters and pages. */
import { expectEqual, expectTrue, notApplicable } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule, type RuleBench } from '../../kit/rules.ts'
import { exception } from './exception.ts'

const CATALOGUE = '/api/AvailableNumbers'
const number = (item: unknown) => String(member(item, 'phone_number'))

async function example({ get }: RuleBench): Promise<string> {
  const [item] = list((await get(`${CATALOGUE}?PageSize=1`)).body, 'items')
  if (!item) throw notApplicable('the catalogue is empty')
  return number(item)
}

const refused = (name: string, source: string, query: string, code: number) =>
  answering(name, source, { method: 'GET', path: `${CATALOGUE}?${query}` }, exception(400, code))

/** The path of a link of the answer, below the base URL. */
function linked(url: unknown): string {
  expectTrue(typeof url === 'string' && URL.canParse(url), `${url} is an absolute link`)
  return url
}

export const catalogueRules: readonly Rule[] = [
  {
    name: 'filters by country and by service show only what fits',
    source: 'section 6, vector 1',
    async check({ get }) {
      for (const country of ['US', 'DE', 'SE']) {
        const query = `geography.iso_country=${country}&capabilities.Voice.inbound_connectivity=true`
        const members = { 'meta.page': 0, 'meta.key': 'items' }
        const { body } = expectAnswer(await get(`${CATALOGUE}?${query}`), { status: 200, members })
        for (const item of list(body, 'items')) {
          expectEqual(member(item, 'geography.iso_country'), country, 'country')
          expectEqual(member(item, 'capabilities.voice.inbound_connectivity'), true, 'voice')
        }
      }
    },
  },
  {
    name: 'names of filters and truth values are read in any case',
    source: 'section 6, vector 2',
    async check({ get }) {
      const plain = await get(`${CATALOGUE}?capabilities.SMS.inbound_connectivity=true`)
      const loud = await get(`${CATALOGUE}?capabilities.sms.INBOUND_connectivity=True`)
      expectEqual(list(loud.body, 'items').map(number), list(plain.body, 'items').map(number), 'numbers')
    },
  },
  refused('a truth value that is none is refused', 'section 6, vector 3', 'capabilities.Voice.e911=maybe', 20001),
  refused('a page above 1000 is refused', 'section 4, vector 6', 'PageSize=1001', 20007),
  refused('a page that is no number is refused', 'section 4', 'Page=x', 20001),
  refused('a price that is no number is refused', 'section 6', 'base_setup_price=cheap', 20001),
  {
    name: 'a number is found with an encoded plus and with a raw one',
    source: 'section 6, vector 4',
    async check(bench) {
      const e164 = await example(bench)
      for (const sent of [encodeURIComponent(e164), e164]) {
        const { body } = expectAnswer(await bench.get(`${CATALOGUE}?phone_number=${sent}`), { status: 200 })
        expectEqual(list(body, 'items').map(number), [e164], `numbers for ${sent}`)
      }
    },
  },
  {
    name: 'prices are equal as numbers and shown with a decimal',
    source: 'sections 3 and 6, vector 7',
    async check({ get }) {
      const { body } = expectAnswer(await get(`${CATALOGUE}?base_recurring_price=2`), { status: 200 })
      for (const item of list(body, 'items')) expectEqual(member(item, 'base_recurring_price'), '2.0', 'price')
    },
  },
  {
    name: 'links lead to the next page and back',
    source: 'section 4, vector 5',
    async check(bench) {
      const first = expectAnswer(await bench.get(`${CATALOGUE}?PageSize=1`), { status: 200 })
      if (list(first.body, 'items').length === 0 || member(first.body, 'meta.next_page_url') === null)
        throw notApplicable('the catalogue has one page of one number')
      const url = new URL(linked(member(first.body, 'meta.next_page_url')))
      const query = Object.fromEntries([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]))
      expectEqual([query.page, query.pagesize ?? query.page_size], ['1', '1'], 'page and size of the link')
      const second = await bench.get(`${CATALOGUE}${url.search}`)
      expectAnswer(second, { status: 200, members: { 'meta.page': 1, 'meta.previous_page_url': /^https?:/ } })
      const [a, b] = [first, second].map(({ body }) => list(body, 'items').map(number))
      expectEqual([a?.length, b?.length], [1, 1], 'numbers on each page')
      expectTrue(a?.[0] !== b?.[0], 'the second page has another number')
    },
  },
  answering(
    'a page past the end is empty and leads nowhere',
    'section 4',
    { method: 'GET', path: `${CATALOGUE}?Page=99999` },
    { status: 200, members: { items: [], 'meta.next_page_url': null } },
  ),
  answering(
    'a method that a path does not know is refused with 405',
    'section 10',
    { as: 'nobody', method: 'PUT', path: CATALOGUE },
    exception(405, 20004),
  ),
  answering(
    'an unknown path is an exception object',
    'section 10',
    { method: 'GET', path: '/NoSuchThing' },
    exception(404, 20404),
  ),
]
