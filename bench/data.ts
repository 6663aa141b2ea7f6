import { createCore } from '../core/core.ts'
import { openStore } from '../core/store/open.ts'
import type { Core, ImportRow } from '../core/verbs.ts'

/** The n-th code that an area or an exchange can have, from 201 on: those of services are left out. */
export const codeAt = (n: number): number => 201 + n + Math.floor((n + 89) / 99)

/** An American number in the n-th of evenly filled blocks. */
export function numberAt(n: number, npas: number, nxxs: number, from = 0): { e164: string; npa: number; nxx: number } {
  const block = n % (npas * nxxs)
  const npa = codeAt(from + (block % npas))
  const nxx = codeAt(Math.floor(block / npas))
  return { e164: `+1${npa}${nxx}${String(Math.floor(n / (npas * nxxs))).padStart(4, '0')}`, npa, nxx }
}

export async function* plan(
  count: number,
  npas: number,
  nxxs: number,
  from = 0,
): AsyncGenerator<{ line: number; row: ImportRow }> {
  const blocks = npas * nxxs
  // block by block, as such files come
  for (let n = 0, line = 0; line < count; line++) {
    const { e164, npa, nxx } = numberAt(n, npas, nxxs, from)
    const next = n + blocks
    n = next < count ? next : (n % blocks) + 1
    const row = {
      e164,
      country: 'US',
      type: 'local',
      region: 'NY',
      city: `City ${npa}`,
      rate_center: `RC${nxx}`,
      capabilities: 'voice;sms',
      currency: 'USD',
      setup_price: '1',
      monthly_price: '2',
    }
    yield { line: line + 2, row }
  }
}

export const PROJECT = '00000000-0000-4000-8000-00000000beac'

export const WAVIX_KEY = 'bench-wavix'

/** One customer with endless money, who can log in through every dialect. */
export async function openCustomer(core: Core): Promise<void> {
  const account = await core.accounts.create(null, {
    id: 12,
    guid: PROJECT,
    name: 'Bench',
    handle: 'MA_BENCH001',
    currency: 'USD',
  })
  const { id: organizationId } = await core.directory.createOrganization(null, {
    id: 31,
    accountId: account.id,
    domain: 'bench.example.com',
  })
  await core.directory.createUser(null, {
    id: 501,
    organizationId,
    username: 'ann',
    authUsername: 'bench_ann',
    role: 'account_admin',
    password: 'bench-password',
  })
  await core.credentials.create(null, { accountId: 12, realm: 'wavix', kind: 'key', secret: WAVIX_KEY })
  const pair = { accountId: 12, kind: 'key_pair', secret: 'bench-token' } as const
  await core.credentials.create(null, { ...pair, realm: 'vobiz', publicId: 'MA_BENCH001' })
  await core.credentials.create(null, { ...pair, realm: 'sinch', publicId: 'bench' })
  await core.ledger.topUp(null, account.id, 'USD', 9_000_000_000_000_000)
}

export async function withCore<T>(url: string, fn: (core: Core) => Promise<T>): Promise<T> {
  const store = await openStore(url)
  await store.migrate()
  const core = createCore({ store, clock: { now: Date.now }, key: 'bench-key-bench-key-bench-key-32' })
  try {
    return await fn(core)
  } finally {
    await store.close()
  }
}
