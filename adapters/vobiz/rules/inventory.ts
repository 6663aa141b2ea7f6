/** The inventory, its filters and its pages. */
import { expectEqual, expectTrue, notApplicable } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule, type RuleBench } from '../../kit/rules.ts'

const INVENTORY = '/Account/:me/inventory/numbers'
const number = (item: unknown) => String(member(item, 'e164'))

/** An item of the inventory, as an example to search for. */
async function example({ get }: RuleBench): Promise<{ e164: string; country: string; total: number }> {
  const { body } = await get(`${INVENTORY}?per_page=1`)
  const [item] = list(body, 'items')
  if (!item) throw notApplicable('the inventory is empty')
  return { e164: number(item), country: String(member(item, 'country')), total: Number(member(body, 'total')) }
}

export const inventoryRules: readonly Rule[] = [
  {
    name: 'what nobody owns has an empty account, null tags and no source',
    source: 'section 4, vector 6',
    async check({ get }) {
      const { body } = expectAnswer(await get(`${INVENTORY}?per_page=5`), { status: 200 })
      for (const item of list(body, 'items')) {
        expectEqual([member(item, 'account_id'), member(item, 'tags')], ['', null], 'account_id and tags')
        expectTrue(member(item, 'source') === undefined, 'no source')
      }
    },
  },
  {
    name: 'a country is read in any case and filters',
    source: 'section 5.2, vector 6',
    async check(bench) {
      const { country, total } = await example(bench)
      const { body } = await bench.get(`${INVENTORY}?country=${country.toLowerCase()}&per_page=100`)
      for (const item of list(body, 'items')) expectEqual(member(item, 'country'), country, 'country')
      const found = Number(member(body, 'total'))
      expectTrue(found >= 1 && found <= total, `total ${found} is between 1 and ${total}`)
    },
  },
  {
    name: 'a search finds the number in every spelling of its plus',
    source: 'sections 2 and 5.2, vector 17',
    async check(bench) {
      const { e164 } = await example(bench)
      for (const search of [e164, `%2B${e164.slice(1)}`, e164.slice(1)]) {
        const { body } = expectAnswer(await bench.get(`${INVENTORY}?search=${search}`), { status: 200 })
        expectEqual(list(body, 'items').map(number), [e164], `numbers for search=${search}`)
      }
    },
  },
  {
    name: 'what is excluded is not shown, even when it is searched for',
    source: 'section 5.2, vectors 7 and 8',
    async check(bench) {
      const { e164 } = await example(bench)
      const digits = e164.slice(1)
      for (const exclude of [`exclude=${digits}`, `exclude=%2B${digits},%2B1`, `exclude=1&exclude=${digits}`]) {
        const members = { items: [], total: 0 }
        expectAnswer(await bench.get(`${INVENTORY}?search=${digits}&${exclude}`), { status: 200, members })
      }
    },
  },
  {
    name: 'a page past the end is empty and keeps the total',
    source: 'section 5.2, vector 9',
    async check(bench) {
      const { total } = await example(bench)
      const members = { items: [], total, page: 999_999 }
      expectAnswer(await bench.get(`${INVENTORY}?page=999999`), { status: 200, members })
    },
  },
  {
    name: 'pages are disjoint and have as many items as they say',
    source: 'section 5.2',
    async check(bench) {
      const { total } = await example(bench)
      const pages = await Promise.all([1, 2].map(page => bench.get(`${INVENTORY}?per_page=2&page=${page}`)))
      const items = pages.flatMap(({ body }) => list(body, 'items').map(number))
      expectEqual(new Set(items).size, Math.min(total, 4), 'different numbers on two pages of two')
    },
  },
  ...[
    ['per_page=0', 'per_page', 25],
    ['per_page=-3', 'per_page', 25],
    ['page=x', 'page', 1],
    ['per_page=5000', 'per_page', 100],
  ].map(([query, name, value]) =>
    answering(
      `${query} is answered with ${value}`,
      'section 5.1',
      { method: 'GET', path: `/Account/:me/numbers?${query}` },
      { status: 200, members: { [String(name)]: value } },
    ),
  ),
]
