/** A client of this dialect in domain words, for the contract suites. Credentials: `accountId` and `token`. */
import type { BuyOutcome, Driver, DriverModule, DriverOptions, Offer } from '../kit/driver.ts'

interface Answer {
  status: number
  text: string
}

interface Listed {
  phone_number: string
  base_setup_price: string
  base_recurring_price: string
}

const NOBODY = 'AC00000000000000000000000000000000'

function create({ send, base, credentials }: DriverOptions): Driver {
  const account = credentials?.accountId ?? NOBODY
  const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const headers = new Headers(body === undefined ? {} : { 'content-type': 'application/json' })
    const pair = `${account}:${credentials?.token}`
    if (credentials) headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
    const sent = body === undefined ? null : JSON.stringify(body)
    const response = await send(new Request(`${base}/v1${path}`, { method, headers, body: sent }))
    return { status: response.status, text: await response.text() }
  }
  const collection = `/Account/${account}/ActiveNumbers/`
  const instance = (e164: string) => `/Accounts/${account}/ActiveNumbers/ActiveNumbers/PN${e164}`
  const changed = async (done: string, method: string, e164: string, body?: unknown) => {
    const { status } = await ask(method, instance(e164), body)
    return status === 401 ? 'refused' : status === 200 ? done : 'not_owned'
  }
  return {
    async offers(count): Promise<Offer[]> {
      const only = 'type=local&geography.iso_country=US&regulatory.address_requirements=none'
      const { text } = await ask('GET', `/api/AvailableNumbers?${only}&PageSize=${count}`)
      return (JSON.parse(text) as { items: Listed[] }).items.map(each => ({
        e164: each.phone_number,
        price: Number(each.base_setup_price) + Number(each.base_recurring_price),
      }))
    },
    async isAvailable(e164) {
      const { text } = await ask('GET', `/api/AvailableNumbers?phone_number=${encodeURIComponent(e164)}`)
      return (JSON.parse(text) as { items: unknown[] }).items.length === 1
    },
    async buy(e164): Promise<BuyOutcome> {
      const { status } = await ask('POST', `${collection}?phoneNumber=${encodeURIComponent(e164)}`)
      if (status === 200) return 'bought'
      if (status === 402) return 'unaffordable'
      return status === 400 ? 'unavailable' : 'refused'
    },
    async owned() {
      const { status, text } = await ask('GET', `${collection}?PageSize=1000`)
      if (status !== 200) throw new Error(text)
      return (JSON.parse(text) as { items: { phone_number: string }[] }).items.map(each => each.phone_number).sort()
    },
    release: async e164 => (await changed('released', 'DELETE', e164)) as 'released',
    configure: async (e164, text) =>
      (await changed('configured', 'POST', e164, { friendlyName: text })) as 'configured',
    async configured(e164) {
      const { text } = await ask('GET', instance(e164))
      return (JSON.parse(text) as { friendlyName?: string }).friendlyName
    },
    async unknownOperation() {
      const { status, text } = await ask('GET', '/NoSuchThing')
      return { status, body: text }
    },
  }
}

export const sinchV1Driver: DriverModule = {
  dialect: 'sinch-v1',
  create,
  credentials: ({ publicId, secret }) => ({ accountId: publicId, token: secret }),
  papers: 'verified',
  skips: {},
}
