import type {
  Account,
  Balance,
  Block,
  Call,
  Caller,
  Capability,
  CompanyProfile,
  Credential,
  Document,
  DocumentType,
  Instant,
  Json,
  JsonObject,
  Listed,
  Micros,
  NumberEvent,
  NumberType,
  Order,
  OrderStatus,
  Organization,
  Owned,
  Page,
  PhoneNumber,
  Place,
  PlaceKind,
  Provisioning,
  Role,
  Route,
  SipAddress,
  Transaction,
  TransactionKind,
  Trunk,
  User,
} from './model.ts'

/** What to look for on the shelf or among owned numbers. All members are ANDed; an absent one does not filter. */
export interface NumberFilter {
  e164?: string
  country?: string
  types?: readonly NumberType[]
  areaCode?: string
  npaNxx?: string
  region?: string
  /** Compared without regard to case. */
  city?: string
  cityId?: number
  rateCenter?: string
  lata?: string
  latitude?: string
  longitude?: string
  postalCode?: string
  /** The number has all of these. */
  capabilities?: readonly Capability[]
  /** The number has none of these. */
  withoutCapabilities?: readonly Capability[]
  currency?: string
  setupPrice?: Micros
  monthlyPrice?: Micros
  /** 'none': only numbers that need no documents; 'some': only those that do. */
  documents?: 'none' | 'some'
  /** The number needs at least this paper. */
  needsDocument?: DocumentType
  /** The number needs none of these papers. */
  needsNoDocument?: readonly DocumentType[]
  minimumChannels?: number
  /** Digits of the E.164 number without `+`; `.` stands for one digit. */
  pattern?: { kind: 'starts' | 'contains' | 'ends'; digits: string }
  /** Digit prefixes, without `+`, that the number must not start with. */
  excludePrefixes?: readonly string[]
}

/** Terms under which a number is taken; written in the buying unit. */
export interface LeaseTerms {
  /** Who takes it; default: the account's default user. */
  userId?: number
  /** The dialect's own settings of the lease. */
  settings?: { dialect: string; value: JsonObject }
  routes?: readonly NewRoute[]
  schedule?: readonly ScheduledChange[]
  /** Only numbers priced in this currency can be bought. */
  currency?: string
  /** 'allow' sells numbers that need documents; 'verified' only to identity-verified accounts; 'refuse' never. */
  documents: 'allow' | 'verified' | 'refuse'
}

export interface ClaimLine {
  filter: NumberFilter
  quantity: number
}

export interface Purchase {
  orderId: number
  owned: Owned[]
}

export interface NewRoute {
  priority: number
  kind: Route['kind']
  target: string
  trunkId?: number | null
  isActive?: boolean
}

export interface ScheduledChange {
  dialect: string
  service: string
  value: JsonObject
  outcome: 'done' | 'failed'
  delayMs: number
}

/** What may be changed on an owned number in one write unit. */
export interface LeaseChange {
  userId?: number
  label?: string | null
  trunkId?: number | null
  /** Replaces the whole set. */
  routes?: readonly NewRoute[]
  /** Replaces the dialect's settings. */
  settings?: { dialect: string; value: JsonObject }
  /** Changes of services that take effect later; each replaces a waiting or failed one of its service. */
  schedule?: readonly ScheduledChange[]
  /** Emitted to the outbox, with the lease's snapshot, when given. */
  event?: EventKind
}

export type ReleaseMode =
  | { kind: 'now'; chargeFee?: boolean }
  | { kind: 'window'; ms: number; chargeFee: boolean }
  | { kind: 'periodEnd' }

export interface Released {
  owned: Owned
  releasesAt: Instant
  /** Micros of `currency`; 0 when the account has none. */
  fee: Micros
  currency: string
}

export interface OwnedFilter extends NumberFilter {
  accountIds: readonly number[]
  leaseIds?: readonly number[]
  e164s?: readonly string[]
  organizationId?: number
  userId?: number
  label?: string
  hasLabel?: boolean
  trunkId?: number
  /** Value of one top-level key of this dialect's settings. */
  setting?: { key: string; value: Json }
}

export type OwnedOrder = 'lease' | 'number' | 'started' | 'user' | 'created'

