import type { Generated } from 'kysely'

// Columns are snake_case. Flags are 0/1 and documents are JSON text, so that both engines hold the same values.

interface AccountTable {
  id: Generated<number>
  guid: string
  handle: string
  name: string
  parent_id: number | null
  payer_id: number
  currency: string
  role: string
  is_active: number
  identity_verified: number
  identity_needs: Generated<string>
  allow_unauthenticated: number
  features_off: string
  default_organization_id: number | null
  default_user_id: number | null
  profile: string
  created_at: number
  updated_at: number
}

interface OrganizationTable {
  id: Generated<number>
  account_id: number
  domain: string
  contact: string
  created_at: number
  updated_at: number
}

interface UserTable {
  id: Generated<number>
  account_id: number
  organization_id: number
  username: string
  auth_username: string
  role: string
  is_enabled: number
  /** Encrypted: shown again to its user. */
  sip_password: string
  contact: string
  created_at: number
  updated_at: number
}

interface SipAddressTable {
  id: Generated<number>
  account_id: number
  organization_id: number
  user_id: number | null
  username: string
  domain: string
  kind: string
  name: string
  created_at: number
  updated_at: number
  data: Generated<string>
  /** The address that an alias stands for. */
  parent_id: Generated<number | null>
}

interface CredentialTable {
  id: Generated<number>
  account_id: number
  user_id: number | null
  realm: string
  kind: string
  public_id: string
  secret_hash: string
  role: string
  scopes: string
  name: string
  is_active: number
  created_at: number
  /** Ends with this credential. */
  issued_from: number | null
  /** Worth nothing from then on: another secret holds beside it until then. */
  ends_at: Generated<number | null>
}

interface AdminTokenTable {
  id: Generated<number>
  name: string
  token_hash: string
  created_at: number
  revoked_at: number | null
}

/** One row; every change of accounts, organizations, users, addresses and credentials moves it (triggers). */
interface AccessVersionTable {
  id: number
  version: number
}

interface SessionTable {
  id: Generated<number>
  realm: string
  token_hash: string
  user_id: number
  created_at: number
  expires_at: number
}

interface LoginAttemptTable {
  realm: string
  name: string
  /** Where they come from; empty: nobody knows. */
  source: string
  failures: number
  window_started_at: number
  locked_until: number
}

interface SharedCountTable {
  process: string
  turn: number
  at: number
  counts: string
}

interface PolicyTable {
  kind: string
  /** 0 stands for every account. */
  account_id: number
  /** Country or currency; `*` stands for every other one. */
  scope: string
  value: number
}

interface PlaceTable {
  id: Generated<number>
  kind: string
  parent_id: number | null
  country_id: number
  country: string
  code: string
  name: string
  has_regions: number
}

/** What numbers with the same place, product and price currency have in common, with how many are on the shelf. */
interface StockTable {
  id: Generated<number>
  country: string
  type: string
  area_code: string
  npa_nxx: string
  npa: string
  region: string
  city_id: number
  rate_center: string
  currency: string
  capabilities: number
  needs_documents: number
  available: number
}

/** Sums of `stock`, see area-counters.ts. */
type StockAreaTable = Omit<StockTable, 'npa_nxx' | 'city_id' | 'rate_center'>

/** Leases that are not closed, by account, see held-counters.ts. */
interface HeldTable {
  account_id: number
  leases: number
}

interface NpaVersionTable {
  npa: string
  version: number
}

/** What is known of a number before anybody owns it: the columns of its row and of a staged line alike. */
interface ProductColumns {
  country: string
  type: string
  area_code: string
  npa_nxx: string | null
  region: string
  city: string
  city_id: number | null
  rate_center: string | null
  lata: string | null
  latitude: string | null
  longitude: string | null
  postal_code: string | null
  /** Bit set, see CAPABILITY_BITS in core/ground/rows.ts. */
  capabilities: number
  currency: string
  setup_price: number
  monthly_price: number
  per_minute_price: number
  channels: number
  required_documents: string
}

export interface NumberTable extends ProductColumns {
  id: Generated<number>
  e164: string
  reversed: string
  stock_id: number
  state: string
  prior_state: string | null
  owner_id: number | null
  lease_id: number | null
  last_owner_id: number | null
  releases_at: number | null
  cool_until: number | null
  reclaim_until: number | null
  /** From when on it can be bought; null while somebody holds it for good. */
  available_from: number | null
  /** When the clock alone changes its state next. */
  due_at: number | null
  last_call_at: number | null
  /** Account for which it is kept off the shelf until `held_until`. */
  held_by: number | null
  held_until: number | null
  version: number
  created_at: number
  updated_at: number
}

