/** A client of this dialect in domain words, for the contract suites. Credentials: `key`. */
import { digitsOf } from '../../core/ground/e164.ts'
import type { BuyOutcome, Driver, DriverModule, DriverOptions, Offer } from '../kit/driver.ts'

interface Answer {
  status: number
  text: string
  body: Record<string, unknown>
}

interface Item {
  id: number
  number: string
  destination: { destination: string }[]
}

type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>

function asking({ send, base, credentials }: DriverOptions): Ask {
  return async (method, path, body) => {
    const headers = new Headers(body === undefined ? {} : { 'content-type': 'application/json' })
    if (credentials) headers.set('authorization', `Bearer ${credentials.key}`)
    const sent = body === undefined ? null : JSON.stringify(body)
    const response = await send(new Request(`${base}/v1${path}`, { method, headers, body: sent }))
    const text = await response.text()
    return { status: response.status, text, body: JSON.parse(text) as Record<string, unknown> }
  }
}

const REFUSED = new Set([401, 403])

function create(options: DriverOptions): Driver {
  const ask = asking(options)
  const items = async (): Promise<Item[]> => {
    const all: Item[] = []
    for (let page = 1; ; page++) {
      const { status, text, body } = await ask('GET', `/numbers?per_page=100&page=${page}`)
      if (status !== 200) throw new Error(text)
      all.push(...(body.items as Item[]))
      if (page >= (body.pagination as { total_pages: number }).total_pages) return all
    }
  }
  const itemOf = async (e164: string) => (await items()).find(item => item.number === digitsOf(e164))
  return {
    ...buying(ask),
    ...owning(ask, items, itemOf),
    offers: count => offers(ask, count),
    async balance() {
      const { body } = await ask('GET', '/profile/config')
      return Number(body.balance)
    },
    async unknownOperation() {
      const { status, text } = await ask('GET', '/no-such-thing')
      return { status, body: text }
    },
  }
}

interface Listed {
  number: string
  activation_fee: string
  monthly_fee: string
  require_docs: unknown[]
}

interface Place {
  id: number
  has_provinces_or_states?: boolean
}

/** City by city, until there are enough. */
async function offers(ask: Ask, count: number): Promise<Offer[]> {
  const get = async (path: string) => {
    const { status, text, body } = await ask('GET', `/buy${path}`)
    if (status !== 200) throw new Error(text)
    return body
  }
  const places = async (path: string, name: string) => [...((await get(path))[name] as Place[])]
  const found: Offer[] = []
  for (const country of await places('/countries', 'countries')) {
    for (const city of await places(`/countries/${country.id}/cities`, 'cities')) {
      const { dids } = await get(`/countries/${country.id}/cities/${city.id}/dids?per_page=100`)
      found.push(...(dids as Listed[]).filter(each => each.require_docs.length === 0).map(offer))
      if (found.length >= count) return found.slice(0, count)
    }
  }
  return found
}

function offer({ number, activation_fee, monthly_fee }: Listed): Offer {
  return { e164: `+${number}`, price: Number(activation_fee) + Number(monthly_fee), currency: 'USD' }
}

function buying(ask: Ask): Pick<Driver, 'isAvailable' | 'buy'> {
  const cart = (method: string, path: string, e164: string) =>
    ask(method, `/buy/cart${path}`, { ids: [digitsOf(e164)] })
  return {
    /** What can be put into a cart can be bought. */
    async isAvailable(e164) {
      const { status } = await cart('PUT', '', e164)
      if (status === 200) await cart('DELETE', '', e164)
      return status === 200
    },
    async buy(e164): Promise<BuyOutcome> {
      const added = await cart('PUT', '', e164)
      if (REFUSED.has(added.status)) return 'refused'
      if (added.status !== 200) return 'unavailable'
      const { status } = await cart('POST', '/checkout', e164)
      if (status === 422) await cart('DELETE', '', e164)
      return status === 201 ? 'bought' : status === 422 ? 'unaffordable' : 'unavailable'
    },
  }
}

type Owning = Pick<Driver, 'owned' | 'release' | 'configure' | 'configured'>

function owning(ask: Ask, items: () => Promise<Item[]>, itemOf: (e164: string) => Promise<Item | undefined>): Owning {
  return {
    owned: async () => (await items()).map(item => `+${item.number}`).sort(),
    async release(e164) {
      const { status } = await ask('DELETE', `/numbers?dids=${digitsOf(e164)}`)
      return REFUSED.has(status) ? 'refused' : status === 200 ? 'released' : 'not_owned'
    },
    async configure(e164, text) {
      const destinations = [{ transport: 1, destination: text, priority: 1 }]
      const { status } = await ask('POST', '/mydids/update-destinations', { dids: [digitsOf(e164)], destinations })
      return REFUSED.has(status) ? 'refused' : status === 200 ? 'configured' : 'not_owned'
    },
    configured: async e164 => (await itemOf(e164))?.destination[0]?.destination,
  }
}

export const wavixDriver: DriverModule = {
  dialect: 'wavix',
  create,
  credentials: ({ secret }) => ({ key: secret }),
  papers: 'anybody',
  skips: {},
}
