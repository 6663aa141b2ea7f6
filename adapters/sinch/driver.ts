/** A client of this dialect in domain words, for the contract suites. Credentials: `projectId`, `keyId`, `keySecret`. */
import type { BuyOutcome, Driver, DriverModule, DriverOptions, Offer } from '../kit/driver.ts'

const NOBODY = '00000000-0000-4000-8000-000000000000'

interface Listed {
  phoneNumber: string
  setupPrice: { amount: string; currencyCode: string }
  monthlyPrice: { amount: string }
  supportingDocumentationRequired: boolean
}

function offer({ phoneNumber, setupPrice, monthlyPrice }: Listed): Offer {
  const price = Number(setupPrice.amount) + Number(monthlyPrice.amount)
  return { e164: phoneNumber, price, currency: setupPrice.currencyCode }
}

function create({ send, base, credentials }: DriverOptions): Driver {
  const root = `${base}/v1/projects/${credentials?.projectId ?? NOBODY}`
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = new Headers({ 'content-type': 'application/json' })
    const pair = `${credentials?.keyId}:${credentials?.keySecret}`
    if (credentials) headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
    const sent = body === undefined ? null : JSON.stringify(body)
    const response = await send(new Request(root + path, { method, headers, body: sent }))
    return { status: response.status, text: await response.text() }
  }
  return {
    async offers(count) {
      const { text } = await ask('GET', `/availableNumbers?regionCode=US&type=LOCAL&size=${Math.min(count, 100)}`)
      const { availableNumbers } = JSON.parse(text) as { availableNumbers: Listed[] }
      return availableNumbers.filter(each => !each.supportingDocumentationRequired).map(offer)
    },
    isAvailable: async e164 => (await ask('GET', `/availableNumbers/${e164}`)).status === 200,
    async buy(e164): Promise<BuyOutcome> {
      const { status } = await ask('POST', `/availableNumbers/${e164}:rent`, {})
      if (status === 200) return 'bought'
      if (status === 402) return 'unaffordable'
      return status === 404 ? 'unavailable' : 'refused'
    },
    async owned() {
      const { status, text } = await ask('GET', '/activeNumbers?pageSize=1000')
      if (status !== 200) throw new Error(text)
      const { activeNumbers } = JSON.parse(text) as { activeNumbers: { phoneNumber: string }[] }
      return activeNumbers.map(each => each.phoneNumber).sort()
    },
    /** Asked for; the number stays until its paid period is over. */
    async release(e164) {
      const { status } = await ask('POST', `/activeNumbers/${e164}:release`)
      return status === 401 ? 'refused' : status === 200 ? 'released' : 'not_owned'
    },
    async configure(e164, text) {
      const { status } = await ask('PATCH', `/activeNumbers/${e164}`, { displayName: text })
      return status === 401 ? 'refused' : status === 200 ? 'configured' : 'not_owned'
    },
    async configured(e164) {
      const { text } = await ask('GET', `/activeNumbers/${e164}`)
      return (JSON.parse(text) as { displayName?: string }).displayName
    },
    async unknownOperation() {
      const { status, text } = await ask('GET', '/noSuchThing')
      return { status, body: text }
    },
  }
}

export const sinchDriver: DriverModule = {
  dialect: 'sinch',
  create,
  credentials: ({ account, publicId, secret }) => ({ projectId: account.guid, keyId: publicId, keySecret: secret }),
  releasesLater: true,
  papers: 'nobody',
  skips: {
    'a released number is gone from its owner and can be bought again':
      'a release takes effect at the end of the paid period',
  },
}
