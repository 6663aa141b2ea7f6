import type { World } from '../../../src/worlds/world-file.ts'
import { checkShape } from '../../support/shape.ts'
import type { TestWorld } from '../../support/world.ts'

export const ACCOUNT = '0f3c0000-0000-4000-8000-00000000000a'
export const OTHER = '0f3c0000-0000-4000-8000-00000000000b'
export const P1 = '7c1d0000-0000-4000-8000-000000000001'
export const P2 = '7c1d0000-0000-4000-8000-000000000002'
export const P3 = '7c1d0000-0000-4000-8000-000000000003'
export const FOREIGN = '7c1d0000-0000-4000-8000-000000000004'

export function dutch(e164: string) {
  return {
    e164,
    country: 'NL',
    type: 'local',
    area_code: '20',
    city: 'Amsterdam',
    currency: 'EUR',
    setup_price: '1',
    monthly_price: '2',
  }
}

/** Fifteen singles, among them one aligned block of ten. */
export const AMSTERDAM = [
  ...['12', '14', '16', '18', '22'].map(end => dutch(`+312012345${end}`)),
  ...Array.from({ length: 10 }, (_, i) => dutch(`+3120123456${i}`)),
]

const austin = (n: number) => ({
  e164: `+1512555010${n}`,
  country: 'US',
  type: 'local',
  region: 'TX',
  city: 'Austin',
  currency: 'EUR',
  setup_price: '1',
  monthly_price: '2',
})

const address = { countryCode: 'NL', city: 'Amsterdam', emailAddresses: ['ann@example.com'] }

/** The page's line: account A with profiles for NL and US and one not approved; 15 numbers in 020, 5 in Austin. */
export function cmWorld(numbers: World['numbers'] = [...AMSTERDAM, ...[0, 1, 2, 3, 4].map(austin)]): World {
  return {
    quarantine_days: { '*': 0 },
    accounts: [
      {
        id: 12,
        guid: ACCOUNT,
        name: 'A',
        currency: 'EUR',
        balances: { EUR: '1000.00' },
        credentials: [{ realm: 'cm', kind: 'key', secret: 'T' }],
        company_profiles: [
          { guid: P1, status: 'approved', country: 'NL', types: ['local', 'toll_free'], data: address },
          { guid: P2, status: 'approved', country: 'US', types: ['local'], data: { countryCode: 'US' } },
          { guid: P3, status: 'in_review', country: 'NL', types: ['local'], data: address },
        ],
      },
      {
        id: 13,
        guid: OTHER,
        name: 'B',
        currency: 'EUR',
        balances: { EUR: '1000.00' },
        credentials: [{ realm: 'cm', kind: 'key', secret: 'U' }],
        company_profiles: [{ guid: FOREIGN, status: 'approved', country: 'NL', types: ['local'], data: address }],
      },
    ],
    numbers,
  }
}

// biome-ignore lint/suspicious/noExplicitAny: answers are checked with their strict schemas; tests read freely
type Body = any

export const REQUESTS = `/voice-phonenumberrequestapi/v1/${ACCOUNT}/numberRequests`

/** A client for tests: whatever it receives is checked with the operation's strict schema. */
export function cmClient(world: TestWorld) {
  const ask = async (method: string, path: string, body?: unknown, token: string | null = 'T') => {
    const headers = new Headers(body === undefined ? {} : { 'content-type': 'application/json' })
    if (token !== null) headers.set('X-CM-PRODUCTTOKEN', token)
    const sent = typeof body === 'string' ? body : JSON.stringify(body)
    const url = world.base('cm') + path
    const response = await world.send(new Request(url, { method, headers, body: body === undefined ? null : sent }))
    const answer = JSON.parse(await response.text()) as Body
    checkShape(world.gateway, 'cm', method, path, response.status, answer)
    return { status: response.status, body: answer, headers: response.headers }
  }
  const request = (more: Record<string, unknown>) =>
    ask('POST', REQUESTS, { companyProfileGuid: P1, quantity: 2, phoneNumberType: 'LOCAL', areaCode: '020', ...more })
  return { ask, request, read: (guid: string) => ask('GET', `${REQUESTS}/${guid}`) }
}
