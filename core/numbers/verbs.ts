import type {
  Caller,
  Capability,
  Cursor,
  DocumentType,
  Instant,
  JsonObject,
  Listed,
  Micros,
  NumberEvent,
  NumberState,
  NumberType,
  Owned,
  Page,
  PhoneNumber,
  Route,
} from '../ground/model.ts'
import type { Operating } from '../upkeep/operating-verbs.ts'
import type { EventKind } from '../upkeep/plumbing.ts'

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
  /** The whole number without `+`: digits, `.` for one digit, `%` for any run of them. */
  like?: string
  /** Within so many miles of a place; numbers without coordinates are not. */
  near?: { latitude: number; longitude: number; miles: number }
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
  /** An address of the account, which must be there; a target that names one is led there without it. */
  addressId?: number | null
  isActive?: boolean
}

export interface ScheduledChange {
  dialect: string
  service: string
  value: JsonObject
  outcome: 'done' | 'failed'
  delayMs: number
}

/** Same, decided from what still waits for this service; undefined: nothing does. */
export interface DecidedChange {
  dialect: string
  service: string
  decide(waiting: JsonObject | undefined): Omit<ScheduledChange, 'dialect' | 'service'>
}

/** What may be changed on an owned number in one write unit. */
export interface LeaseChange {
  userId?: number
  label?: string | null
  trunkId?: number | null
  /** A resource of the lease's account. */
  handlerId?: number | null
  /** Replaces the whole set. */
  routes?: readonly NewRoute[]
  /** Replaces the dialect's settings. */
  settings?: { dialect: string; value: JsonObject }
  /** Changes of services that take effect later; each replaces a waiting or failed one of its service. */
  schedule?: readonly (ScheduledChange | DecidedChange)[]
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
  leaseGuids?: readonly string[]
  e164s?: readonly string[]
  /** In any of these. */
  states?: readonly NumberState[]
  organizationId?: number
  userId?: number
  label?: string
  hasLabel?: boolean
  trunkId?: number
  handlerId?: number
  /** Owned since then, or before then. */
  startedFrom?: Instant
  startedBefore?: Instant
  /** Text of one top-level key of this dialect's settings. */
  setting?: { key: string; value: string }
}

/** `setting`: text of one top-level key of the dialect's settings, then the number. Only 'user' has no cursors. */
export type OwnedOrder = 'lease' | 'number' | 'started' | 'user' | 'created' | { setting: string }

export interface Numbers extends Operating {
  /** Numbers purchasable at this moment, by number. `total` is -1 unless `withTotal`. */
  search(filter: NumberFilter, page: Page, withTotal?: boolean): Promise<Listed<PhoneNumber>>
  find(e164: string): Promise<PhoneNumber | undefined>
  /** Those of them that are known, by number; at most 1,000 are asked for at once. */
  findAll(e164s: readonly string[]): Promise<PhoneNumber[]>
  /** Given back by this account and at rest, so that nobody else can buy them yet; by number. */
  resting(accountId: number, page: Page): Promise<Listed<PhoneNumber>>
  /** True when it can be bought at this moment by everybody, or by this account, for which it may be kept. */
  isAvailable(number: PhoneNumber, accountId?: number): boolean
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
  /**
   * Where a lease stands in the order 'started', or stood before the account gave it back or moved it; undefined: the account
   * never held it. For lists whose pages are named by one of their items.
   */
  placeOf(accountId: number, leaseGuid: string): Promise<Cursor['key'] | undefined>
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
  events(filter: { e164?: string; after?: number; limit: number }): Promise<NumberEvent[]>
}
