import type { World } from '../../../src/worlds/world-file.ts'
import { basic } from '../../support/basic.ts'
import { checkShape } from '../../support/shape.ts'
import type { TestWorld } from '../../support/world.ts'

export const P1 = '00000000-0000-4000-8000-0000000000a1'
export const P2 = '00000000-0000-4000-8000-0000000000a2'

const number = (e164: string, more: Record<string, string>) => ({
  e164,
  country: 'US',
  type: 'local',
  currency: 'EUR',
  setup_price: '0.50',
  monthly_price: '0.80',
  ...more,
})

/** The page's line: project p1 with key k/s; two numbers of the US and a Swedish mobile one. */
export const sinchWorld: World = {
  quarantine_days: { '*': 0 },
  places: [{ id: 1, kind: 'country', country: 'US', code: 'US', name: 'United States' }],
  accounts: [
    {
      id: 1,
      guid: P1,
      name: 'One',
      currency: 'EUR',
      balances: { EUR: '100.00' },
      credentials: [{ realm: 'sinch', kind: 'key_pair', public_id: 'k', secret: 's' }],
    },
    { id: 2, guid: P2, name: 'Two', currency: 'EUR' },
  ],
  numbers: [
    number('+12025550134', { capabilities: 'voice;sms' }),
    number('+12025550135', { capabilities: 'voice' }),
    number('+46701234567', { country: 'SE', type: 'mobile', capabilities: 'voice;sms' }),
    number('+541139862174', { country: 'AR', required_documents: 'id', capabilities: 'voice' }),
  ],
}

export { basic }

// biome-ignore lint/suspicious/noExplicitAny: answers are checked with their strict schemas; tests read freely
type Body = any

export function sinchClient(world: TestWorld) {
  const raw = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const url = world.base('sinch') + path
    const response = await world.send(new Request(url, { method, headers, body: body ?? null }))
    const answer: Body = JSON.parse(await response.text())
    checkShape(world.gateway, 'sinch', method, path, response.status, answer)
    return { status: response.status, body: answer, headers: response.headers }
  }
  const ask = (
    method: string,
    path: string,
    body?: unknown,
    authorization: string | null = basic('k', 's'),
    project = P1,
  ) => {
    const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' }
    if (authorization !== null) headers.authorization = authorization
    const sent = body === undefined ? undefined : JSON.stringify(body)
    return raw(method, `/v1/projects/${project}${path}`, sent, headers)
  }
  const token = (secret = 's', grant = 'client_credentials') =>
    raw('POST', '/oauth2/token', `grant_type=${grant}`, {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: basic('k', secret),
    })
  return { ask, token }
}
