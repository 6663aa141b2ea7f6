import type { Tables } from '../store/tables.ts'
import type { RetentionDays } from '../verbs.ts'

/** What is removed of a table, once it is over and has been kept for its days. */
export interface Rule {
  table: keyof Tables
  /** Its primary key. */
  keys: readonly string[]
  /** Column with the moment from which the days count; it has an index of its own. */
  since: string
  days: keyof RetentionDays
  /** Rows that are over: the condition of that index. */
  only?: string
  /** What still needs a row. Looked at for those alone that are about to go. */
  unless?: string
  /** Rows that go with it, before it. */
  parts?: { table: keyof Tables; keys: readonly string[]; owner: string }
}

/** Deliveries before the events that they tell of: an event can be put into words again while one of them is shown. */
export const RULES = [
  { table: 'sessions', keys: ['id'], since: 'expires_at', days: 'ended' },
  // a lock lasts minutes, days are left at least
  { table: 'login_attempts', keys: ['realm', 'name', 'source'], since: 'window_started_at', days: 'ended' },
  { table: 'holds', keys: ['id'], since: 'ended_at', days: 'ended', only: 'ended_at IS NOT NULL' },
  { table: 'idempotency_records', keys: ['account_id', 'key'], since: 'created_at', days: 'idempotency' },
  {
    table: 'deliveries',
    keys: ['id'],
    since: 'created_at',
    days: 'callbacks',
    only: 'next_attempt_at IS NULL',
    parts: { table: 'delivery_attempts', keys: ['id'], owner: 'delivery_id' },
  },
  {
    table: 'outbox',
    keys: ['id'],
    since: 'at',
    days: 'callbacks',
    only: 'is_done = 1',
    unless: 'EXISTS (SELECT 1 FROM deliveries WHERE deliveries.event_id = outbox.id)',
  },
  { table: 'carts', keys: ['account_id', 'number_id'], since: 'added_at', days: 'carts' },
  {
    table: 'imports',
    keys: ['id'],
    since: 'created_at',
    days: 'imports',
    only: "status NOT IN ('staging', 'publishing')",
    parts: { table: 'import_rows', keys: ['import_id', 'line'], owner: 'import_id' },
  },
] as const satisfies readonly Rule[]

type WithParts = Extract<(typeof RULES)[number], { parts: unknown }>
export type TidiedTable = (typeof RULES)[number]['table'] | WithParts['parts']['table']

/** Every other table, and why its rows stay. */
export const KEPT: Readonly<Record<Exclude<keyof Tables, TidiedTable>, string>> = {
  accounts: 'customers',
  admin_tokens: 'those that are revoked tell who could once run the gateway',
  organizations: 'of customers',
  users: 'of customers',
  sip_addresses: 'of users',
  credentials: 'of customers; those that are off tell who could once come in',
  access_version: 'one row',
  policies: 'settings of the operator',
  places: 'the catalogue',
  stock: 'the catalogue, with counters',
  stock_areas: 'counters',
  held: 'counters, a row for each account',
  npa_versions: 'a row for each area code',
  numbers: 'no number is ever forgotten',
  leases: 'who had a number when',
  routes: 'of leases that are open',
  trunks: 'of customers',
  shared_counts: 'of the last seconds: those who count take out what is older',
  resources: 'of customers',
  settings: 'of leases that are open',
  subscriptions: 'what was billed',
  balances: 'the books',
  transactions: 'the books',
  ledger_entries: 'the books',
  orders: 'what customers ordered, which they look up',
  order_lines: 'what customers ordered',
  waiting_orders: 'a row for each order that waits, which goes with the waiting',
  company_profiles: 'of customers',
  verifications: 'of customers',
  documents: 'of leases that are open and of orders',
  calls: 'what customers are billed by and look up',
  call_sums: 'sums of the calls',
  number_events: 'the life of each number, append-only',
  audit_events: 'who did what, append-only',
  provisionings: 'of leases that are open',
  callback_secrets: 'of customers',
  clock: 'one row',
  key_check: 'one row',
}