/** One account's claim on one number that nobody owns yet. */
interface HoldTable {
  id: Generated<number>
  guid: string
  number_id: number
  account_id: number
  /** Whose surface took it, and what that surface keeps with it. */
  dialect: string | null
  data: string
  taken_at: number
  held_until: number
  ended_at: number | null
  /** Word of the event that ended it. */
  ending: string | null
}

export interface LeaseTable {
  id: Generated<number>
  guid: string
  number_id: number
  account_id: number
  payer_id: number
  organization_id: number | null
  user_id: number | null
  label: string | null
  trunk_id: number | null
  /** A resource of the lease's account. */
  handler_id: number | null
  started_at: number
  ends_at: number | null
  closed_at: number | null
  order_line_id: number | null
  /** Fee taken for a pending release, refunded when it is cancelled. */
  release_fee: number
  release_mode: string | null
  updated_at: number
  /** The charge of that fee, while it can come back with the release. */
  release_fee_id: number | null
}

interface RouteTable {
  id: Generated<number>
  lease_id: number
  priority: number
  kind: string
  target: string
  trunk_id: number | null
  /** The address of the account that the target names. */
  address_id: number | null
  is_active: number
}

interface TrunkTable {
  id: Generated<number>
  guid: string
  account_id: number
  name: string
  label: string
  data: string
  created_at: number
  updated_at: number
}

interface ResourceTable {
  id: Generated<number>
  guid: string
  account_id: number
  /** A word of the surface that keeps it, such as `twilio.address`. */
  kind: string
  parent_id: number | null
  name: string
  data: string
  created_at: number
  updated_at: number
}

interface SettingTable {
  lease_id: number
  dialect: string
  value: string
}

export interface SubscriptionTable {
  id: Generated<number>
  lease_id: number
  payer_id: number
  currency: string
  amount: number
  anchor_at: number
  /** Months from the anchor to the end of the last paid period. */
  periods: number
  paid_until: number
  next_due_at: number | null
  /** When the runner looks next: `next_due_at`, or the daily retry of an unpaid one. */
  due_at: number | null
  unpaid_since: number | null
  closed_at: number | null
}

interface BalanceTable {
  id: Generated<number>
  guid: string
  account_id: number
  currency: string
  balance: number
  credit_limit: number
  created_at: number
  updated_at: number
}

export interface TransactionTable {
  id: Generated<number>
  guid: string
  account_id: number
  kind: string
  currency: string
  amount: number
  setup_amount: number
  period_amount: number
  balance_after: number
  number_id: number | null
  e164: string | null
  lease_id: number | null
  subscription_id: number | null
  period: number | null
  order_line_id: number | null
  note: string
  created_at: number
  /** The charge that this gives back. */
  refunds_id: Generated<number | null>
}

interface LedgerEntryTable {
  id: Generated<number>
  transaction_id: number
  /** 'customer' has an account; 'revenue', 'cash' and 'deposits' are ours. */
  book: string
  account_id: number | null
  currency: string
  amount: number
}

export interface OrderTable {
  id: Generated<number>
  guid: string
  account_id: number
  payer_id: number
  kind: string
  status: string
  reason: string | null
  dialect: string | null
  criteria: string
  quantity: number
  range_size: number
  company_profile_id: number | null
  callback_url: string | null
  created_at: number
  updated_at: number
  /** When the clock does something to it. */
  due_at: number | null
}

/** One row for each order that waits. '' stands for any country, area or city; whatever else is asked is in the filter. */
interface WaitingOrderTable {
  order_id: number
  account_id: number
  payer_id: number
  country: string
  area_code: string
  city: string
  filter: string
  range_size: number
  quantity: number
  /** What it was found to be short of: 'numbers', or a 'payer' with money who may act. */
  lacks: string
}

export interface OrderLineTable {
  id: Generated<number>
  order_id: number
  position: number
  number_id: number
  lease_id: number | null
  status: string
}

interface CompanyProfileTable {
  id: Generated<number>
  guid: string
  account_id: number
  status: string
  country: string
  types: string
  data: string
  created_at: number
  updated_at: number
}

interface VerificationTable {
  account_id: number
  kind: string
  status: string
  is_test: number
  reason: string | null
  data: string
  created_at: number
  updated_at: number
}

interface CartTable {
  account_id: number
  number_id: number
  added_at: number
}

interface DocumentTable {
  id: Generated<number>
  account_id: number
  lease_id: number
  type: string
  file_name: string
  content_type: string
  content: Uint8Array
  status: string
  reason: string | null
  created_at: number
  updated_at: number
  /** Whose paper it is until the order's numbers are owned; their own papers are further rows. */
  order_id: number | null
  /** The row that has the bytes of this one. */
  content_id: number | null
}

