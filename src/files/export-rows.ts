/** Rows of exports: what stands in them, in which order, and as which text. */
import { csvLine } from '../../adapters/kit/csv.ts'
import type { PhoneNumber, Transaction } from '../../core/ground/model.ts'
import type { Ownership } from '../../core/verbs.ts'
import { present } from '../admin/present.ts'
import { NUMBER_COLUMNS, OWNED_COLUMNS } from './csv-header.ts'

export type Row = Record<string, unknown>

const STATE_COLUMNS = [
  'state',
  'owner_id',
  'last_owner_id',
  'cool_until',
  'held_by',
  'held_until',
  'created_at',
] as const
const LEASE_COLUMNS = ['lease_id', 'payer_id', 'organization_id', 'label', 'trunk_id', 'monthly_amount', 'unpaid_since']

export const COLUMNS = {
  inventory: [...NUMBER_COLUMNS, ...STATE_COLUMNS],
  ownership: [...NUMBER_COLUMNS, ...OWNED_COLUMNS, 'state', ...LEASE_COLUMNS, 'ends_at', 'ended_at'],
  ledger: [
    ...['id', 'guid', 'account_id', 'created_at', 'kind', 'currency', 'amount', 'setup_amount', 'period_amount'],
    ...['balance_after', 'e164', 'lease_id', 'period', 'refunds_id', 'note'],
  ],
  /** What `didgate import` takes. */
  stock: NUMBER_COLUMNS,
  owned: [...NUMBER_COLUMNS, ...OWNED_COLUMNS],
} as const satisfies Record<string, readonly string[]>

export const inventoryRow = (number: PhoneNumber): Row => present(number)

export function ownershipRow({ number, lease, subscription, endedAt }: Ownership): Row {
  const { id: leaseId, accountId, payerId, organizationId, userId, label, trunkId, startedAt, endsAt } = lease
  const { paidUntil, unpaidSince } = subscription
  const money = present({ monthlyPrice: subscription.amount })
  const held = { leaseId, accountId, payerId, organizationId, userId, label, trunkId, activatedAt: startedAt, endsAt }
  // of millions: to spread them out into a new object takes several times as long
  return Object.assign(present(number), present(held), present({ paidUntil, unpaidSince, endedAt }), {
    monthly_amount: money.monthly_price,
  })
}

/** For an import: the price that its owner pays, unless somebody else bills it. */
export function ownedRow(ownership: Ownership): Row {
  const row = ownershipRow(ownership)
  return ownership.subscription.amount === 0 ? row : Object.assign(row, { monthly_price: row.monthly_amount })
}

export const ledgerRow = (transaction: Transaction): Row => present(transaction)

/** Words of customers that a spreadsheet would take for a formula. */
const FREE = new Set(['label', 'note'])
const FORMULA = /^[=+\-@\t\r]/

function cellOf(name: string, value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = Array.isArray(value) ? value.join(';') : String(value)
  return FREE.has(name) && FORMULA.test(text) ? `'${text}` : text
}

export const csvHeader = (columns: readonly string[]): string => csvLine(columns)

export const csvRow = (columns: readonly string[], row: Row): string =>
  csvLine(columns.map(name => cellOf(name, row[name])))

export const jsonRow = (columns: readonly string[], row: Row): string =>
  `${JSON.stringify(Object.fromEntries(columns.map(name => [name, row[name] ?? null])))}\n`
