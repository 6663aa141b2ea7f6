/**
 * Whatever a client may write is kept and shown, or refused; empty text clears; and answers have every member that the
 * models of the newest clients require, with its type. Section 8 of the facts says which clients are strict.
 */
import * as v from 'valibot'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { digest } from '../../support/digest.ts'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { PNG, wavixClient } from './client.ts'
import { vectorWorld } from './world.ts'

const LONG = 'x'.repeat(5000)
const HOOK = 'https://hooks.example/in'

interface Row {
  send: Record<string, unknown>
  /** Members of the answer that show it, by path. */
  shown: Record<string, unknown>
  /** Values of the same member that mean nothing. */
  wrong: unknown[]
}

const company = (member: string) => `company_info.${member}`
const industry = 'information technology and services'
const US = { country_name: 'United States', country_id: 8652 }
const texts = (name: string, paths = [name]): Row => ({
  send: { [name]: `My ${name}` },
  shown: Object.fromEntries(paths.map(path => [path, `My ${name}`])),
  wrong: [LONG, 5, {}, ['x']],
})

/** Every member that the profile takes, in the words of each generation. */
const PROFILE: Row[] = [
  ...['first_name', 'last_name', 'additional_info', 'job_title', 'default_short_link_endpoint'].map(name =>
    texts(name),
  ),
  { send: { phone: '79231234567' }, shown: { phone: '79231234567' }, wrong: ['call me', LONG, 7] },
  ...['contact_email', 'contacts'].map(name => ({
    send: { [name]: 'books@acme.example' },
    shown: { contact_email: 'books@acme.example' },
    wrong: ['nobody', LONG, 1],
  })),
  ...['timezone', 'time_zone'].map(name => ({
    send: { [name]: 'Europe/Vienna' },
    shown: { timezone: 'Europe/Vienna' },
    wrong: ['Mars/Olympus', '+05:00', 3],
  })),
  ...['sms_relay_url', 'dlr_relay_url'].map(name => ({
    send: { [name]: HOOK },
    shown: { [name]: HOOK },
    wrong: ['hooks.example', 'ftp://hooks.example', 'https:///x', 3],
  })),
  texts('company_name', ['company_name', company('name')]),
  texts('billing_address', ['billing_address', company('address')]),
  texts('company_address', ['billing_address', company('address')]),
  texts('attn_contact_name', ['attn_contact_name', company('attn_contact_name')]),
  texts('company_vat_number', [company('vat_number')]),
  texts('company_industry', [company('industry')]),
  ...['company_country_code', 'country_code'].flatMap(name => [
    { send: { [name]: 'us' }, shown: { [company('country')]: US }, wrong: ['ZZ', 'USA', 'Nowhere', 840] },
    {
      send: { [name]: 'FR' },
      shown: { [company('country')]: { country_name: 'France', country_id: null } },
      wrong: [],
    },
  ]),
  ...['name', 'billing_address', 'attn_contact_name', 'vat_number'].map(name => ({
    send: { company_info: { [name]: `Our ${name}` } },
    shown: { [company(name === 'billing_address' ? 'address' : name)]: `Our ${name}` },
    wrong: [{ [name]: LONG }, { [name]: 5 }, 'x', 5],
  })),
  {
    send: { company_info: { country_code: 'US' } },
    shown: { [company('country')]: US },
    wrong: [{ country_code: 'XX' }, { country_code: 'U' }],
  },
  {
    send: { company_info: { industry } },
    shown: { [company('industry')]: industry },
    wrong: [{ industry: 'alchemy' }, { industry: 7 }],
  },
  {
    send: { default_destinations: [{ transport: 'sms', value: HOOK }] },
    shown: { default_destinations: [{ transport: 'sms', value: HOOK }] },
    wrong: ['sms', [{ transport: 'sms' }], [{ value: HOOK }], [5], { transport: 'sms', value: HOOK }],
  },
]

/** Every member that an owned number takes. */
const NUMBER: Row[] = [
  ...['call_recording_enabled', 'transcription_enabled'].map(name => ({
    send: { [name]: true },
    shown: { [name]: true },
    wrong: ['maybe', 7, null, {}],
  })),
  {
    send: { transcription_threshold: 30 },
    shown: { transcription_threshold: 30 },
    wrong: ['x', -1, 1.5, 1e9, null],
  },
  ...['sms_relay_url', 'call_status_url'].map(name => ({
    send: { [name]: HOOK },
    shown: { [name]: HOOK },
    wrong: ['hooks.example', 'mailto:x@acme.example', 'https://a b', LONG, 5],
  })),
  { send: { sms_enabled: false }, shown: { sms_enabled: false }, wrong: ['maybe', 7] },
  {
    send: { destinations: [{ transport: 1, destination: 'a@pbx.example', priority: 7 }] },
    shown: { 'destination.0.destination': 'a@pbx.example', 'destination.0.priority': 7 },
    wrong: ['x', 5, [5], [{ transport: 3, destination: 'a' }], [{ transport: 1 }]],
  },
]