interface CallTable {
  id: Generated<number>
  number_id: number
  direction: string
  answered: number
  started_at: number
  ended_at: number
  duration_seconds: number
  /** Null: of before there were any. */
  guid: string | null
  /** What whoever recorded it calls it; once. */
  call_key: string | null
  /** Whose it was when it ended. */
  account_id: number | null
  organization_id: number | null
  user_id: number | null
  from_text: string
  to_text: string
  via_text: string
  disposition: string
  talk_seconds: number
  price: number
  currency: string
}

interface CallSumTable {
  account_id: number
  /** Milliseconds of a slot. */
  span: number
  /** Counted from the epoch. */
  slot: number
  direction: string
  currency: string
  calls: number
  answered: number
  seconds: number
  talk_seconds: number
  price: number
}

export interface NumberEventTable {
  id: Generated<number>
  number_id: number
  version: number
  kind: string
  state: string
  owner_id: number | null
  lease_id: number | null
  releases_at: number | null
  cool_until: number | null
  held_by: number | null
  held_until: number | null
  actor_account_id: number | null
  actor_user_id: number | null
  at: number
  data: string
  administrator: Generated<string | null>
}

interface AuditEventTable {
  id: Generated<number>
  at: number
  actor_account_id: number | null
  actor_user_id: number | null
  account_id: number | null
  action: string
  subject: string
  data: string
  administrator: Generated<string | null>
}

interface ProvisioningTable {
  id: Generated<number>
  lease_id: number
  dialect: string
  service: string
  value: string
  status: string
  due_at: number | null
  created_at: number
  updated_at: number
}

interface OutboxTable {
  id: Generated<number>
  kind: string
  account_id: number
  at: number
  data: string
  is_done: number
  tries: Generated<number>
  try_at: Generated<number>
  told: Generated<string>
}

export interface DeliveryTable {
  id: Generated<number>
  event_id: number
  account_id: number
  dialect: string
  url: string
  method: string
  headers: string
  body: string
  status: string
  next_attempt_at: number | null
  created_at: number
  lane: string
  tries: Generated<number>
}

interface DeliveryAttemptTable {
  id: Generated<number>
  delivery_id: number
  at: number
  status: number | null
  error: string | null
  duration_ms: number
}

interface CallbackSecretTable {
  account_id: number
  realm: string
  /** Encrypted. */
  secret: string
}

interface IdempotencyTable {
  account_id: number
  key: string
  fingerprint: string
  result: string
  created_at: number
}

interface ImportTable {
  id: Generated<number>
  /** staging, publishing, done; refused (bad lines), tried (nothing was to be kept), failed. */
  status: string
  is_owned: number
  /** Last line that is published. */
  published_line: number
  imported: number
  created_at: number
  /** Their months cost nothing here. */
  billed_elsewhere: number
  /** Why it failed. */
  reason: string | null
}

export interface ImportRowTable extends ProductColumns {
  import_id: number
  line: number
  e164: string
  reversed: string
  stock_id: number
  owner_id: number | null
  user_id: number | null
  activated_at: number | null
  paid_until: number | null
}

interface ClockTable {
  id: number
  offset_ms: number
  /** Where it stands still; null: it goes on. */
  frozen_at: number | null
}

interface KeyCheckTable {
  id: number
  sealed: string
}

export interface Tables {
  accounts: AccountTable
  organizations: OrganizationTable
  users: UserTable
  sip_addresses: SipAddressTable
  credentials: CredentialTable
  admin_tokens: AdminTokenTable
  access_version: AccessVersionTable
  sessions: SessionTable
  login_attempts: LoginAttemptTable
  shared_counts: SharedCountTable
  policies: PolicyTable
  places: PlaceTable
  stock: StockTable
  stock_areas: StockAreaTable
  held: HeldTable
  npa_versions: NpaVersionTable
  numbers: NumberTable
  leases: LeaseTable
  holds: HoldTable
  routes: RouteTable
  trunks: TrunkTable
  resources: ResourceTable
  settings: SettingTable
  subscriptions: SubscriptionTable
  balances: BalanceTable
  transactions: TransactionTable
  ledger_entries: LedgerEntryTable
  orders: OrderTable
  order_lines: OrderLineTable
  waiting_orders: WaitingOrderTable
  company_profiles: CompanyProfileTable
  verifications: VerificationTable
  carts: CartTable
  documents: DocumentTable
  calls: CallTable
  call_sums: CallSumTable
  number_events: NumberEventTable
  audit_events: AuditEventTable
  provisionings: ProvisioningTable
  outbox: OutboxTable
  deliveries: DeliveryTable
  delivery_attempts: DeliveryAttemptTable
  callback_secrets: CallbackSecretTable
  idempotency_records: IdempotencyTable
  imports: ImportTable
  import_rows: ImportRowTable
  clock: ClockTable
  key_check: KeyCheckTable
}
