import type { World } from '../../src/worlds/world-file.ts'

/** Areas of the plan: one number of the suites in each, so that buying by area is buying by name. */
const AREAS = [
  ['201', 'NJ', 'Newark'],
  ['203', 'CT', 'Bridgeport'],
  ['205', 'AL', 'Birmingham'],
  ['206', 'WA', 'Seattle'],
  ['207', 'ME', 'Portland'],
  ['208', 'ID', 'Boise'],
  ['209', 'CA', 'Stockton'],
  ['210', 'TX', 'San Antonio'],
] as const

export const CONTRACT_NUMBERS = AREAS.map(([npa]) => `+1${npa}5550123`)

/** Of every number, set-up and first period together. */
export const PRICE = 3

const numbers = AREAS.map(([npa, region, city]) => ({
  e164: `+1${npa}5550123`,
  country: 'US',
  type: 'local',
  region,
  city,
  rate_center: city.toUpperCase().slice(0, 10),
  capabilities: 'voice;sms',
  currency: 'USD',
  setup_price: '1',
  monthly_price: '2',
}))

const guid = (id: number) => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`
const sid = (id: number) => `AC${String(id).padStart(32, '0')}`

/** Every dialect's credentials of an account, by the dialect's own names. */
export function credentialsOf(id: number): Record<string, Record<string, string>> {
  return {
    onsip: { username: `user_${id}`, password: `password-${id}` },
    wavix: { key: `wavix-${id}` },
    vobiz: { authId: `MA_TEST${String(id).padStart(4, '0')}`, authToken: `vobiz-${id}` },
    'sinch-v1': { accountId: sid(id), token: `sinch-v1-${id}` },
    sinch: { projectId: guid(id), keyId: `sinch-key-${id}`, keySecret: `sinch-secret-${id}` },
    cm: { accountGuid: guid(id), token: `cm-${id}` },
    twilio: { accountSid: sid(id), token: `twilio-${id}` },
    signalwire: { accountSid: guid(id), token: `signalwire-${id}` },
    bandwidth: { accountId: String(9_900_000 + id), userName: `bandwidth-user-${id}`, password: `bandwidth-${id}` },
  }
}

/** An account that every dialect lets in. */
export function account(id: number, balance: string): NonNullable<World['accounts']>[number] {
  return {
    id,
    guid: guid(id),
    handle: `MA_TEST${String(id).padStart(4, '0')}`,
    name: `Account ${id}`,
    currency: 'USD',
    identity_verified: true,
    // orders show at once what became of them: the clocks of these worlds stand still
    profile: { orderSettleMs: 0 },
    balances: { USD: balance },
    organizations: [
      {
        id: id + 100,
        domain: `account${id}.example.com`,
        users: [
          {
            id: id + 200,
            username: 'ann',
            auth_username: `user_${id}`,
            role: 'account_admin',
            password: `password-${id}`,
          },
        ],
      },
    ],
    credentials: [
      { realm: 'wavix', kind: 'key', secret: `wavix-${id}` },
      { realm: 'vobiz', kind: 'key_pair', public_id: `MA_TEST${String(id).padStart(4, '0')}`, secret: `vobiz-${id}` },
      { realm: 'sinch-v1', kind: 'key_pair', public_id: sid(id), secret: `sinch-v1-${id}` },
      { realm: 'sinch', kind: 'key_pair', public_id: `sinch-key-${id}`, secret: `sinch-secret-${id}` },
      { realm: 'cm', kind: 'key', secret: `cm-${id}` },
      { realm: 'twilio', kind: 'key_pair', public_id: sid(id), secret: `twilio-${id}` },
      { realm: 'signalwire', kind: 'key_pair', public_id: guid(id), secret: `signalwire-${id}` },
      { realm: 'bandwidth', kind: 'key_pair', public_id: `bandwidth-user-${id}`, secret: `bandwidth-${id}` },
    ],
    company_profiles: [{ status: 'approved', country: 'US', types: ['local'], data: { name: 'US' } }],
  }
}

export const RICH = 12
export const POOR = 13

/** Two accounts that know nothing of each other; released numbers need no rest. */
export const contractWorld: World = {
  quarantine_days: { '*': 0 },
  places: [
    { id: 8652, kind: 'country', country: 'US', code: 'US', name: 'United States', has_regions: true },
    ...AREAS.map(([, region], i) => ({
      id: 300 + i,
      kind: 'region' as const,
      parent: 8652,
      country: 'US',
      code: region,
      name: region,
    })),
  ],
  accounts: [account(RICH, '1000.00'), account(POOR, '5.00')],
  numbers,
}
