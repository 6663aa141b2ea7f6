/** A client in domain words. Credentials: `token`. */
import {
  type BuyOutcome,
  type DriverModule,
  type DriverOptions,
  lacking,
  type PartialDriver,
} from '../../../adapters/kit/driver.ts'
import { DIALECT } from './ids.ts'

const BUYING = new Map<number, BuyOutcome>([
  [201, 'bought'],
  [401, 'refused'],
  [403, 'refused'],
  [402, 'unaffordable'],
])

function create({ send, base, credentials }: DriverOptions): PartialDriver {
  const ask = (method: string, path: string, body?: object) => {
    const headers = new Headers({ 'content-type': 'application/json' })
    if (credentials) headers.set('authorization', `Bearer ${credentials.token}`)
    return send(new Request(`${base}/v1${path}`, { method, headers, body: body ? JSON.stringify(body) : null }))
  }
  const at = (e164: string) => `/numbers/${encodeURIComponent(e164)}`
  return {
    isAvailable: async e164 => (await ask('GET', at(e164))).status === 200,
    buy: async e164 => BUYING.get((await ask('POST', '/orders', { number: e164 })).status) ?? 'unavailable',
    async release(e164) {
      const { status } = await ask('DELETE', at(e164))
      return status === 401 ? 'refused' : status === 204 ? 'released' : 'not_owned'
    },
    async unknownOperation() {
      const response = await ask('GET', '/nowhere')
      return { status: response.status, body: await response.text() }
    },
  }
}

export const driver: DriverModule = {
  dialect: DIALECT,
  ...lacking({ owned: 'nothing lists what an account has', configure: 'a number has nothing to be set' }, create),
  credentials: ({ secret }) => ({ token: secret }),
  papers: 'nobody',
  skips: {},
}
