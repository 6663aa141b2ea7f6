/** A client of this dialect in domain words, for the contract suites. Credentials: `accountGuid` and `token`. */
import { nanpParts } from '../../core/ground/e164.ts'
import { type BuyOutcome, type DriverModule, type DriverOptions, lacking, type PartialDriver } from '../kit/driver.ts'
import { EMPTY_GUID } from './ids.ts'

interface Answer {
  status: number
  text: string
  body: unknown
}

type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>

function asking({ send, base, credentials }: DriverOptions): Ask {
  const account = credentials?.accountGuid ?? EMPTY_GUID
  return async (method, path, body) => {
    const headers = new Headers(body === undefined ? {} : { 'content-type': 'application/json' })
    if (credentials?.token) headers.set('x-cm-producttoken', credentials.token)
    const url = base + path.replace(':account', account)
    const response = await send(
      new Request(url, { method, headers, body: body === undefined ? null : JSON.stringify(body) }),
    )
    const text = await response.text()
    return { status: response.status, text, body: JSON.parse(text) }
  }
}

const REQUESTS = '/voice-phonenumberrequestapi/v1/:account/numberRequests'
const PROFILES = '/voice-companyprofilesapi/v1/:account/companyProfiles'
const NUMBERS = '/voice-phonenumbersapi/v1/:account/phoneNumbers'

interface Numbered {
  phoneNumber: string
  customerAlias: string | null
}

interface Profile {
  guid: string
  phoneNumberCountryCode: string
}

/** One number of the area that this number lies in. */
async function criteriaFor(ask: Ask, e164: string): Promise<Record<string, unknown> | undefined> {
  const { body, status } = await ask('GET', PROFILES)
  if (status !== 200) return undefined
  const profile = (body as Profile[]).find(each => each.phoneNumberCountryCode === 'US')
  const options = await ask('GET', `${REQUESTS}/localeOptions?countryCode=US&phoneNumberType=LOCAL`)
  const npa = nanpParts(e164)?.npa ?? ''
  const place = (options.body as { region: string; areaCodes: string[] }[]).find(each => each.areaCodes.includes(npa))
  return {
    companyProfileGuid: profile?.guid,
    phoneNumberType: 'LOCAL',
    quantity: 1,
    areaCode: npa,
    region: place?.region ?? 'NY',
  }
}

async function buy(ask: Ask, e164: string): Promise<BuyOutcome> {
  const criteria = await criteriaFor(ask, e164)
  if (!criteria) return 'refused'
  const created = await ask('POST', REQUESTS, criteria)
  if (created.status === 400) return 'unaffordable'
  const { guid } = created.body as { guid: string }
  const { body } = await ask('GET', `${REQUESTS}/${guid}`)
  const { status, start } = body as { status: string; start: string }
  if (status === 'COMPLETED' && start !== e164) throw new Error(`asked for ${e164}, got ${start}`)
  if (status === 'COMPLETED') return 'bought'
  // a request that waits would take the number as soon as it is free
  await ask('PUT', `${REQUESTS}/${guid}/cancel`)
  return 'unavailable'
}

function create(options: DriverOptions): PartialDriver {
  const ask = asking(options)
  return {
    async isAvailable(e164) {
      const criteria = await criteriaFor(ask, e164)
      const query = new URLSearchParams(criteria as Record<string, string>)
      const { body } = await ask('GET', `${REQUESTS}/availability?${query}`)
      return (body as { directlyAssignable: boolean }).directlyAssignable
    },
    buy: e164 => buy(ask, e164),
    async owned() {
      const { status, text, body } = await ask('GET', `${NUMBERS}?take=1000`)
      if (status !== 200) throw new Error(text)
      return (body as Numbered[]).map(each => each.phoneNumber).sort()
    },
    /** The one thing of a number that is its owner's to say. */
    async configure(e164, text) {
      const { status } = await ask('PUT', `${NUMBERS}/${e164}/customerAlias`, { customerAlias: text })
      return status === 401 ? 'refused' : status === 200 ? 'configured' : 'not_owned'
    },
    async configured(e164) {
      const { body } = await ask('GET', `${NUMBERS}?take=1000`)
      return (body as Numbered[]).find(each => each.phoneNumber === e164)?.customerAlias ?? undefined
    },
    async unknownOperation() {
      const { status, text } = await ask('GET', '/no-such-thing')
      return { status, body: text }
    },
  }
}

export const cmDriver: DriverModule = {
  dialect: 'cm',
  ...lacking({ release: 'no documented operation gives a number back' }, create),
  credentials: ({ account, secret }) => ({ accountGuid: account.guid, token: secret }),
  papers: 'anybody',
  byArea: true,
  skips: {},
}
