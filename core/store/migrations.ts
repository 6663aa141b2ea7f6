import { type Kysely, sql } from 'kysely'
import { Fault } from '../ground/fault.ts'
import { createAdministration } from './administration.ts'
import { createCallCurrencies, createCallRecords } from './call-records.ts'
import { createCountersInPlace } from './counters-in-place.ts'
import { createDestinations } from './destinations.ts'
import { createHandlers } from './handlers.ts'
import { createHeldCounters } from './held-counters.ts'
import { createHostedAddresses } from './hosted-addresses.ts'
import { createInnerDigits } from './inner-digits.ts'
import { createKeptOrders } from './kept-orders.ts'
import { createLimits } from './limits.ts'
import { createManySecrets } from './many-secrets.ts'
import { createRetention } from './retention.ts'
import {
  createAccessVersion,
  createAreaTotals,
  createCallbackLanes,
  createHolds,
  createImportRules,
  createKeyCheck,
  createOverlooked,
  createResources,
  createRestingIndex,
  createTables,
  createTotalIndexes,
  createWaitingOrders,
  type SqlTypes,
} from './schema.ts'
import type { Tables } from './tables.ts'
import { blamedOnDatabase } from './unavailable.ts'
import { createVerifications } from './verifications.ts'

interface Migration {
  name: string
  statements: (types: SqlTypes) => string[]
}

/** In order; a landed one is never changed, only followed. */
const MIGRATIONS: readonly Migration[] = [
  { name: '0001-first', statements: createTables },
  { name: '0002-totals', statements: createTotalIndexes },
  { name: '0003-access', statements: createAccessVersion },
  { name: '0004-areas', statements: createAreaTotals },
  { name: '0005-held', statements: createHeldCounters },
  { name: '0006-callbacks', statements: createCallbackLanes },
  { name: '0007-access', statements: createManySecrets },
  { name: '0008-imports', statements: createImportRules },
  { name: '0009-key-check', statements: createKeyCheck },
  { name: '0010-orders', statements: createWaitingOrders },
  { name: '0012-destinations', statements: createDestinations },
  { name: '0013-holds', statements: createHolds },
  { name: '0014-resources', statements: createResources },
  { name: '0020-frozen-clock', statements: () => ['ALTER TABLE clock ADD COLUMN frozen_at BIGINT'] },
  { name: '0021-deliveries-event', statements: () => ['CREATE INDEX deliveries_event ON deliveries (event_id)'] },
  { name: '0022-resting', statements: createRestingIndex },
  { name: '0023-calls', statements: createCallRecords },
  { name: '0024-addresses', statements: createHostedAddresses },
  { name: '0025-handlers', statements: createHandlers },
  { name: '0032-verifications', statements: createVerifications },
  { name: '0033-call-currencies', statements: createCallCurrencies },
  { name: '0034-call-via', statements: () => ["ALTER TABLE calls ADD COLUMN via_text TEXT NOT NULL DEFAULT ''"] },
  { name: '0035-kept-orders', statements: createKeptOrders },
  { name: '0036-limits', statements: createLimits },
  { name: '0037-retention', statements: createRetention },
  { name: '0039-timed-versions', statements: ({ timedVersions }) => [...timedVersions] },
  { name: '0040-administration', statements: createAdministration },
  { name: '0042-overlooked', statements: createOverlooked },
  { name: '0043-counters-in-place', statements: createCountersInPlace },
  { name: '0044-inner-digits', statements: createInnerDigits },
]

const LIST = 'didgate_migrations'

/** By which a version's databases are known. */
export const latestMigration = (): string => MIGRATIONS.at(-1)?.name ?? ''

/** Run inside one transaction that already excludes other processes. */
export async function runMigrations(db: Kysely<Tables>, types: SqlTypes): Promise<void> {
  await sql.raw(`CREATE TABLE IF NOT EXISTS ${LIST} (name TEXT PRIMARY KEY)`).execute(db)
  const { missing, newer } = stateOf(await appliedMigrations(db))
  if (newer !== undefined) throw new Error(newer)
  for (const migration of MIGRATIONS.filter(({ name }) => missing.includes(name))) {
    for (const statement of migration.statements(types)) await sql.raw(statement).execute(db)
    await sql`INSERT INTO ${sql.table(LIST)} (name) VALUES (${migration.name})`.execute(db)
  }
}

/** How a database stands to this program. */
export interface SchemaState {
  /** The last migration that it has; undefined: there is nothing of ours in it. */
  version: string | undefined
  /** What the next start brings to it. */
  missing: readonly string[]
  /** Why this program leaves it alone: it is of a newer one. */
  newer: string | undefined
}

/** Throws only when the database does not answer. */
export async function schemaState(db: Kysely<Tables>): Promise<SchemaState> {
  try {
    return stateOf(await appliedMigrations(db))
  } catch (error) {
    const blamed = blamedOnDatabase(error)
    if (blamed instanceof Fault) throw blamed
    return stateOf([]) // the list does not exist yet
  }
}

/** Every migration of this program has run, and none of a newer one. Throws only when the database does not answer. */
export async function isMigrated(db: Kysely<Tables>): Promise<boolean> {
  const { missing, newer } = await schemaState(db)
  return missing.length === 0 && newer === undefined
}

function stateOf(applied: readonly string[]): SchemaState {
  const known = MIGRATIONS.map(({ name }) => name)
  const unknown = applied.filter(name => !known.includes(name))
  return {
    version: [...applied].sort().at(-1),
    missing: known.filter(name => !applied.includes(name)),
    newer: unknown.length > 0 ? newerThanThis(unknown) : undefined,
  }
}

/** What it would do to tables that it does not know, nobody has tried. */
function newerThanThis(unknown: readonly string[]): string {
  const names = unknown.slice(0, 3).join(', ')
  return `the database is of a newer version of didgate (it has ${names}): start that version, or restore a backup made by this one`
}

async function appliedMigrations(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM ${sql.table(LIST)}`.execute(db)
  return rows.map(row => row.name)
}

/** Tables in an order in which foreign keys let them be emptied. */
export const EMPTY_ORDER: readonly (keyof Tables)[] = [
  'ledger_entries',
  'transactions',
  'order_lines',
  'waiting_orders',
  'orders',
  'routes',
  'settings',
  'provisionings',
  'documents',
  'carts',
  'subscriptions',
  'leases',
  'number_events',
  'holds',
  'calls',
  'call_sums',
  'import_rows',
  'imports',
  'numbers',
  'stock',
  'stock_areas',
  'held',
  'npa_versions',
  'places',
  'balances',
  'company_profiles',
  'verifications',
  'trunks',
  'resources',
  'sessions',
  'login_attempts',
  'shared_counts',
  'credentials',
  'sip_addresses',
  'users',
  'organizations',
  'policies',
  'accounts',
  'audit_events',
  'delivery_attempts',
  'deliveries',
  'outbox',
  'callback_secrets',
  'idempotency_records',
  'clock',
]