export interface Numbers {
  /** Numbers purchasable at this moment, by number. `total` is -1 unless `withTotal`. */
  search(filter: NumberFilter, page: Page, withTotal?: boolean): Promise<Listed<PhoneNumber>>
  find(e164: string): Promise<PhoneNumber | undefined>
  /** True when it can be bought at this moment. */
  isAvailable(number: PhoneNumber): boolean
  /**
   * Take any `quantity` numbers per line, lowest first, atomically. `partial`: fewer is fine; else all or nothing
   * (`number_unavailable`). Faults: insufficient_funds.
   */
  claim(caller: Caller, lines: readonly ClaimLine[], terms: LeaseTerms & { partial: boolean }): Promise<Purchase>
  /** Buy exactly these numbers, all or nothing. Faults: number_unavailable, documents_required, insufficient_funds. */
  purchase(caller: Caller, e164s: readonly string[], terms: LeaseTerms): Promise<Purchase>
  owned(
    filter: OwnedFilter,
    page: Page,
    options?: { dialect?: string; orderBy?: OwnedOrder; descending?: boolean },
  ): Promise<Listed<Owned>>
  /** The open lease with this id, whoever holds it. */
  lease(leaseId: number, dialect?: string): Promise<Owned | undefined>
  /** The open lease of this number. */
  leaseOf(e164: string, dialect?: string): Promise<Owned | undefined>
  /** Change what the owner may change. Faults: not_found (foreign or gone), wrong_state. */
  configure(caller: Caller, leaseId: number, change: LeaseChange, dialect?: string): Promise<Owned>
  /** Same, decided inside the write unit from the state found there. */
  reconfigure(caller: Caller, leaseId: number, dialect: string, decide: (owned: Owned) => LeaseChange): Promise<Owned>
  /** Same for several, all or nothing. */
  reconfigureAll(
    caller: Caller,
    leaseIds: readonly number[],
    dialect: string,
    decide: (owned: Owned) => LeaseChange,
  ): Promise<Owned[]>
  /** Give numbers back, all or nothing. Faults: not_found, wrong_state, insufficient_funds (fee). */
  release(caller: Caller, leaseIds: readonly number[], mode: ReleaseMode, dialect?: string): Promise<Released[]>
  /** Undo a pending window release; refunds its fee. Faults: not_found, wrong_state. */
  cancelRelease(caller: Caller, leaseId: number, dialect?: string): Promise<Released>
  /**
   * Move an active number between accounts of one tree, same payer. `coolOffMs` after its last call it may not move
   * (fault cool_off), unless `force`, which is audited in the same unit.
   */
  move(
    caller: Caller,
    leaseId: number,
    toAccountId: number,
    options?: { coolOffMs?: number; force?: boolean },
  ): Promise<Owned>
  // operator
  block(caller: Caller | null, e164: string, reason: string): Promise<PhoneNumber>
  unblock(caller: Caller | null, e164: string, reason: string): Promise<PhoneNumber>
  retire(caller: Caller | null, e164: string, reason: string): Promise<PhoneNumber>
  reprice(
    caller: Caller | null,
    e164: string,
    prices: { setup?: Micros; monthly?: Micros; perMinute?: Micros },
  ): Promise<PhoneNumber>
  label(caller: Caller | null, e164: string, label: string | null): Promise<Owned>
  events(filter: { e164?: string; after?: number; limit: number }): Promise<NumberEvent[]>
}

export interface Locality {
  /** Null where the country has none. */
  region: string | null
  regionName: string | null
  city: string
  areaCodes: string[]
}

export interface Inventory {
  /** Moves only when a block flips between empty and not empty. */
  version(): Promise<number>
  /** NPA → version, as `version`. */
  npaVersions(): Promise<Map<string, number>>
  /** Every NPA-NXX we ever stocked, with what is purchasable now; numbers that need documents do not count. */
  blocks(filter?: { npas?: readonly string[]; region?: string }): Promise<Block[]>
  /** Ids of the cities that have such numbers on the shelf. */
  cityIds(filter: Pick<NumberFilter, 'country' | 'types' | 'capabilities' | 'currency'>): Promise<Set<number>>
  /** Cities with their area codes that we ever stocked, sold out or not, by region and city. */
  localities(filter: { country: string; types: readonly NumberType[] }): Promise<Locality[]>
  /** Purchasable numbers now, from the counters. */
  count(
    filter: Pick<NumberFilter, 'country' | 'types' | 'areaCode' | 'npaNxx' | 'cityId' | 'currency' | 'region'>,
  ): Promise<number>
}

export interface NewPlace {
  id?: number
  kind: PlaceKind
  parentId?: number | null
  /** ISO 3166-1 alpha-2 of the country it lies in. */
  country: string
  code: string
  name: string
  hasRegions?: boolean
}

