import type { MadeCredential } from '../../adapters/kit/credentials.ts'
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { dialectModules } from '../../src/dialects.ts'
import type { World, WorldAccount } from '../../src/worlds/world-file.ts'

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
const named = (id: number) => ({ id, guid: guid(id), handle: `MA_TEST${String(id).padStart(4, '0')}` })

/** What an account has in a dialect: of its user where that is who asks, else of its own. */
export function madeFor(id: number, { name, credentials: rules }: DialectModule): MadeCredential {
  const account = named(id)
  if (rules?.kind === 'password') return { account, publicId: `user_${id}`, secret: `password-${id}` }
  return { account, publicId: rules?.publicId?.(account) ?? `${name}-key-${id}`, secret: `${name}-${id}` }
}

/** Every dialect's credentials of an account, by the dialect's own names. */
export function credentialsOf(id: number, modules = dialectModules): Record<string, Record<string, string>> {
  return Object.fromEntries(modules.map(module => [module.name, module.driver.credentials(madeFor(id, module))]))
}

function credentialsIn(id: number, modules: readonly DialectModule[]): WorldAccount['credentials'] {
  return modules.flatMap(module => {
    const { kind = 'key' } = module.credentials ?? {}
    const { publicId, secret } = madeFor(id, module)
    const own = { realm: module.name, kind, secret }
    return kind === 'password' ? [] : [kind === 'key' ? own : { ...own, public_id: publicId }]
  })
}

/** An account that every dialect lets in. */
export function account(id: number, balance: string, modules = dialectModules): WorldAccount {
  const user = { id: id + 200, username: 'ann', auth_username: `user_${id}`, role: 'account_admin' as const }
  return {
    ...named(id),
    name: `Account ${id}`,
    currency: 'USD',
    identity_verified: true,
    // orders show at once what became of them: the clocks of these worlds stand still
    profile: { orderSettleMs: 0 },
    balances: { USD: balance },
    organizations: [
      { id: id + 100, domain: `account${id}.example.com`, users: [{ ...user, password: `password-${id}` }] },
    ],
    credentials: credentialsIn(id, modules),
    company_profiles: [{ status: 'approved', country: 'US', types: ['local'], data: { name: 'US' } }],
  }
}

export const RICH = 12
export const POOR = 13

const places: World['places'] = [
  { id: 8652, kind: 'country', country: 'US', code: 'US', name: 'United States', has_regions: true },
  ...AREAS.map(([, region], i) => ({
    id: 300 + i,
    kind: 'region' as const,
    parent: 8652,
    country: 'US',
    code: region,
    name: region,
  })),
]

/** Two accounts that know nothing of each other; released numbers need no rest. */
export const contractWorldOf = (modules: readonly DialectModule[]): World => ({
  quarantine_days: { '*': 0 },
  places,
  accounts: [account(RICH, '1000.00', modules), account(POOR, '5.00', modules)],
  numbers,
})

export const contractWorld = contractWorldOf(dialectModules)
