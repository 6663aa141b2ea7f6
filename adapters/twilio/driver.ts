/** A client of this dialect in domain words, for the contract suites. Credentials: `accountSid` and `token`. */
import type { BuyOutcome, Driver, DriverModule, DriverOptions } from '../kit/driver.ts'

interface Answer {
  status: number
  text: string
}

interface Found {
  phone_number: string
  address_requirements: string
}

interface Owned extends Found {
  sid: string
  friendly_name: string
}

const NOBODY = 'AC00000000000000000000000000000000'
const TYPES = ['Local', 'TollFree', 'Mobile', 'National']

function accountsClient({ send, base, credentials }: DriverOptions, prefix: string) {
  const account = credentials?.accountSid ?? NOBODY
  const ask = async (method: string, path: string, form?: Record<string, string>): Promise<Answer> => {
    const headers = new Headers()
    const pair = `${account}:${credentials?.token}`
    if (credentials) headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
    if (form) headers.set('content-type', 'application/x-www-form-urlencoded')
    const body = form ? new URLSearchParams(form).toString() : null
    const response = await send(new Request(`${base}${prefix}${path}`, { method, headers, body }))
    return { status: response.status, text: await response.text() }
  }
  const below = (rest: string) => `/Accounts/${account}${rest}`
  return { ask, below }
}

type Client = ReturnType<typeof accountsClient>

async function allOwned({ ask, below }: Client): Promise<Owned[]> {
  const { status, text } = await ask('GET', below('/IncomingPhoneNumbers.json?PageSize=1000'))
  if (status !== 200) throw new Error(text)
  return (JSON.parse(text) as { incoming_phone_numbers: Owned[] }).incoming_phone_numbers
}

async function buy({ ask, below }: Client, e164: string): Promise<BuyOutcome> {
  const before = await ask('GET', below(`/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(e164)}`))
  if (before.status !== 200) return 'refused'
  // a number that the account has already would be updated, not bought
  if ((JSON.parse(before.text) as { incoming_phone_numbers: unknown[] }).incoming_phone_numbers.length > 0) {
    return 'unavailable'
  }
  const { status, text } = await ask('POST', below('/IncomingPhoneNumbers.json'), { PhoneNumber: e164 })
  if (status === 201) return 'bought'
  return status === 403 && text.includes('Insufficient funds') ? 'unaffordable' : 'unavailable'
}

async function isAvailable({ ask, below }: Client, e164: string): Promise<boolean> {
  const { text } = await ask('GET', below('/AvailablePhoneNumbers.json'))
  const { countries } = JSON.parse(text) as { countries: { country_code: string }[] }
  for (const { country_code } of countries) {
    for (const type of TYPES) {
      const path = `/AvailablePhoneNumbers/${country_code}/${type}.json?Contains=${e164.slice(1)}`
      const { status, text: found } = await ask('GET', below(path))
      if (status === 200 && found.includes(`"phone_number":"${e164}"`)) return true
    }
  }
  return false
}

/** `prefix`: what stands in front of `/Accounts`. */
export const driverBelow =
  (prefix: string) =>
  (options: DriverOptions): Driver => {
    const client = accountsClient(options, prefix)
    const { ask, below } = client
    const sidOf = async (e164: string) => (await allOwned(client)).find(each => each.phone_number === e164)?.sid
    const act = async (e164: string, method: string, form?: Record<string, string>) => {
      const list = await ask('GET', below('/IncomingPhoneNumbers.json?PageSize=1'))
      if (list.status === 401) return 'refused' as const
      const sid = await sidOf(e164)
      if (sid === undefined) return undefined
      const { status } = await ask(method, below(`/IncomingPhoneNumbers/${sid}.json`), form)
      return status === 200 || status === 204
    }
    return {
      async offers(count) {
        const path = `/AvailablePhoneNumbers/US/Local.json?ExcludeAllAddressRequired=true&PageSize=${count}`
        const { text } = await ask('GET', below(path))
        const found = JSON.parse(text) as { available_phone_numbers: Found[] }
        const plain = found.available_phone_numbers.filter(each => each.address_requirements === 'none')
        return plain.map(each => ({ e164: each.phone_number }))
      },
      isAvailable: e164 => isAvailable(client, e164),
      buy: e164 => buy(client, e164),
      owned: async () => (await allOwned(client)).map(each => each.phone_number).sort(),
      async release(e164) {
        const done = await act(e164, 'DELETE')
        return done === 'refused' ? done : done ? 'released' : 'not_owned'
      },
      async configure(e164, text) {
        const done = await act(e164, 'POST', { FriendlyName: text })
        return done === 'refused' ? done : done ? 'configured' : 'not_owned'
      },
      configured: async e164 => (await allOwned(client)).find(each => each.phone_number === e164)?.friendly_name,
      async balance() {
        const { text } = await ask('GET', below('/Balance.json'))
        return Number((JSON.parse(text) as { balance: string }).balance)
      },
      async unknownOperation() {
        const { status, text } = await ask('GET', '/NoSuchThing.json')
        return { status, body: text }
      },
    }
  }

const UPDATES = 'buying what the account has already is an update, answered like a purchase'

export const twilioDriver: DriverModule = {
  dialect: 'twilio',
  create: driverBelow('/2010-04-01'),
  credentials: ({ publicId, secret }) => ({ accountSid: publicId, token: secret }),
  rebuys: true,
  papers: 'verified',
  skips: { 'parallel buyers of few numbers: each number is sold to exactly one': UPDATES },
}