export interface Policies {
  /** Days a released number rests. Country `*`: every other one; without account: for all. */
  setQuarantineDays(days: number, country: string, accountId?: number): Promise<void>
  quarantineDays(country: string, accountId: number): Promise<number>
}

export interface Places {
  /** Faults: name_taken. */
  create(input: NewPlace): Promise<Place>
  get(id: number): Promise<Place | undefined>
  list(filter: {
    kind?: PlaceKind
    parentId?: number
    countryId?: number
    country?: string
    ids?: readonly number[]
  }): Promise<Place[]>
}

export interface NewAccount {
  id?: number
  guid?: string
  handle?: string
  name: string
  parentId?: number | null
  currency?: string
  role?: Account['role']
  isActive?: boolean
  identityVerified?: boolean
  allowUnauthenticated?: boolean
  profile?: JsonObject
}

/** One credential to make; see Credentials.create. */
export interface NewCredential {
  accountId: number
  userId?: number
  realm: string
  kind: Credential['kind']
  publicId?: string
  secret?: string
  role?: Role
  scopes?: string[]
  name?: string
}

export interface AccountChange {
  name?: string
  isActive?: boolean
  identityVerified?: boolean
  allowUnauthenticated?: boolean
  featuresOff?: string[]
  defaultOrganizationId?: number
  defaultUserId?: number
  /** Merged key by key; null removes one. */
  profile?: JsonObject
  creditLimit?: { currency: string; amount: Micros }
  /** Currency `*` stands for every other one. */
  releaseFee?: { currency: string; amount: Micros }
  quarantineDays?: { country: string; days: number }
}

export interface Accounts {
  get(id: number): Promise<Account | undefined>
  byGuid(guid: string): Promise<Account | undefined>
  byHandle(handle: string): Promise<Account | undefined>
  /** By id. */
  list(
    filter: { parentId?: number; isActive?: boolean },
    page: Page,
    options?: { descending?: boolean },
  ): Promise<Listed<Account>>
  create(actor: Caller | null, input: NewAccount): Promise<Account>
  /**
   * The account with its first credentials, in one unit. Key pairs go by its handle. The secrets in clear are returned
   * here, in the order of `access`, and never again.
   */
  open(
    actor: Caller | null,
    input: NewAccount,
    access: readonly Omit<NewCredential, 'accountId' | 'userId'>[],
  ): Promise<{ account: Account; secrets: string[] }>
  update(actor: Caller | null, id: number, change: AccountChange): Promise<Account>
  /** Close a sub-account: revokes its credentials. Faults: wrong_state when it still holds numbers. */
  remove(actor: Caller | null, id: number): Promise<void>
  /** Act on another account: itself, its children, or any for an operator (audited). Faults: forbidden (account). */
  reach(caller: Caller, accountId: number, action: string): Promise<Caller>
  /** The account in its own name, for credentials without a user. */
  callerFor(account: Account, role?: Role, scopes?: readonly string[]): Caller
  /** Release fee of this account in this currency; 0 when none. */
  releaseFee(accountId: number, currency: string): Promise<Micros>
}

export interface UserFilter {
  accountId?: number
  organizationId?: number
  userId?: number
}

export interface Directory {
  organization(id: number): Promise<Organization | undefined>
  organizationByDomain(domain: string): Promise<Organization | undefined>
  organizations(
    accountId: number,
    page: Page,
    order?: { by: 'id' | 'domain'; descending: boolean },
  ): Promise<Listed<Organization>>
  createOrganization(
    actor: Caller | null,
    input: { id?: number; accountId: number; domain: string; contact?: JsonObject },
  ): Promise<Organization>
  user(id: number): Promise<User | undefined>
  userByAddress(username: string, domain: string): Promise<User | undefined>
  userByAuthUsername(name: string): Promise<User | undefined>
  users(
    filter: UserFilter,
    page: Page,
    order?: { by: 'id' | 'organization' | 'authUsername'; descending: boolean },
  ): Promise<Listed<User>>
  /** Creates the user with its SIP address. Without `sipPassword` one is drawn. */
  createUser(
    actor: Caller | null,
    input: {
      id?: number
      organizationId: number
      username: string
      authUsername: string
      role: Role
      password?: string
      sipPassword?: string
      contact?: JsonObject
    },
  ): Promise<User>
  /** The SIP password in clear. */
  sipPassword(userId: number): Promise<string>
  address(username: string, domain: string): Promise<SipAddress | undefined>
  addresses(
    filter: UserFilter & { kind: SipAddress['kind'] },
    page: Page,
    order?: { by: 'id' | 'username' | 'domain'; descending: boolean },
  ): Promise<Listed<SipAddress>>
  /** Faults: name_taken. */
  addTelephoneAddress(
    caller: Caller,
    input: { organizationId: number; username: string; domain: string; name: string },
  ): Promise<SipAddress>
  /** Faults: not_found, name_taken. */
  editTelephoneAddress(caller: Caller, id: number, change: { username?: string; name?: string }): Promise<SipAddress>
  removeTelephoneAddress(caller: Caller, id: number): Promise<void>
}

