/** Owned numbers and billing. */
import { expectEqual } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule, type RuleBench } from '../../kit/rules.ts'

const error = (message: RegExp) => ({ success: false, message })
const isList = Array.isArray

/** Buys one, and tells its record id. */
async function bought({ driver, get, number }: RuleBench): Promise<{ id: number; digits: string }> {
  const e164 = await number()
  expectEqual(await driver('account').buy(e164), 'bought', 'purchase')
  const digits = e164.slice(1)
  const [item] = list((await get(`/v1/numbers?search=${digits}`)).body, 'items')
  return { id: member(item, 'id') as number, digits }
}

const destinations = '/v1/mydids/update-destinations'
const sip = (transport: number) => [{ transport, destination: '[did]@pbx.example', priority: 1 }]

const trunkRule: Rule = {
  name: 'a trunk keeps its label and its limits, and is gone once it is deleted',
  source: "types of the vendor's Node SDK 0.0.14",
  changes: true,
  async check({ ask, get }) {
    const body = { label: 'Checked', host: 'dynamic', channels_restrict: true, max_channels: 7 }
    const made = await ask({ method: 'POST', path: '/v1/trunks', body })
    expectEqual(made.status < 300, true, 'a trunk is made')
    const path = `/v1/trunks/${member(made.body, 'id')}`
    await ask({ method: 'PUT', path, body: { ...body, label: 'Changed' } })
    const members = { label: 'Changed', channels_restrict: true, max_channels: 7, allowed_ips: isList }
    expectAnswer(await get(path), { status: 200, members })
    await ask({ method: 'DELETE', path })
    expectAnswer(await get(path), { status: 404 })
  },
}

const DAYS = 'from=2001-01-01&to=2001-01-02'

const callRules: readonly Rule[] = [
  {
    name: 'calls of days without any are an empty list, by either name',
    source: 'pages of the vendor: list-cdrs',
    async check({ get }) {
      const members = { items: [], 'pagination.total': 0, 'pagination.total_pages': 1 }
      for (const path of ['/v1/cdr', '/v1/cdrs']) {
        expectAnswer(await get(`${path}?${DAYS}&type=placed&disposition=all`), { status: 200, members })
      }
    },
  },
  ...(
    [
      ['type', DAYS],
      ['from', 'to=2001-01-02&type=placed'],
      ['to', 'from=2001-01-01&type=placed'],
    ] as const
  ).map(([name, query]) =>
    answering(
      `calls without ${name} are refused by its name`,
      'pages of the vendor: list-cdrs',
      { method: 'GET', path: `/v1/cdr?${query}` },
      { status: 400, members: error(new RegExp(name)) },
    ),
  ),
  answering(
    'an unknown call is not found',
    'pages of the vendor: retrieve-cdr',
    { method: 'GET', path: '/v1/cdr/aa566501-c591-4a8b-b3b9-cc1295398b72' },
    { status: 404, members: error(/./) },
  ),
]

export const ownedRules: readonly Rule[] = [
  trunkRule,
  ...callRules,
  {
    name: 'both families of paths show the same numbers',
    source: 'section 6, vector 27',
    async check({ get }) {
      const [old, current] = [await get('/v1/mydids'), await get('/v1/numbers')]
      expectEqual(expectAnswer(current, { status: 200, members: { items: isList } }).body, old.body, 'numbers')
    },
  },
  ...['0', 'x', '-1'].map(page =>
    answering(
      `page=${page} is refused by its name`,
      'section 4',
      { method: 'GET', path: `/v1/numbers?page=${page}` },
      { status: 400, members: error(/page/) },
    ),
  ),
  answering(
    'an unknown record is not found',
    'section 3',
    { method: 'GET', path: '/v1/numbers/2147483647' },
    { status: 404, members: error(/./) },
  ),
  answering(
    'transactions without dates are refused for keys in headers',
    'section 7.2, vector 28',
    { method: 'GET', path: '/v1/billing/transactions' },
    { status: 400, members: error(/from_date/) },
  ),
  answering(
    'transactions of no day are an empty list',
    'section 7.2, vector 28',
    { method: 'GET', path: '/v1/billing/transactions?from_date=2001-01-01&to_date=2001-01-01' },
    { status: 200, members: { is_empty: true, transactions: [], 'pagination.total_pages': 1 } },
  ),
  answering(
    'the profile has both forms of the company',
    'section 7.1',
    { method: 'GET', path: '/v1/profile' },
    {
      status: 200,
      members: { company_name: (v: unknown) => v !== undefined, company_info: (v: unknown) => v !== undefined },
    },
  ),
  answering(
    'a release without ids is refused',
    'section 6.6, vector 26',
    { method: 'DELETE', path: '/v1/mydids?&' },
    { status: 400, members: error(/ids/) },
  ),
  answering(
    'the release of a number that is not owned is refused with 422',
    'section 6.6, vector 26',
    { method: 'DELETE', path: '/v1/mydids?ids[0]=2147483647&' },
    { status: 422, members: error(/^DID with id=2147483647 not found$/) },
  ),
  {
    name: 'destinations replace those before, and only transports 1, 4 and 5 exist',
    source: 'section 6.3, vectors 23 and 24',
    changes: true,
    async check(bench) {
      const { id } = await bought(bench)
      const send = (transport: number) =>
        bench.ask({ method: 'POST', path: destinations, body: { ids: [id], destinations: sip(transport) } })
      expectAnswer(await send(1), { status: 200, members: { success: true } })
      expectAnswer(await send(2), { status: 400, members: error(/destinations/) })
      const members = { 'destination.length': 1, 'destination.0.transport': 1, 'destination.0.trunk_id': null }
      expectAnswer(await bench.get(`/v1/numbers/${id}`), { status: 200, members })
    },
  },
  ...['ids[0]', 'ids[]', 'ids'].map(
    (name): Rule => ({
      name: `a release takes ${name}= and the number is for sale again`,
      source: 'section 6.6, vector 25',
      changes: true,
      async check(bench) {
        const { id, digits } = await bought(bench)
        const answer = await bench.ask({ method: 'DELETE', path: `/v1/mydids?${name}=${id}` })
        expectAnswer(answer, { status: 200, members: { success: true } })
        expectAnswer(await bench.get(`/v1/mydids?search=${digits}`), { status: 200, members: { items: [] } })
        expectEqual(await bench.driver('account').isAvailable(`+${digits}`), true, 'for sale again')
      },
    }),
  ),
]
