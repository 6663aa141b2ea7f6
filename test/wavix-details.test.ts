/** What real clients of Wavix send and read that the vectors do not reach. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { World } from '../src/world.ts'
import { engines } from './support/engines.ts'
import { ORIGIN, openWorlds, type TestWorld } from './support/world.ts'

const APPID = 'wavix-details'

const world: World = {
  accounts: [
    {
      ...{ id: 1, name: 'Details', currency: 'USD', balances: { USD: '100' } },
      credentials: [{ realm: 'wavix', secret: APPID }],
      trunks: [{ id: 7, name: 'main' }],
    },
  ],
  numbers: [
    number('+18005550123', 'US', 'toll_free', null, 'Toll-free'),
    number('+12015550123', 'US', 'local', 'NJ', 'Newark'),
    number('+61491570156', 'AU', 'mobile', null, 'Mobile'),
    number('+61261000012', 'AU', 'local', 'ACT', 'Canberra'),
  ],
}

function number(e164: string, country: string, type: string, region: string | null, city: string | null) {
  return {
    ...{ e164, country, type, capabilities: 'voice;sms', currency: 'USD', setup_price: '1', monthly_price: '2' },
    ...(region && { region }),
    ...(city && { city }),
  }
}

type Answer = Record<string, unknown>

for (const engine of engines()) {
  describe(`wavix in use, on ${engine}`, () => {
    let worlds: Awaited<ReturnType<typeof openWorlds>>
    let w: TestWorld
    beforeAll(async () => {
      worlds = await openWorlds(engine)
      w = await worlds.open(world)
    })
    afterAll(() => worlds.drop())

    async function call(method: string, path: string, body?: unknown) {
      const url = `${ORIGIN}/wavix${path}${path.includes('?') ? '&' : '?'}appid=${APPID}`
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const response = await w.send(
        new Request(url, { method, headers: { 'content-type': 'application/json' }, ...sent }),
      )
      return { status: response.status, body: (await response.json()) as Answer }
    }

    const list = async (path: string, name: string) => (await call('GET', path)).body[name] as Answer[]

    /** Every number that the documented walk comes to: countries, regions where there are some, cities, numbers. */
    async function walk(query: string): Promise<unknown[]> {
      const found: unknown[] = []
      for (const country of await list(`/v1/buy/countries?${query}`, 'countries')) {
        const at = `/v1/buy/countries/${country.id}`
        const regions = country.has_provinces_or_states ? await list(`${at}/regions?${query}`, 'regions') : [undefined]
        for (const region of regions) {
          const inside = region ? `${at}/regions/${region.id}/cities?${query}` : `${at}/cities?${query}`
          for (const city of await list(inside, 'cities'))
            found.push(...(await list(`${at}/cities/${city.id}/dids?${query}`, 'dids')).map(each => each.number))
        }
      }
      return found.sort()
    }

    it('B7: the documented walk reaches every number, those of no region too', async () => {
      expect(await walk('type_filter=tollfree')).toEqual(['18005550123'])
      expect(await walk('')).toEqual(['12015550123', '18005550123', '61261000012', '61491570156'])
    })

    it('B1: what is found as text enabled shows that it is, and takes it when bought', async () => {
      const found = await walk('text_enabled_only=true')
      const all = await walk('')
      expect(found.length).toBeGreaterThan(0)
      expect(found.length).toBeLessThan(all.length)
      expect(found).toEqual(all.filter(each => String(each).startsWith('1')))
    })

    it('B10: a cart of what is no list is refused as what was sent wrong', async () => {
      expect((await call('PUT', '/v1/buy/cart', { ids: 5 })).status).toBe(400)
      expect((await call('PUT', '/v1/buy/cart', { ids: { a: 1 } })).status).toBe(400)
    })

    it('B3: a trunk has what the newest client requires', async () => {
      const { status, body } = await call('GET', '/v1/trunks/7')
      expect(status).toBe(200)
      expect(body).toMatchObject({ allowed_ips: [], created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) })
    })

    describe('of an owned number', () => {
      let id: unknown
      beforeAll(async () => {
        await call('PUT', '/v1/buy/cart', { ids: ['61261000012'] })
        await call('POST', '/v1/buy/cart/checkout', { ids: ['61261000012'] })
        const items = await list('/v1/mydids', 'items')
        id = items.find(each => each.number === '61261000012')?.id
      })

      it('E3: an empty relay URL clears and is no wish for SMS; the destinations are stored', async () => {
        const destinations = [{ transport: 1, trunk_id: 7, destination: 'main' }]
        const changed = await call('POST', '/v1/mydids/update-destinations', {
          ...{ ids: [id], sms_relay_url: '', destinations },
        })
        expect(changed.status).toBe(200)
        const { body } = await call('GET', `/v1/mydids/${id}`)
        expect(body).toMatchObject({ sms_relay_url: null })
        expect(body.destination).toHaveLength(1)
      })
    })

    it('E4: a country code is kept and shown, nonsense is refused', async () => {
      expect((await call('PUT', '/v1/profile', { company_info: { country_code: 'se' } })).status).toBe(200)
      expect((await call('GET', '/v1/profile')).body).toMatchObject({
        company_info: { country: { country_name: 'Sweden' } },
      })
      expect((await call('PUT', '/v1/profile', { country_code: 'NO' })).status).toBe(200)
      const { status } = await call('PUT', '/v1/profile', { country_code: 'Nowhere' })
      expect([400, 422]).toContain(status)
      expect((await call('GET', '/v1/profile')).body).toMatchObject({
        company_info: { country: { country_name: 'Norway' } },
      })
    })
  })
}