function memberAt(body: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], body)
}

const text = v.string()
const int = v.pipe(v.number(), v.integer())
const flag = v.boolean()
const instant = v.pipe(text, v.isoTimestamp())
const DOCUMENT = v.picklist(['id', 'address', 'localaddress'])
/** What the newest clients' models require: further members are theirs to ignore. */
const MODELS = {
  trunk: v.object({
    ...{ id: int, name: text, label: text, callerid: v.nullable(text), created_at: instant },
    allowed_ips: v.array(v.object({ id: int, ip: text })),
  }),
  listedTrunk: v.object({
    ...{ id: int, name: text, label: text, callerid: v.nullable(text), auth_method: text, status: text },
    host_request: v.nullable(v.object({})),
    ...{ multiple_numbers: flag, talk_time: int, charge: text, access_token: v.nullable(text) },
  }),
  paper: v.object({
    ...{ id: int, allow_replace: flag, did_number: text, doc_content_type: text, doc_file_name: text },
    ...{ doc_type: DOCUMENT, doc_type_id: int, status: text, url: text },
  }),
  country: v.object({ id: int, name: text, short_name: text, has_provinces_or_states: flag }),
  available: v.object({
    ...{ id: int, number: text, activation_fee: text, monthly_fee: text, per_min: text, free_min: int },
    ...{
      channels: text,
      city: text,
      country: text,
      country_short_name: text,
      sms_enabled: flag,
      sms_price: v.number(),
    },
    require_docs: v.array(DOCUMENT),
  }),
  profile: v.object({
    ...{ id: int, email: text, timezone: text },
    default_destinations: v.array(v.object({ transport: text, value: text })),
    company_info: v.object({
      country: v.object({ country_name: v.nullable(text), country_id: v.nullable(int) }),
    }),
  }),
  docType: v.object({ id: int, name: DOCUMENT, title: text }),
}

