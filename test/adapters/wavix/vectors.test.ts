import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { isPng, PNG, wavixClient } from './client.ts'
import { vectorWorld } from './world.ts'

for (const engine of engines()) {
  describe(`wavix vectors on ${engine}`, () => {
    let worlds: Awaited<ReturnType<typeof openWorlds>>
    let w: TestWorld
    let api: ReturnType<typeof wavixClient>
    beforeAll(async () => {
      worlds = await openWorlds(engine)
    })
    afterAll(() => worlds.drop())
    const open = async (balance?: string) => {
      w = await worlds.open(vectorWorld(balance))
      api = wavixClient(w.gateway, w.base('wavix'))
    }
    beforeEach(() => open())

    const cart = (...ids: string[]) => api.bearer('PUT', '/v1/buy/cart', { ids })
    const buy = async (id: string) => {
      await cart(id)
      expect((await api.bearer('POST', '/v1/buy/cart/checkout', { ids: [id] })).status).toBe(201)
      return (await api.bearer('GET', `/v1/mydids?search=${id}`)).body.items[0].id as number
    }
    const balance = async () => (await api.bearer('GET', '/v1/profile/config')).body.balance

    it('1, 2: countries with appid and with Bearer', async () => {
      const old = await api.appid('GET', '/v1/buy/countries?type_filter=all&text_enabled_only=false')
      expect(old.status).toBe(200)
      expect(old.body.countries).toContainEqual({
        id: 8652,
        name: 'United States',
        short_name: 'US',
        has_provinces_or_states: true,
      })
      expect((await api.bearer('GET', '/v1/buy/countries')).body).toEqual(old.body)
    })

    it('3: no key and a wrong key', async () => {
      const unauthorized = { success: false, error: true, message: 'Unauthorized' }
      const none: Record<string, string> = {}
      for (const headers of [none, { authorization: 'Bearer nope' }]) {
        const answer = await api.ask('GET', '/v1/buy/countries', { headers })
        expect([answer.status, answer.body]).toEqual([401, unauthorized])
      }
      expect((await api.ask('GET', '/v1/buy/countries?appid=nope')).status).toBe(401)
    })

    it('4, 5: a country without regions, a country that is not', async () => {
      const whole = await api.bearer('GET', '/v1/buy/countries/8669/regions')
      expect([whole.status, whole.body.message]).toEqual([422, 'Country has no states or provinces'])
      const none = await api.bearer('GET', '/v1/buy/countries/999999/cities')
      expect([none.status, none.body.success]).toEqual([404, false])
    })

    it('6: both spellings of the path of a city', async () => {
      const one = await api.appid('GET', '/v1/buy/countries/8652/city/200/dids')
      const two = await api.appid('GET', '/v1/buy/countries/8652/cities/200/dids')
      expect([one.status, two.status]).toEqual([200, 200])
      expect(one.body).toEqual(two.body)
      expect(one.body.pagination).toEqual({ total: 3, total_pages: 1, current_page: 1, per_page: 50 })
      expect(one.body.dids[0].id).toBe(Number(one.body.dids[0].number))
      expect(one.body.dids[0].city).toBe('LOS ANGELES, CA')
    })

    it('7: types by wire profile', async () => {
      const path = '/v1/buy/countries/8652/cities/200/dids'
      expect((await api.appid('GET', path)).body.dids[0]).toMatchObject({ channels: 4, sms_price: '0.0' })
      expect((await api.bearer('GET', path)).body.dids[0]).toMatchObject({ channels: '4', sms_price: 0 })
    })

    it('8, 9, 10: absent values, a page past the end, a city of another country', async () => {
      const path = '/v1/buy/countries/8652/cities/200/dids'
      expect((await api.bearer('GET', `${path}?text_enabled_only=undefined&`)).body.dids).toHaveLength(3)
      const far = await api.bearer('GET', `${path}?page=99&per_page=5`)
      expect([far.status, far.body.dids, far.body.pagination.current_page]).toEqual([200, [], 99])
      expect((await api.bearer('GET', '/v1/buy/countries/8669/cities/200/dids')).status).toBe(404)
    })

    it('11: adding twice', async () => {
      for (const _ of [1, 2]) {
        const { status, body } = await cart('18022551119')
        expect([status, body.length]).toEqual([200, 1])
      }
      const { body } = await api.bearer('GET', '/v1/buy/cart')
      expect([body.dids.length, body.doc_types.length]).toEqual([1, 3])
    })

    it('12: PATCH with comma text', async () => {
      const { status, body } = await api.bearer('PATCH', '/v1/buy/cart', { ids: '18022551119,18022551120' })
      expect([status, body.length]).toEqual([200, 2])
    })

    it('13: one unknown id leaves the cart as it was', async () => {
      const { status, body } = await cart('18022551119', '10000000000')
      expect([status, body.message]).toEqual([404, 'At least one DID with ID specified in the request was not found'])
      expect((await api.bearer('GET', '/v1/buy/cart')).body.dids).toEqual([])
    })

    it('14: no ids, and no JSON', async () => {
      const none = await api.bearer('PUT', '/v1/buy/cart', {})
      expect([none.status, none.body.message]).toEqual([400, 'Missing or invalid parameter ids'])
      const broken = await api.ask('PUT', '/v1/buy/cart', { body: '{"ids":', headers: api.json })
      expect([broken.status, broken.body.message]).toEqual([400, 'Missing or invalid parameter ids'])
    })

    it('15: removing twice', async () => {
      await cart('18022551119')
      const remove = () => api.bearer('DELETE', '/v1/buy/cart', { ids: ['18022551119'] })
      expect((await remove()).body).toEqual({ success: true })
      expect((await remove()).status).toBe(404)
    })

    it('16, 17: a checkout, and its repetition', async () => {
      await cart('18022551119')
      const checkout = () => api.bearer('POST', '/v1/buy/cart/checkout', { ids: ['18022551119'] })
      const first = await checkout()
      expect([first.status, first.body]).toEqual([201, { success: true }])
      expect(await balance()).toBe('97.00')
      const today = '2026-06-01'
      const { body } = await api.bearer('GET', `/v1/billing/transactions?from_date=${today}&to_date=${today}`)
      expect(body.transactions.map((row: { type: number }) => row.type).sort()).toEqual([2, 25, 3])
      expect((await api.bearer('GET', '/v1/buy/cart')).body.dids).toEqual([])
      const { items } = (await api.bearer('GET', '/v1/mydids')).body
      expect(items[0]).toMatchObject({ number: '18022551119', status: 'active' })
      expect(items[0].id).toBeLessThan(1_000_000)
      expect((await checkout()).status).toBe(404)
      expect(await balance()).toBe('97.00')
    })

    it('18: the whole cart', async () => {
      await cart('18022551119', '18022551120')
      expect((await api.bearer('POST', '/v1/buy/cart/checkout', {})).status).toBe(201)
      expect((await api.bearer('GET', '/v1/mydids')).body.pagination.total).toBe(2)
    })

    it('19: too little money', async () => {
      await open('0.50')
      await cart('18022551119')
      const { status, body } = await api.bearer('POST', '/v1/buy/cart/checkout', {})
      expect([status, body.success, typeof body.message]).toEqual([422, false, 'string'])
      expect((await api.bearer('GET', '/v1/buy/cart')).body.dids).toHaveLength(1)
      expect(await balance()).toBe('0.50')
    })

    it('20, 21: a number that needs a paper', async () => {
      const id = await buy('541139862174')
      const item = { status: 'inactive', documents: [] }
      expect((await api.appid('GET', `/v1/mydids/${id}`)).body).toMatchObject({ ...item, require_docs: ['1'] })
      expect((await api.bearer('GET', `/v1/mydids/${id}`)).body).toMatchObject({ ...item, require_docs: ['id'] })
      const form = new FormData()
      form.append('did_ids', String(id))
      form.append('doc_id', '1')
      form.append('doc_attachment', new File([PNG], 'id.png', { type: 'image/png' }))
      const sent = await api.ask('POST', '/v1/mydids/papers', { body: form, headers: api.key })
      expect([sent.status, sent.body[0].status, sent.body[0].doc_type_id]).toEqual([200, 'pending', 1])
      await w.core.documents.review(null, sent.body[0].id, 'approved', 'fine')
      expect((await api.bearer('GET', `/v1/mydids/${id}`)).body.status).toBe('active')
      const path = new URL(sent.body[0].url).pathname.replace('/wavix', '')
      expect(isPng(await api.bytes('GET', path))).toBe(true)
    })

    it('22: label_present makes label ignored', async () => {
      await buy('18022551119')
      await buy('18022551120')
      await w.core.numbers.label(null, '+18022551119', 'X')
      const { body } = await api.bearer('GET', '/v1/mydids?label_present=false&label=X')
      expect(body.items.map((item: { number: string }) => item.number)).toEqual(['18022551120'])
    })

    it('23, 24: destinations', async () => {
      const id = await buy('18022551119')
      const set = (ids: number[], destination: object) =>
        api.bearer('POST', '/v1/mydids/update-destinations', { ids, sms_relay_url: null, destinations: [destination] })
      const sip = { transport: 1, destination: '[did]@pbx.example', priority: 1, callhunt: false, active: true }
      expect((await set([id], sip)).body).toEqual({ success: true })
      const shown = async () => (await api.bearer('GET', `/v1/mydids/${id}`)).body.destination
      const before = await shown()
      expect(before).toMatchObject([{ destination: '[did]@pbx.example', transport: 1, trunk_id: null }])
      const bad = await set([id], { ...sip, transport: 2 })
      expect([bad.status, bad.body.message]).toEqual([400, 'Missing or invalid parameter destinations'])
      expect((await set([id, 999], sip)).status).toBe(404)
      expect(await shown()).toEqual(before)
      const trunk = { destination: '32882', priority: 1, transport: 5, trunk_id: 3107 }
      await set([id], trunk)
      expect(await shown()).toMatchObject([{ ...trunk, trunk_label: 'Main office' }])
    })

    it.each([
      (id: number) => `ids[0]=${id}&`,
      (id: number) => `ids[]=${id}`,
      (id: number) => `ids=${id}`,
      () => 'dids=18022551119',
      () => 'ids=18022551119',
    ])('25: release, form %#', async form => {
      const id = await buy('18022551119')
      const { status, body } = await api.bearer('DELETE', `/v1/mydids?${form(id)}`)
      expect([status, body]).toEqual([200, { success: true }])
      expect((await cart('18022551119')).status).toBe(200)
    })

    it('26: release of nothing, and of what is not owned', async () => {
      for (const query of ['&', '', 'ids=&']) {
        const { status, body } = await api.bearer('DELETE', `/v1/mydids?${query}`)
        expect([status, body.message]).toEqual([400, 'Missing or invalid parameter ids'])
      }
      const { status, body } = await api.bearer('DELETE', '/v1/mydids?ids[0]=1848&')
      expect([status, body.message]).toEqual([422, 'DID with id=1848 not found'])
    })

    it('27: the newer family of paths', async () => {
      const id = await buy('18022551119')
      const { body } = await api.bearer('GET', '/v1/numbers')
      expect(body.items[0].id).toBe(id)
      const changed = await api.bearer('PATCH', `/v1/numbers/${id}`, { call_recording_enabled: true })
      expect([changed.status, changed.body.call_recording_enabled]).toEqual([200, true])
    })

    it('28: transactions by type, and without dates', async () => {
      await buy('18022551119')
      const { body } = await api.bearer(
        'GET',
        '/v1/billing/transactions?from_date=2026-01-01&to_date=2026-12-31&type=2&',
      )
      expect(body).toMatchObject({ is_empty: false, transactions: [{ amount: -1, type: 2, status: 'Committed' }] })
      const none = await api.bearer('GET', '/v1/billing/transactions')
      expect([none.status, none.body.message]).toEqual([400, 'Missing or invalid parameter from_date'])
      const legacy = await api.appid('GET', '/v1/billing/transactions')
      expect(legacy.body.transactions[0]).toMatchObject({ amount: '-2.0', status: 'committed' })
    })

    it('29: an account without the feature', async () => {
      for (const path of ['/v1/buy/countries', '/v1/buy/cart', '/v1/mydids']) {
        const { status, body } = await api.ask('GET', path, { headers: { authorization: 'Bearer OFF' } })
        expect([status, body.success]).toEqual([403, false])
      }
    })

    it('30: every error body is an object with success false and a message', async () => {
      const wrong = ['/v1/nowhere', '/v1/mydids/1', '/v1/mydids?page=x', '/v1/buy/countries/x/regions', '/v1/trunks/9']
      for (const path of wrong) {
        const { status, body } = await api.bearer('GET', path)
        expect(status).toBeGreaterThanOrEqual(400)
        expect(status).toBeLessThan(500)
        expect(body).toMatchObject({ success: false, message: expect.any(String) })
      }
    })

    it('invoices are the months that are over, with a PDF each', async () => {
      await buy('18022551119')
      expect((await api.bearer('GET', '/v1/billing/invoices')).body.is_empty).toBe(true)
      w.setClockOnly('2026-07-02T00:00:00Z')
      const { body } = await api.bearer('GET', '/v1/billing/invoices')
      expect(body.invoices).toEqual([{ id: 202606, amount: '3.00', from_date: '2026-06-01', to_date: '2026-06-30' }])
      const pdf = await api.bytes('GET', '/v1/billing/invoices/202606')
      expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe('%PDF-')
      expect((await api.bearer('GET', '/v1/billing/invoices/61')).status).toBe(404)
    })
  })
}
