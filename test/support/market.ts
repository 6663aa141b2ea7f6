/** A small market for tests of the core: customers with money, one with a child, and numbers of 1 + 2 USD. */
import { expect } from 'vitest'
import type { Caller, Owned } from '../../core/ground/model.ts'
import { seededRandom } from '../../core/ground/random.ts'
import { noTally } from '../../core/ground/tally.ts'
import type { Unit } from '../../core/ground/unit.ts'
import { noIds } from '../../core/store/ids.ts'
import type { World, WorldRow } from '../../src/worlds/world-file.ts'
import { file } from './lines.ts'
import type { TestWorld } from './world.ts'

export const ACME = 1
export const CHILD = 2
export const OTHER = 3
/** Account 4 owes nothing and may owe 5 USD. */
export const ON_CREDIT = 4

export const USD = 1_000_000
export const DAY = 86_400_000

const organization = (id: number) => ({
  id: id * 10,
  domain: `account${id}.example.com`,
  users: [
    {
      id: id * 100,
      username: 'ann',
      auth_username: `ann_${id}`,
      role: 'account_admin' as const,
      password: `password-${id}`,
    },
  ],
})

export const number = (e164: string, more: Record<string, string> = {}): WorldRow => ({
  e164,
  country: 'US',
  type: 'local',
  region: 'NY',
  city: 'New York',
  currency: 'USD',
  setup_price: '1',
  monthly_price: '2',
  ...more,
})

export const numbers = (count: number, block = '212789', more: Record<string, string> = {}) =>
  Array.from({ length: count }, (_, i) => number(`+1${block}${String(100 + i).padStart(4, '0')}`, more))

export function market(stock: WorldRow[], more: Partial<World> = {}): World {
  return {
    quarantine_days: { '*': 0 },
    accounts: [
      { id: ACME, name: 'Acme', currency: 'USD', balances: { USD: '1000' }, organizations: [organization(ACME)] },
      { id: CHILD, name: 'Child', currency: 'USD', parent: ACME, organizations: [organization(CHILD)] },
      { id: OTHER, name: 'Other', currency: 'USD', balances: { USD: '1000' }, organizations: [organization(OTHER)] },
      { id: ON_CREDIT, name: 'On credit', currency: 'USD', credit_limits: { USD: '5' } },
    ],
    numbers: stock,
    ...more,
  }
}

export async function callerOf({ core }: TestWorld, id: number): Promise<Caller> {
  const account = await core.accounts.get(id)
  return core.accounts.callerFor(account as NonNullable<typeof account>)
}

export async function buy(w: TestWorld, id: number, ...e164s: string[]): Promise<Owned[]> {
  const { owned } = await w.core.numbers.purchase(await callerOf(w, id), e164s, { documents: 'allow' })
  return owned
}

export async function holding(w: TestWorld, e164: string): Promise<Owned> {
  const owned = await w.core.numbers.leaseOf(e164)
  if (!owned) throw new Error(`nobody holds ${e164}`)
  return owned
}

export async function release(w: TestWorld, id: number, e164: string): Promise<void> {
  const { lease } = await holding(w, e164)
  await w.core.numbers.release(await callerOf(w, id), [lease.id], { kind: 'now' })
}

export async function balanceOf({ core }: TestWorld, id: number, currency = 'USD'): Promise<number> {
  return ((await core.ledger.balance(id, currency))?.balance ?? 0) / USD
}

export const stateOf = async ({ core }: TestWorld, e164: string) => (await core.numbers.find(e164))?.state

export async function bring({ core }: TestWorld, rows: readonly WorldRow[]) {
  return core.imports.run(file(rows), { owned: false, keepGood: false })
}

/** No law of the core is broken. */
export async function sound({ core }: TestWorld): Promise<void> {
  expect(await core.invariants()).toMatchObject({ ok: true, violations: [] })
}

/** A unit as the core makes them, for rows that no verb would ever hold for so long. */
export const within = <T>(w: TestWorld, fn: (unit: Unit) => Promise<T>): Promise<T> =>
  w.store.write(db =>
    fn({
      db,
      now: w.core.clock.now(),
      engine: w.store.engine,
      ids: noIds(),
      random: seededRandom('stale'),
      actor: { accountId: null, userId: null, administrator: null },
      listening: new Set(),
      isRepeat: false,
      trace: undefined,
      tally: noTally(),
      mayGuess: true,
      stock: new Map(),
      arrivals: { stockIds: new Set(), payerIds: new Set() },
      settleArrivals: async () => {},
    }),
  )

export const iso = (at: number | null | undefined) => (at == null ? at : new Date(at).toISOString())