/** A credential that was accepted. */
export interface Access {
  credential: Credential
  caller: Caller
}

export interface Credentials {
  /** The secret in clear is returned here and never again. Passwords are hashed slowly, drawn keys fast. */
  create(actor: Caller | null, input: NewCredential): Promise<{ credential: Credential; secret: string }>
  /** Constant-time check; revocation takes effect at once. Undefined: no such pair. */
  verifyPair(realm: string, publicId: string, secret: string): Promise<Access | undefined>
  verifyKey(realm: string, key: string): Promise<Access | undefined>
  list(accountId: number): Promise<Credential[]>
  revoke(actor: Caller | null, credentialId: number): Promise<void>
}

export interface Sessions {
  /**
   * Log a user in by auth user name or `user@domain`. Faults: login_failed, login_locked (both counted and stored).
   * Without `create` only the password is checked (HTTP Basic).
   */
  login(realm: string, name: string, password: string): Promise<{ token: string; caller: Caller }>
  check(realm: string, name: string, password: string): Promise<Caller>
  /** Sliding life time. Undefined: unknown, expired or destroyed. */
  resolve(realm: string, token: string): Promise<Caller | undefined>
  destroy(realm: string, token: string): Promise<boolean>
}

export interface TransactionFilter {
  accountId: number
  currency?: string
  kinds?: readonly TransactionKind[]
  direction?: 'debit' | 'credit'
  /** Inclusive. */
  from?: Instant
  /** Exclusive. */
  until?: Instant
  guid?: string
  /** Substring of the note, in any case. */
  note?: string
  /** Substring of the reference, in any case. */
  reference?: string
}

/** What the transactions of one kind come to; both sums are positive. */
export interface LedgerSum {
  kind: TransactionKind
  debit: Micros
  credit: Micros
  count: number
}

export interface Ledger {
  balances(accountId: number): Promise<Balance[]>
  balance(accountId: number, currency: string): Promise<Balance | undefined>
  transactions(filter: TransactionFilter, page: Page): Promise<Listed<Transaction>>
  /** What was debited, less what was refunded, in each calendar month (UTC) that is over, newest first. */
  months(accountId: number, currency: string): Promise<{ from: Instant; until: Instant; amount: Micros }[]>
  /** Sums over all that match, per kind. */
  summary(filter: TransactionFilter): Promise<LedgerSum[]>
  topUp(actor: Caller | null, accountId: number, currency: string, amount: Micros, note?: string): Promise<Transaction>
}

export interface Calls {
  /** Faults: not_found (number). */
  record(input: {
    e164: string
    endedAt: Instant
    durationSeconds: number
    direction: Call['direction']
    answered: boolean
  }): Promise<Call>
  list(numberId: number, from: Instant, until: Instant): Promise<Call[]>
  /** Inbound seconds per number; numbers without calls are left out. */
  inboundSeconds(numberIds: readonly number[], from: Instant, until: Instant): Promise<Map<number, number>>
}

export interface Trunks {
  create(
    caller: Caller,
    input: { id?: number; guid?: string; accountId: number; name: string; label?: string; data?: JsonObject },
  ): Promise<Trunk>
  get(id: number): Promise<Trunk | undefined>
  byGuid(guid: string): Promise<Trunk | undefined>
  list(accountId: number, page: Page): Promise<Listed<Trunk>>
  update(caller: Caller, id: number, change: { name?: string; label?: string; data?: JsonObject }): Promise<Trunk>
  remove(caller: Caller, id: number): Promise<void>
}

