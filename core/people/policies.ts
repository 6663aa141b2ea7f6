import { DAY_MS } from '../ground/clock.ts'
import type { Instant, Micros } from '../ground/model.ts'
import type { Context, RunUnit, Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { Policies } from '../verbs.ts'

/** Production default: a released number rests 45 days. */
const QUARANTINE_DAYS = 45
const EVERYONE = 0
const ANY = '*'

type Kind = 'quarantine_days' | 'reclaim_days' | 'release_fee'

export async function setPolicy(
  unit: Unit,
  kind: Kind,
  accountId: number,
  scope: string,
  value: number,
): Promise<void> {
  await unit.db
    .insertInto('policies')
    .values({ kind, account_id: accountId, scope, value })
    .onConflict(c => c.columns(['kind', 'account_id', 'scope']).doUpdateSet({ value }))
    .execute()
}

/** The most particular rule wins: this account before everyone, this scope before any. */
export async function readPolicy(
  db: Reader,
  kind: Kind,
  accountId: number,
  scope: string,
): Promise<number | undefined> {
  const rows = await db
    .selectFrom('policies')
    .selectAll()
    .where('kind', '=', kind)
    .where('account_id', 'in', [EVERYONE, accountId])
    .where('scope', 'in', [ANY, scope])
    .execute()
  const rank = (row: { account_id: number; scope: string }) =>
    (row.account_id === EVERYONE ? 0 : 2) + (row.scope === ANY ? 0 : 1)
  return rows.sort((a, b) => rank(b) - rank(a))[0]?.value
}

export async function quarantineDays(db: Reader, country: string, accountId: number): Promise<number> {
  return (await readPolicy(db, 'quarantine_days', accountId, country)) ?? QUARANTINE_DAYS
}

/** What follows a release: nobody has the number until the first moment, its last owner may take it back until the second. */
export interface Rest {
  coolUntil: Instant
  reclaimUntil: Instant | null
}

/** For a release at any moment. A number that its last owner may still take back rests at least that long. */
export async function restOf(db: Reader, country: string, accountId: number): Promise<(at: Instant) => Rest> {
  const [reclaim = 0, quarantine] = await Promise.all([
    readPolicy(db, 'reclaim_days', accountId, country),
    quarantineDays(db, country, accountId),
  ])
  const days = Math.max(quarantine, reclaim)
  return at => ({ coolUntil: at + days * DAY_MS, reclaimUntil: reclaim === 0 ? null : at + reclaim * DAY_MS })
}

export async function restFrom(db: Reader, country: string, accountId: number, at: Instant): Promise<Rest> {
  return (await restOf(db, country, accountId))(at)
}

export async function releaseFee(db: Reader, accountId: number, currency: string): Promise<Micros> {
  return (await readPolicy(db, 'release_fee', accountId, currency)) ?? 0
}

export function createPolicies({ store }: Context, run: RunUnit): Policies {
  return {
    setQuarantineDays: (days, country, accountId = EVERYONE) =>
      run(null, unit => setPolicy(unit, 'quarantine_days', accountId, country, days)),
    setReclaimDays: (days, country, accountId = EVERYONE) =>
      run(null, unit => setPolicy(unit, 'reclaim_days', accountId, country, days)),
    quarantineDays: (country, accountId) => store.read(db => quarantineDays(db, country, accountId)),
  }
}
