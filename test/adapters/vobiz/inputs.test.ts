/**
 * Whatever a client may write is kept and shown, or refused; empty text clears; every filter finds what its field shows;
 * and nothing is null where the models of strict clients want an object.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoWorldFolder } from '../../../src/config/package-files.ts'
import { digest } from '../../support/digest.ts'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { A, B, N1, N2, N3, SUB, type VobizClient, vobizClient, vobizWorld } from './client.ts'

const LONG = 'x'.repeat(5000)
const UUID = '11111111-1111-4111-8111-111111111111'
const HOOK = 'https://hooks.example/calls'

interface Row {
  send: Record<string, unknown>
  shown: Record<string, unknown>
  wrong: unknown[]
  /** What is shown when it is cleared; undefined: the member is absent. */
  cleared: unknown
}

const flag = (name: string): Row => ({
  send: { [name]: true },
  shown: { [name]: true },
  wrong: ['yes', 1, {}],
  cleared: false,
})
const text = (name: string, cleared: unknown): Row => ({
  send: { [name]: `some ${name}` },
  shown: { [name]: `some ${name}` },
  wrong: [LONG, 5, {}],
  cleared,
})
const count = (name: string, shown: string, cleared: number): Row => ({
  send: { [name]: 7 },
  shown: { [shown]: 7 },
  wrong: ['7', -1, 1.5, 1e12],
  cleared,
})

/** Every member that a trunk takes and keeps, in the words of all documents. */
const TRUNK: Row[] = [
  ...['trunk_direction', 'trunk_type'].flatMap(name => [
    { send: { [name]: 'OUTBOUND' }, shown: { trunk_direction: 'outbound' }, wrong: ['both', 5], cleared: 'inbound' },
    { send: { [name]: 'inbound' }, shown: { trunk_direction: 'inbound' }, wrong: [LONG], cleared: 'inbound' },
  ]),
  { send: { trunk_status: 'disabled' }, shown: { trunk_status: 'disabled' }, wrong: ['active', 1], cleared: 'enabled' },
  { send: { enabled: true }, shown: { trunk_status: 'enabled' }, wrong: ['maybe', 7], cleared: 'enabled' },
  { send: { enabled: false }, shown: { trunk_status: 'disabled' }, wrong: [{}], cleared: 'enabled' },
  { send: { transport: 'tls' }, shown: { transport: 'tls' }, wrong: ['sctp', 5], cleared: 'udp' },
  { send: { webhook_method: 'get' }, shown: { webhook_method: 'GET' }, wrong: ['PUT'], cleared: 'POST' },
  { send: { webhook_url: HOOK }, shown: { webhook_url: HOOK }, wrong: ['x', 'ftp://x.example', 5], cleared: undefined },
  {
    send: { trunk_domain: 'acme.sip.example' },
    shown: { trunk_domain: 'acme.sip.example' },
    wrong: ['a b', '-x', 'a..b', LONG, 5],
    cleared: expect.stringMatching(/^[\da-f-]{36}\.sip\.vobiz\.ai$/),
  },
  count('concurrent_calls_limit', 'concurrent_calls_limit', 10),
  count('max_concurrent_calls', 'concurrent_calls_limit', 10),
  count('cps_limit', 'cps_limit', 2),
  text('description', ''),
  text('inbound_destination', undefined),
  text('pii_entity_types', undefined),
  ...['secure', 'recording', 'enable_transcription', 'pii_redaction', 'recording_webhook_enabled'].map(flag),
]

/** What a trunk takes from other clients and cannot keep: nothing that these could name exists here. */
const NOT_KEPT: Record<string, unknown> = {
  ...{ credential_uuid: UUID, ipacl_uuid: UUID, primary_uri_uuid: UUID, fallback_uri_uuid: UUID },
  ...{ username: 'acme', password: 'secret', ip_whitelist: ['192.0.2.1'] },
}