/** Numbers somebody means to buy. A cart reserves nothing; the first checkout wins. */
export interface Carts {
  /** Adds all or none; what is in it already stays. Faults: number_unavailable. */
  add(caller: Caller, e164s: readonly string[], currency: string): Promise<PhoneNumber[]>
  /** Faults: not_found (cart_entry), and then nothing is removed. */
  remove(caller: Caller, e164s: readonly string[]): Promise<void>
  /** What of it can still be bought. */
  list(accountId: number): Promise<PhoneNumber[]>
  /**
   * One order, all or nothing; without numbers the whole cart. Faults: not_found (cart_entry), wrong_state (empty),
   * number_unavailable (such entries leave the cart all the same), insufficient_funds.
   */
  checkout(caller: Caller, e164s: readonly string[] | undefined, terms: LeaseTerms): Promise<Purchase>
}

export interface Documents {
  /** One for each lease, pending, in place of a former one. Faults: not_found (lease), wrong_state (approved already). */
  upload(
    caller: Caller,
    leaseIds: readonly number[],
    file: { type: DocumentType; fileName: string; contentType: string; content: Uint8Array },
  ): Promise<Document[]>
  list(leaseIds: readonly number[]): Promise<Document[]>
  /** Faults: not_found. */
  content(id: number): Promise<Uint8Array>
  /** Faults: not_found. */
  review(actor: Caller | null, id: number, status: 'approved' | 'rejected', reason: string): Promise<Document>
}

export interface CompanyProfiles {
  create(
    actor: Caller | null,
    input: Omit<CompanyProfile, 'id' | 'guid' | 'createdAt' | 'updatedAt'> & { guid?: string | undefined },
  ): Promise<CompanyProfile>
  /** Faults: not_found. */
  update(
    actor: Caller | null,
    id: number,
    change: Partial<Pick<CompanyProfile, 'status' | 'country' | 'types' | 'data'>>,
  ): Promise<CompanyProfile>
  /** Faults: not_found, wrong_state (incomplete). */
  review(actor: Caller | null, id: number, status: 'approved' | 'rejected', reason: string): Promise<CompanyProfile>
  byGuid(guid: string): Promise<CompanyProfile | undefined>
  /** Newest first. */
  list(accountId: number, page: Page): Promise<Listed<CompanyProfile>>
}

/**
 * Requests that may take time. What can be filled completely is assigned and charged in the unit that places it;
 * otherwise nothing is taken and the request waits, reserving nothing. On each arrival of stock waiting ones are tried
 * oldest first. Every change of status but the first emits `order.updated` with the whole order.
 */
export interface Orders {
  /** Faults: insufficient_funds, and then there is no order. */
  place(
    caller: Caller,
    request: {
      dialect: string
      filter: NumberFilter
      quantity: number
      /** 2 and more: aligned runs of so many consecutive numbers; `quantity` is a multiple of it. */
      rangeSize: number
      data: JsonObject
      companyProfileId?: number
      callbackUrl?: string | null
    },
  ): Promise<Order>
  /** Would it be filled at once, money aside? */
  isFillable(request: { filter: NumberFilter; quantity: number; rangeSize: number }): Promise<boolean>
  /** Faults: not_found, wrong_state (over already). */
  cancel(caller: Caller, id: number): Promise<Order>
  byGuid(guid: string): Promise<Order | undefined>
  /** Newest first. */
  list(
    filter: { accountId?: number; status?: OrderStatus; companyProfileId?: number },
    page: Page,
  ): Promise<Listed<Order>>
  // operator; faults: not_found, wrong_state
  accept(actor: Caller | null, id: number, reason: string): Promise<Order>
  reject(actor: Caller | null, id: number, reason: string): Promise<Order>
  /** Fill it now. Further faults: number_unavailable, insufficient_funds. */
  complete(actor: Caller | null, id: number, reason: string): Promise<Order>
}

export interface Provisionings {
  /** Scheduled and failed changes of these leases, oldest first. */
  list(leaseIds: readonly number[], dialect: string): Promise<Provisioning[]>
}

export interface Tokens {
  /** A signed token that stands for this credential. */
  issue(realm: string, credential: Credential, lifetimeMs: number): string
  verify(realm: string, token: string): Promise<Access | 'invalid' | 'expired'>
}

export interface CallbackSecrets {
  /** In clear; drawn when there is none yet. */
  get(accountId: number, realm: string): Promise<string>
  set(accountId: number, realm: string, secret: string): Promise<void>
}

/** Neutral names of what dialects may tell the outside world. */
export type EventKind =
  | 'number.purchased'
  | 'number.configured'
  | 'number.released'
  | 'number.provisioned'
  | 'order.updated'
  | 'document.reviewed'

/** A neutral snapshot, taken in the unit that caused it. */
export interface CoreEvent {
  id: number
  kind: EventKind
  accountId: number
  at: Instant
  data: JsonObject
}

