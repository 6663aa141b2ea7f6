import type { World } from '../../../src/worlds/world-file.ts'
import { checkShape } from '../../support/shape.ts'
import type { TestWorld } from '../../support/world.ts'

export const AC1 = 'AC00000000000000000000000000000001'
export const AC2 = 'AC00000000000000000000000000000002'

const american = (e164: string, more: Record<string, string> = {}) => ({
  e164,
  country: 'US',
  type: 'local',
  region: 'CA',
  city: 'Los Angeles',
  rate_center: 'LSAN DA 01',
  lata: '730',
  capabilities: 'voice;sms',
  currency: 'USD',
  setup_price: '1',
  monthly_price: '2',
  ...more,
})

/** The page's line: a US number, one that needs identity, a German one; AC1 owns another and is not verified. */
export const v1World: World = {
  quarantine_days: { '*': 1 },
  accounts: [
    {
      id: 1,
      name: 'One',
      currency: 'USD',
      balances: { USD: '100.00' },
      credentials: [{ realm: 'sinch-v1', kind: 'key_pair', public_id: AC1, secret: 'tok' }],
    },
    { id: 2, name: 'Two', currency: 'USD' },
    { id: 3, name: 'Open', currency: 'USD', allow_unauthenticated: true },
  ],
  numbers: [
    american('+12135550112'),
    american('+12135550113', { required_documents: 'id', monthly_price: '5' }),
    american('+4930123456', {
      country: 'DE',
      region: '',
      city: 'Berlin',
      area_code: '30',
      capabilities: 'voice',
      rate_center: '',
    }),
  ],
  owned: [
    {
      ...american('+12135550111'),
      account_id: '1',
      activated_at: '2026-05-20T00:00:00Z',
      paid_until: '2026-06-20T00:00:00Z',
    },
  ],
}

// biome-ignore lint/suspicious/noExplicitAny: answers are checked with their strict schemas; tests read freely
type Body = any

export function v1Client(world: TestWorld) {
  const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    authorization: string | null = basic(AC1, 'tok'),
  ) => {
    const headers = new Headers({ accept: 'application/json' })
    if (body !== undefined) headers.set('content-type', 'application/json')
    if (authorization !== null) headers.set('authorization', authorization)
    const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const url = path.startsWith('http') ? path : world.base('sinch-v1') + path
    const response = await world.send(new Request(url, { method, headers, body: sent }))
    const text = await response.text()
    const answer: Body = text === '' ? undefined : JSON.parse(text)
    const plain = url.replace(world.base('sinch-v1'), '')
    checkShape(world.gateway, 'sinch-v1', method, plain, response.status, answer)
    return { status: response.status, body: answer, headers: response.headers, text }
  }
  return { ask, basic }
}
