/** A client of this dialect in domain words, for the contract suites. Credentials: `authId` and `authToken`. */
import type { Driver, DriverModule, DriverOptions, Offer } from '../kit/driver.ts'

interface Answer {
  status: number
  body: Record<string, unknown>
}

type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>

interface Listed {
  e164: string
  setup_fee: number
  monthly_fee: number
  currency: string
  trunk_group_id?: string
}

function asking({ send, base, credentials }: DriverOptions): Ask {
  const id = credentials?.authId ?? 'MA_NOBODY00'
  const pair: Record<string, string> = credentials
    ? { 'x-auth-id': id, 'x-auth-token': credentials.authToken ?? '' }
    : {}
  return async (method, path, body) => {
    const url = `${base}/api/v1${path.replace(':me', id)}`
    const headers = { ...pair, ...(body !== undefined && { 'content-type': 'application/json' }) }
    const response = await send(
      new Request(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }),
    )
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
  }
}

const numberPath = (e164: string, rest = '') => `/account/:me/numbers/${encodeURIComponent(e164)}${rest}`

async function ownNumbers(ask: Ask): Promise<Listed[]> {
  const all: Listed[] = []
  for (let page = 1; ; page++) {
    const query = `?include_subaccounts=false&per_page=100&page=${page}`
    const { status, body } = await ask('GET', `/Account/:me/numbers${query}`)
    if (status !== 200) throw new Error(JSON.stringify(body))
    const items = body.items as Listed[]
    all.push(...items)
    if (items.length === 0 || all.length >= (body.total as number)) return all
  }
}

function outcome(status: number): 'not_owned' | 'refused' | 'done' {
  if (status < 300) return 'done'
  return status === 403 || status === 404 ? 'not_owned' : 'refused'
}

/** American ones where there are any: they need no identity papers. */
async function offers(ask: Ask, count: number): Promise<Offer[]> {
  for (const country of ['&country=US', '']) {
    const size = Math.min(count, 100)
    const { status, body } = await ask('GET', `/Account/:me/inventory/numbers?per_page=${size}${country}`)
    if (status !== 200) throw new Error(JSON.stringify(body))
    const items = [...(body.items as Listed[])]
    if (items.length > 0) {
      return items.map(each => ({ e164: each.e164, price: each.setup_fee + each.monthly_fee, currency: each.currency }))
    }
  }
  return []
}

function buying(ask: Ask): Pick<Driver, 'isAvailable' | 'buy' | 'offers' | 'balance'> {
  return {
    offers: count => offers(ask, count),
    async balance(currency) {
      const { body } = await ask('GET', `/Account/:me/balance/${currency}`)
      return Number(body.available_balance ?? 0)
    },
    async isAvailable(e164) {
      const { body } = await ask('GET', `/Account/:me/inventory/numbers?search=${encodeURIComponent(e164)}`)
      return ((body.items as Listed[] | undefined) ?? []).some(item => item.e164 === e164)
    },
    async buy(e164) {
      const { status } = await ask('POST', '/Account/:me/numbers/purchase-from-inventory', { e164 })
      if (status === 200) return 'bought'
      if (status === 404) return 'unavailable'
      return status === 500 ? 'unaffordable' : 'refused'
    },
  }
}

/** There is no note on a number: what can be changed is the trunk it is on, so a trunk bears the text. */
async function configure(ask: Ask, e164: string, text: string): Promise<'configured' | 'not_owned' | 'refused'> {
  const trunk = await ask('POST', '/Account/:me/trunks', { name: text })
  if (trunk.status !== 201) return 'refused'
  await ask('DELETE', numberPath(e164, '/assign'))
  const { status } = await ask('POST', numberPath(e164, '/assign'), { trunk_group_id: trunk.body.trunk_id })
  const result = outcome(status)
  return result === 'done' ? 'configured' : result
}

function create(options: DriverOptions): Driver {
  const ask = asking(options)
  return {
    ...buying(ask),
    owned: async () => (await ownNumbers(ask)).map(({ e164 }) => e164).sort(),
    async release(e164) {
      const { status } = await ask('DELETE', numberPath(e164, '?immediate=true'))
      const result = outcome(status)
      return result === 'done' ? 'released' : result
    },
    configure: (e164, text) => configure(ask, e164, text),
    async configured(e164) {
      const number = (await ownNumbers(ask)).find(each => each.e164 === e164)
      if (!number?.trunk_group_id) return undefined
      const { body } = await ask('GET', `/Account/:me/trunks/${number.trunk_group_id}`)
      return body.name as string
    },
    async unknownOperation() {
      const { status, body } = await ask('GET', '/Account/:me/bogus')
      return { status, body: JSON.stringify(body) }
    },
  }
}

export const vobizDriver: DriverModule = {
  dialect: 'vobiz',
  create,
  credentials: ({ publicId, secret }) => ({ authId: publicId, authToken: secret }),
  papers: 'verified',
  skips: {},
}