for (const engine of engines()) {
  describe(`wavix: what is written and what is shown, on ${engine}`, () => {
    let worlds: Awaited<ReturnType<typeof openWorlds>>
    let w: TestWorld
    let api: ReturnType<typeof wavixClient>
    beforeAll(async () => {
      worlds = await openWorlds(engine)
    })
    afterAll(() => worlds.drop())
    beforeEach(async () => {
      w = await worlds.open(vectorWorld())
      api = wavixClient(w.gateway, w.base('wavix'))
    })

    const buy = async (id: string): Promise<number> => {
      await api.bearer('PUT', '/v1/buy/cart', { ids: [id] })
      expect((await api.bearer('POST', '/v1/buy/cart/checkout', { ids: [id] })).status).toBe(201)
      return (await api.bearer('GET', `/v1/numbers?search=${id}`)).body.items[0].id
    }

    /** Written, answered, and read again; then wrong values of the same member, which change nothing. */
    const keeps = async (method: string, path: string, { send, shown, wrong }: Row) => {
      const answer = await api.bearer(method, path, send)
      expect([send, answer.status]).toEqual([send, 200])
      for (const body of [answer.body, (await api.bearer('GET', path)).body]) {
        for (const [at, value] of Object.entries(shown)) expect([at, memberAt(body, at)]).toEqual([at, value])
      }
      const before = await digest(w.store)
      const [name = ''] = Object.keys(send)
      for (const value of wrong) {
        const refused = await api.bearer(method, path, { [name]: value })
        expect([value, refused.status, refused.body.message]).toEqual([
          value,
          400,
          `Missing or invalid parameter ${name}`,
        ])
      }
      expect(await digest(w.store)).toBe(before)
    }

    it('E4: every member of the profile that can be written is kept and shown, and what means nothing is refused', async () => {
      for (const row of PROFILE) await keeps('PUT', '/v1/profile', row)
    })

    it('E3: empty text and null clear every member of the profile, and nothing else comes in their place', async () => {
      for (const [index, nothing] of ['', null].entries()) {
        for (const { send, shown } of PROFILE) {
          const [name = '', value] = Object.entries(send)[0] ?? []
          const isNested = name === 'company_info'
          if (Array.isArray(value) && nothing === '') continue
          const members = isNested ? Object.keys(value as object) : [name]
          const cleared = Object.fromEntries(members.map(member => [member, nothing]))
          await api.bearer('PUT', '/v1/profile', send)
          const method = index === 0 ? 'PUT' : 'PATCH'
          const { status, body } = await api.bearer(
            method,
            '/v1/profile',
            isNested ? { company_info: cleared } : cleared,
          )
          expect([name, status]).toEqual([name, 200])
          for (const path of Object.keys(shown)) {
            const empty = path === 'timezone' ? 'UTC' : path === 'default_destinations' ? [] : null
            const none = path === 'company_info.country' ? { country_name: null, country_id: null } : empty
            expect([path, memberAt(body, path)]).toEqual([path, none])
          }
        }
      }
      await api.bearer('PUT', '/v1/profile', { company_info: { name: 'Acme Ltd', vat_number: '7' } })
      const { body } = await api.bearer('PUT', '/v1/profile', { company_info: null })
      expect(body.company_info).toMatchObject({ name: null, vat_number: null })
    })

    it('E4: every member of an owned number that can be written is kept and shown, under both families of paths', async () => {
      const id = await buy('18022551119')
      for (const row of NUMBER) await keeps('PATCH', `/v1/numbers/${id}`, row)
      const other = await buy('18022551120')
      for (const row of NUMBER) await keeps('PUT', `/v1/mydids/${other}`, row)
    })

    it('E3: empty text clears the addresses of a number and is no wish for SMS', async () => {
      const [texting, silent] = [await buy('18022551119'), await buy('541139862174')]
      const destinations = [{ transport: 1, destination: 'a@pbx.example', priority: 1 }]
      await api.bearer('PATCH', `/v1/numbers/${texting}`, { sms_relay_url: HOOK, call_status_url: HOOK })
      for (const id of [texting, silent]) {
        const sent = { ids: [id], sms_relay_url: '', destinations }
        expect((await api.bearer('POST', '/v1/mydids/update-destinations', sent)).status).toBe(200)
        expect((await api.bearer('PUT', `/v1/mydids/${id}`, { sms_relay_url: '', call_status_url: '' })).status).toBe(
          200,
        )
        const bulk = await api.bearer('PATCH', '/v1/numbers', { ids: [id], sms_relay_url: '' })
        expect(bulk.status).toBe(200)
        expect((await api.bearer('GET', `/v1/numbers/${id}`)).body).toMatchObject({
          ...{ sms_relay_url: null, call_status_url: null },
          destination: [{ destination: 'a@pbx.example' }],
        })
      }
      await api.bearer('PATCH', `/v1/numbers/${texting}`, { sms_enabled: false })
      expect((await api.bearer('PATCH', `/v1/numbers/${texting}`, { sms_relay_url: '' })).status).toBe(200)
      expect((await api.bearer('PATCH', `/v1/numbers/${texting}`, { sms_relay_url: HOOK })).status).toBe(422)
      expect((await api.bearer('PATCH', `/v1/numbers/${silent}`, { sms_relay_url: HOOK })).status).toBe(422)
    })

    it('B3: a trunk by itself has its addresses and when it was made; lists and single answers are shaped apart', async () => {
      const { body } = await api.bearer('GET', '/v1/trunks/3107')
      expect(v.is(MODELS.trunk, body)).toBe(true)
      expect(body).toMatchObject({ allowed_ips: [], created_at: '2026-06-01T00:00:00.000Z', host: 'dynamic' })
      const list = (await api.bearer('GET', '/v1/trunks')).body.sip_trunks
      expect(v.is(v.array(MODELS.listedTrunk), list)).toBe(true)
      expect(list[0]).not.toHaveProperty('allowed_ips')
    })

    it('E5: a paper tells its type by name and by id, and may be sent and fetched by either', async () => {
      const id = await buy('541139862174')
      for (const [sent, type] of [
        ['1', 'id'],
        ['address', 'address'],
        ['localaddress', 'localaddress'],
      ] as const) {
        const form = new FormData()
        form.set('did_ids', String(id))
        form.set('doc_id', sent)
        form.set('doc_attachment', new File([PNG], 'paper.png', { type: 'image/png' }))
        const { status, body } = await api.ask('POST', '/v1/numbers/papers', { headers: api.key, body: form })
        expect(status).toBe(200)
        expect(v.is(v.array(MODELS.paper), body)).toBe(true)
        expect(body[0]).toMatchObject({ doc_type: type })
        expect(await api.bytes('GET', `/v1/numbers/${id}/papers/${type}`)).toHaveLength(PNG.length)
      }
      for (const answer of [await api.bearer('GET', `/v1/numbers/${id}`), await api.appid('GET', `/v1/mydids/${id}`)]) {
        expect(answer.body.documents.map((each: { doc_type: string }) => each.doc_type)).toEqual([
          ...['id', 'address', 'localaddress'],
        ])
      }
      const form = new FormData()
      form.set('did_ids', String(id))
      form.set('doc_id', 'constructor')
      form.set('doc_attachment', new File([PNG], 'paper.png', { type: 'image/png' }))
      expect((await api.ask('POST', '/v1/numbers/papers', { headers: api.key, body: form })).status).toBe(400)
    })

    it('E7: answers have what the models of generated clients require, nothing null where they want an object', async () => {
      const is = (model: v.GenericSchema, value: unknown) => expect(v.safeParse(model, value).issues).toBeUndefined()
      is(v.array(MODELS.country), (await api.bearer('GET', '/v1/buy/countries')).body.countries)
      const us = await api.bearer('GET', '/v1/buy/countries/8652/cities/200/dids')
      is(v.array(MODELS.available), us.body.dids)
      await api.bearer('PUT', '/v1/buy/cart', { ids: ['541139862174'] })
      const cart = (await api.bearer('GET', '/v1/buy/cart')).body
      is(v.array(MODELS.available), cart.dids)
      is(v.array(MODELS.docType), cart.doc_types)
      is(MODELS.profile, (await api.bearer('GET', '/v1/profile')).body)
    })

    it('B1: transactions, by every filter, are those whose fields say so', async () => {
      await buy('18022551119')
      await w.core.ledger.topUp(null, 12, 'USD', 5_000_000, 'Card')
      await buy('18022551120')
      const period = 'from_date=2026-05-01&to_date=2026-06-30&per_page=100'
      interface Transaction {
        id: number
        type: number
        details: string
        date: string
      }
      const found = async (query: string): Promise<Transaction[]> =>
        (await api.bearer('GET', `/v1/billing/transactions?${period}&${query}`)).body.transactions
      const all = await found('')
      expect(all.length).toBeGreaterThanOrEqual(5)
      for (const type of [0, 2, 3, 19, 25]) {
        expect(await found(`type=${type}`)).toEqual(all.filter(each => each.type === type))
      }
      for (const part of ['18022551119', 'MONTHLY', 'card', '100%']) {
        const has = ({ details }: Transaction) => details.toLowerCase().includes(part.toLowerCase())
        expect(await found(`details_contains=${encodeURIComponent(part)}`)).toEqual(all.filter(has))
      }
      expect(await found('payments=true')).toEqual(all.filter(each => [19, 25].includes(each.type)))
      expect(await found('payments=false')).toEqual(all)
      const other = await api.bearer('GET', '/v1/billing/transactions?from_date=2026-05-30&to_date=2026-05-31')
      expect(other.body.transactions).toEqual([])
    })

    it('an owned number tells what it costs its owner, whatever its next buyer would pay', async () => {
      const id = await buy('18022551119')
      await w.core.numbers.reprice(null, '+18022551119', { monthly: 99_000_000 })
      expect((await api.bearer('GET', `/v1/numbers/${id}`)).body.monthly_fee).toBe('2.0')
      expect((await api.bearer('GET', '/v1/mydids')).body.items[0].monthly_fee).toBe('2.0')
    })

    it('B10: ids that are neither a list nor text with commas are refused by their name, wherever ids are sent', async () => {
      const id = await buy('18022551119')
      await api.bearer('PUT', '/v1/buy/cart', { ids: ['18022551120'] })
      const before = await digest(w.store)
      const calls: [string, string, object][] = [
        ['PUT', '/v1/buy/cart', {}],
        ['PATCH', '/v1/buy/cart', {}],
        ['DELETE', '/v1/buy/cart', {}],
        ['POST', '/v1/buy/cart/checkout', {}],
        ['DELETE', '/v1/numbers', {}],
        ['PATCH', '/v1/numbers', { sms_enabled: false }],
        ['POST', '/v1/mydids/update-destinations', { destinations: [] }],
      ]
      for (const [method, path, more] of calls) {
        for (const ids of [5, id, 18022551120, true, {}, { 0: id }, '', []]) {
          const { status, body } = await api.bearer(method, path, { ids, ...more })
          expect([method, path, ids, status, body.message]).toEqual([
            ...[method, path, ids, 400, 'Missing or invalid parameter ids'],
          ])
        }
      }
      expect(await digest(w.store)).toBe(before)
      expect((await api.bearer('PUT', '/v1/buy/cart', { ids: [18022551120] })).status).toBe(200)
    })
  })
}