/** One outgoing message, ready to send. */
export interface Delivery {
  dialect: string
  url: string
  method: 'POST' | 'GET'
  headers: Record<string, string>
  body: string
}

export interface StoredDelivery extends Delivery {
  id: number
  eventId: number
  accountId: number
  status: 'waiting' | 'delivered' | 'failed' | 'recorded'
  attempts: { at: Instant; status: number | null; error: string | null; durationMs: number }[]
  nextAttemptAt: Instant | null
  createdAt: Instant
}

export interface Outbox {
  /** Kinds somebody listens to; others are not written. */
  subscribe(kinds: readonly EventKind[]): void
  /** Turn committed events into deliveries, in the same unit that marks them done. Returns how many events it took. */
  expand(route: (event: CoreEvent) => Promise<Delivery[]> | Delivery[]): Promise<number>
  /** Deliveries that are due, leased to this process for `leaseMs`. */
  take(limit: number, leaseMs: number): Promise<StoredDelivery[]>
  /** Record an attempt; `nextAttemptAt` null ends it. */
  attempted(
    id: number,
    attempt: { status: number | null; error: string | null; durationMs: number; delivered: boolean },
    nextAttemptAt: Instant | null,
  ): Promise<void>
  deliveries(filter: { status?: StoredDelivery['status'] }, page: Page): Promise<Listed<StoredDelivery>>
  redeliver(actor: Caller | null, id: number): Promise<StoredDelivery>
}

export interface AuditEvent {
  id: number
  at: Instant
  actorAccountId: number | null
  actorUserId: number | null
  accountId: number | null
  action: string
  subject: string
  data: JsonObject
}

export interface Audit {
  record(
    actor: Caller | null,
    entry: { accountId: number | null; action: string; subject: string; data?: JsonObject },
  ): Promise<void>
  list(filter: { after?: number; accountId?: number; action?: string; limit: number }): Promise<AuditEvent[]>
}

export interface Idempotency {
  /** What the unit with this caller's key gave, if there was one. Faults: invalid_input (key used for something else). */
  earlier<T>(caller: Caller): Promise<{ value: T } | undefined>
}

export interface ImportReport {
  imported: number
  unchanged: number
  errors: { line: number; message: string }[]
}

/** One CSV line, already split by column. */
export type ImportRow = Readonly<Record<string, string>>

export interface Imports {
  /**
   * Stage and validate all rows, then publish them in short batches. A bad line refuses the whole file unless
   * `keepGood`. `onProgress` counts published rows.
   */
  run(
    rows: AsyncIterable<{ line: number; row: ImportRow }>,
    options: { owned: boolean; keepGood: boolean; onProgress?: (done: number, phase: 'staged' | 'published') => void },
  ): Promise<ImportReport>
  /** Publish what an interrupted run left behind. */
  resume(): Promise<number>
}

export interface Jobs {
  /** Run everything due by now, in due order. */
  runDue(): Promise<{ job: string; count: number }[]>
  /** Move the stored clock (double mode only) and run what falls due on the way. Faults: clock_backwards. */
  advanceTo(at: Instant): Promise<{ job: string; count: number }[]>
}

export interface Violation {
  invariant: number
  name: string
  rows: number
  sample: JsonObject
}

export interface Clock {
  now(): Instant
}

/** Every random choice goes through here, so that runs with one seed are the same. */
export interface Random {
  bytes(n: number): Uint8Array
  /** RFC 4122 version 4. */
  guid(): string
  /** `n` characters of `alphabet`. */
  text(n: number, alphabet: string): string
}

/** The one object dialects call: verbs by noun. */
export interface Core {
  clock: Clock
  random: Random
  accounts: Accounts
  directory: Directory
  credentials: Credentials
  sessions: Sessions
  places: Places
  policies: Policies
  inventory: Inventory
  numbers: Numbers
  ledger: Ledger
  calls: Calls
  trunks: Trunks
  carts: Carts
  documents: Documents
  companyProfiles: CompanyProfiles
  orders: Orders
  provisionings: Provisionings
  tokens: Tokens
  callbackSecrets: CallbackSecrets
  outbox: Outbox
  audit: Audit
  idempotency: Idempotency
  imports: Imports
  jobs: Jobs
  /** Run the invariants of DESIGN 4.5 that are SQL. */
  invariants(): Promise<{ ok: boolean; checked: number; violations: Violation[] }>
}

export type { DocumentType }