const SUB_ACCOUNT: Row[] = [
  { send: { email: 'shop@acme.example' }, shown: { email: 'shop@acme.example' }, wrong: ['nobody', 5], cleared: null },
  text('phone', null),
  text('description', null),
  {
    send: { permissions: { calls: true, cdr: false } },
    shown: { permissions: { calls: true, cdr: false } },
    wrong: ['calls', 5, { calls: 'maybe' }],
    cleared: {},
  },
  count('rate_limit', 'rate_limit', 1000),
  { send: { enabled: false }, shown: { enabled: false, is_active: false }, wrong: ['maybe', 7], cleared: false },
  { send: { enabled: true }, shown: { enabled: true, is_active: true }, wrong: [{}], cleared: true },
]

const NUMBERS = `/Account/${A}/numbers`
const PURCHASE = `${NUMBERS}/purchase-from-inventory`
const trunks = `/Account/${A}/trunks`
const subs = `/accounts/${A}/sub-accounts`
const sorted = (values: unknown[]) => values.map(String).sort()

for (const engine of engines()) {
  describe(`vobiz: what is written and what is shown, on ${engine}`, () => {
    let worlds: Awaited<ReturnType<typeof openWorlds>>
    let w: TestWorld
    let c: VobizClient
    beforeAll(async () => {
      worlds = await openWorlds(engine)
    })
    afterAll(() => worlds.drop())
    beforeEach(async () => {
      w = await worlds.open(vobizWorld)
      c = vobizClient(w)
    })

    const refused = async (method: string, path: string, body: object) => {
      const before = await digest(w.store)
      const answer = await c.ask(method, path, { body })
      expect([body, answer.status, answer.body.error]).toEqual([body, 400, 'invalid request'])
      expect(await digest(w.store)).toBe(before)
      return answer
    }

    const shownOf = (item: Record<string, unknown>, { shown }: Row) =>
      Object.fromEntries(Object.keys(shown).map(name => [name, item[name]]))

    /** As the list shows it: more than the trunk by itself does. */
    const listed = async (id: string): Promise<Record<string, unknown>> => {
      const { objects } = (await c.ask('GET', `${trunks}?limit=100`)).body
      return objects.find((each: { trunk_id: string }) => each.trunk_id === id)
    }

    it('what is bought or made stands in the body: a query beside it, or alone, buys and makes nothing', async () => {
      const e164 = encodeURIComponent(N1)
      for (const path of [
        `${PURCHASE}?e164=${e164}`,
        `${PURCHASE}?e_164=${e164}`,
        `${subs}/?name=Shop`,
        `${trunks}?name=T`,
      ]) {
        await refused('POST', path, {})
      }
      expect((await c.buy(N1)).status).toBe(200)
    })

    it('E9: every member of a trunk is kept and shown when it is made and when it is changed', async () => {
      const { trunk_id } = (await c.ask('POST', trunks, { body: { name: 'Changed' } })).body
      for (const row of TRUNK) {
        const made = await c.ask('POST', trunks, { body: { name: 'Made', ...row.send } })
        expect([row.send, made.status]).toEqual([row.send, 201])
        expect(shownOf(await listed(made.body.trunk_id), row)).toEqual(row.shown)
        expect((await c.ask('DELETE', `${trunks}/${made.body.trunk_id}`)).status).toBe(204)
        expect((await c.ask('PUT', `${trunks}/${trunk_id}`, { body: row.send })).status).toBe(200)
        expect(shownOf(await listed(trunk_id), row)).toEqual(row.shown)
        const [name = ''] = Object.keys(row.send)
        for (const value of row.wrong) {
          await refused('POST', trunks, { name: 'Wrong', [name]: value })
          const { body } = await refused('PUT', `${trunks}/${trunk_id}`, { [name]: value })
          expect(body.message).toContain(name)
        }
      }
    })

    it('E9: what cannot be kept with a trunk is refused by its name, and empty it is no wish', async () => {
      const { trunk_id } = (await c.ask('POST', trunks, { body: { name: 'Office' } })).body
      for (const [name, value] of Object.entries(NOT_KEPT)) {
        expect((await refused('POST', trunks, { name: 'Office', [name]: value })).body.message).toContain(name)
        expect((await refused('PUT', `${trunks}/${trunk_id}`, { [name]: value })).body.message).toContain(name)
        for (const nothing of ['', null]) {
          expect((await c.ask('PUT', `${trunks}/${trunk_id}`, { body: { [name]: nothing } })).status).toBe(200)
        }
      }
    })

    it('E9: two words for one thing that contradict each other are refused, naming both', async () => {
      for (const [alias, name, one, other] of [
        ['trunk_type', 'trunk_direction', 'INBOUND', 'outbound'],
        ['max_concurrent_calls', 'concurrent_calls_limit', 5, 6],
        ['enabled', 'trunk_status', true, 'disabled'],
      ] as const) {
        const { body } = await refused('POST', trunks, { name: 'Office', [alias]: one, [name]: other })
        expect(body.message).toContain(alias)
        expect(body.message).toContain(name)
      }
      const same = { name: 'Office', trunk_type: 'OUTBOUND', trunk_direction: 'outbound', enabled: true }
      expect((await c.ask('POST', trunks, { body: same })).status).toBe(201)
    })

    it('E3: empty text and null clear every member of a trunk that can be cleared', async () => {
      const { trunk_id } = (await c.ask('POST', trunks, { body: { name: 'Office' } })).body
      for (const row of TRUNK) {
        const [name = '', value] = Object.entries(row.send)[0] ?? []
        if (['trunk_type', 'max_concurrent_calls', 'enabled'].includes(name)) continue
        for (const nothing of typeof value === 'string' ? ['', null] : [null]) {
          await c.ask('PUT', `${trunks}/${trunk_id}`, { body: row.send })
          expect((await c.ask('PUT', `${trunks}/${trunk_id}`, { body: { [name]: nothing } })).status).toBe(200)
          const [shown = name] = Object.keys(row.shown)
          expect((await listed(trunk_id))[shown]).toEqual(row.cleared)
        }
      }
    })

    it('E9, E3: every member of a sub-account is kept and shown, cleared, or refused', async () => {
      const path = `${subs}/${SUB}`
      for (const row of SUB_ACCOUNT) {
        const [name = '', value] = Object.entries(row.send)[0] ?? []
        const made = await c.ask('POST', subs, { body: { name: 'Shop', ...row.send } })
        expect(shownOf(made.body.sub_account, row)).toEqual(row.shown)
        expect((await c.ask('PUT', path, { body: row.send })).status).toBe(200)
        expect(shownOf((await c.ask('GET', path)).body, row)).toEqual(row.shown)
        for (const wrong of row.wrong) await refused('PUT', path, { [name]: wrong })
        for (const nothing of typeof value === 'string' ? ['', null] : [null]) {
          await c.ask('PUT', path, { body: row.send })
          const cleared = await c.ask('PUT', path, { body: { [name]: nothing } })
          expect([name, nothing, cleared.status, cleared.body[name]]).toEqual([name, nothing, 200, row.cleared])
        }
      }
      for (const name of ['', ' ', 5]) await refused('PUT', path, { name })
      for (const type of ['firm', 5]) await refused('PUT', path, { business_type: type })
      const identity = { kyc_mode: 'customer_use', business_type: 'llp', email: 'shop@acme.example' }
      expect((await c.ask('PUT', path, { body: identity })).body).toMatchObject(identity)
      await refused('PUT', path, { email: '' })
      expect((await c.ask('PUT', path, { body: { kyc_mode: '', email: '' } })).body).not.toHaveProperty('kyc_mode')
    })

    it('E6: permissions of a sub-account are an object wherever it is shown', async () => {
      const made = await c.ask('POST', subs, { body: { name: 'Shop' } })
      expect(made.body.sub_account.permissions).toEqual({})
      for (const permissions of [null, {}]) {
        expect((await c.ask('PUT', `${subs}/${SUB}`, { body: { permissions } })).body.permissions).toEqual({})
      }
      expect((await c.ask('GET', `${subs}/${SUB}`)).body.permissions).toEqual({})
      const list = (await c.ask('GET', subs)).body.sub_accounts
      expect(list.map((each: { permissions: unknown }) => each.permissions)).toEqual([{}, {}])
    })

    it('E12: a purchase names its number as e164, or as e_164 in an old client', async () => {
      const bought = await c.ask('POST', PURCHASE, { body: { e_164: N1, currency: 'INR' } })
      expect([bought.status, bought.body.number.e164]).toEqual([200, N1])
      expect((await c.ask('POST', PURCHASE, { body: { e164: N2, e_164: '918000000002' } })).status).toBe(200)
      await refused('POST', PURCHASE, { e164: N3, e_164: N2 })
      for (const body of [{ e_164: '' }, { e_164: 'x' }, { e_164: 5 }, {}]) {
        expect((await refused('POST', PURCHASE, body)).body.message).toMatch(/^e_?164/)
      }
    })

    it('B10: the list of numbers honours status, as it shows it', async () => {
      await w.core.ledger.topUp(null, 3, 'INR', 1_000_000_000)
      for (const each of [N1, N2, N3]) await c.buy(each, B)
      expect((await c.release(N1, B)).body.status).toBe('pending_release')
      await w.core.numbers.block(null, N2, 'test')
      const found = async (status: string) => {
        const { body } = await c.list(B, `?status=${status}`)
        expect(body.total).toBe(body.items.length)
        for (const item of body.items) expect(item.status).toBe(status.toLowerCase())
        return sorted(body.items.map((each: { e164: string }) => each.e164))
      }
      expect(await found('active')).toEqual([N3])
      expect(await found('ACTIVE')).toEqual([N3])
      expect(await found('pending_release')).toEqual([N1])
      expect(await found('blocked')).toEqual([N2])
      for (const status of ['released', 'pending_purchase', 'constructor', 'nonsense']) {
        expect(await found(status)).toEqual([])
      }
      expect((await c.list(B, '?status=')).body.total).toBe(3)
      expect((await c.list(B, `?status=active&search=${N1.slice(1)}`)).body.total).toBe(0)
    })
  })

  describe(`vobiz: every filter finds what its field shows, on ${engine}`, () => {
    let worlds: Awaited<ReturnType<typeof openWorlds>>
    let w: TestWorld
    beforeAll(async () => {
      worlds = await openWorlds(engine)
      w = await worlds.open(join(demoWorldFolder(), 'world.json'))
      for (const id of [12, 13]) {
        const account = await w.core.accounts.get(id)
        if (!account) throw new Error('no account')
        const caller = w.core.accounts.callerFor(account)
        const { items } = await w.core.numbers.search({ country: 'US', currency: 'USD' }, { limit: 3, offset: 0 })
        for (const { e164 } of items) await w.core.numbers.purchase(caller, [e164], { documents: 'allow' })
      }
      const acme = await w.core.accounts.get(12)
      if (!acme) throw new Error('no account')
      const indian = await w.core.numbers.search({ country: 'IN' }, { limit: 2, offset: 0 })
      const e164s = indian.items.map(({ e164 }) => e164)
      await w.core.numbers.purchase(w.core.accounts.callerFor(acme), e164s, { documents: 'allow' })
    })
    afterAll(() => worlds.drop())

    interface Item {
      [name: string]: unknown
    }
    const get = async (path: string) => {
      const headers = { 'x-auth-id': 'MA_DEMO0001', 'x-auth-token': 'demo-vobiz-acme' }
      const response = await w.send(new Request(`${w.base('vobiz')}/api/v1${path}`, { headers }))
      expect([path, response.status]).toEqual([path, 200])
      return response.json() as Promise<{ [name: string]: Item[] } & { total: number }>
    }
    const all = async (path: string, name: string): Promise<Item[]> => {
      const items: Item[] = []
      for (let page = 1; ; page++) {
        const answer = await get(`${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${page}`)
        const found = answer[name] ?? []
        items.push(...found)
        if (found.length < 100) return items
      }
    }
    const agrees = async (path: string, name: string, key: string, query: string, is: (item: Item) => boolean) => {
      const wanted = (await all(path, name)).filter(is)
      const found = await all(`${path}?${query}`, name)
      expect([query, sorted(found.map(each => each[key]))]).toEqual([query, sorted(wanted.map(each => each[key]))])
      return found.length
    }

    it('B1: inventory, by every filter', async () => {
      const inventory = '/Account/MA_DEMO0001/inventory/numbers'
      const check = (query: string, is: (item: Item) => boolean) => agrees(inventory, 'items', 'e164', query, is)
      const digits = ({ e164 }: Item) => String(e164).slice(1)
      const items = await all(inventory, 'items')
      const values = (name: string) => [...new Set(items.flatMap(each => (each[name] ? [String(each[name])] : [])))]
      for (const country of values('country')) {
        expect(await check(`country=${country.toLowerCase()}`, each => each.country === country)).toBeGreaterThan(0)
      }
      for (const region of values('region').slice(0, 5)) {
        const query = `region=${encodeURIComponent(region)}`
        expect(await check(query, each => each.region === region)).toBeGreaterThan(0)
      }
      await check('search=555', each => digits(each).includes('555'))
      await check('search=%2B120', each => digits(each).startsWith('120'))
      await check('exclude=1,91', each => !/^(1|91)/.test(digits(each)))
      await check('country=US&exclude=1202&search=50', each => {
        return each.country === 'US' && !digits(each).startsWith('1202') && digits(each).includes('50')
      })
      for (const status of ['active', 'blocked', 'nonsense'])
        await check(`status=${status}`, each => each.status === status)
    })

    it('B1: numbers, sub-accounts and transactions, by every filter', async () => {
      const numbers = '/Account/MA_DEMO0001/numbers'
      const some = (await all(numbers, 'items'))[0]
      const search = String(some?.e164).slice(3, 8)
      await agrees(numbers, 'items', 'e164', `search=${search}`, ({ e164 }) => String(e164).includes(search))
      await agrees(numbers, 'items', 'e164', 'include_subaccounts=false', each => each.account_id === 'MA_DEMO0001')
      for (const status of ['active', 'pending_release']) {
        await agrees(numbers, 'items', 'e164', `status=${status}`, each => each.status === status)
      }
      const transactions = '/Account/MA_DEMO0001/transactions'
      const check = (query: string, is: (item: Item) => boolean) =>
        agrees(transactions, 'transactions', 'id', query, is)
      const rows = await all(transactions, 'transactions')
      for (const name of ['type', 'currency', 'status', 'reference_type', 'reference', 'description']) {
        for (const value of new Set(rows.map(each => String(each[name])))) {
          const query = `${name}=${encodeURIComponent(value)}`
          const isPart = name === 'reference' || name === 'description'
          const is = (each: Item) => (isPart ? String(each[name]).includes(value) : each[name] === value)
          expect(await check(query, is)).toBeGreaterThan(0)
        }
        await check(`${name}=nonsense`, () => false)
      }
      await check(`transaction_id=${rows[0]?.id}`, each => each.id === rows[0]?.id)
      const listed = (await get('/accounts/MA_DEMO0001/sub-accounts/')).sub_accounts ?? []
      const active = (await get('/accounts/MA_DEMO0001/sub-accounts/?active_only=true')).sub_accounts ?? []
      expect(active).toEqual(listed.filter(each => each.is_active))
    })
  })
}
