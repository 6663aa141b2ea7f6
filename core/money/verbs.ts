import type {
  Actor,
  Balance,
  Caller,
  CompanyProfile,
  Instant,
  JsonObject,
  Listed,
  Micros,
  Order,
  OrderKind,
  OrderStatus,
  Page,
  PhoneNumber,
  Transaction,
  TransactionKind,
} from '../ground/model.ts'
import type { HoldWish } from '../numbers/hold-verbs.ts'
import type { ClaimLine, NumberFilter, ScheduledChange } from '../numbers/verbs.ts'

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

/** Which charge of an account is given back, and how much of it. */
export interface Refund {
  accountId: number
  /** Its id or its guid. */
  transaction: number | string
  /** Default: all of it. */
  amount?: Micros | undefined
  /** For the customer; default: made from the charge's own. */
  note?: string | undefined
  /** For the audit. */
  reason: string
}

/** What the transactions of one kind in one currency come to; both sums are positive. */
export interface LedgerSum {
  currency: string
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
  /** Sums over all that match, per currency and kind. */
  summary(filter: TransactionFilter): Promise<LedgerSum[]>
  /** Set an account right: a signed amount, with why. Audited. Faults: not_found, insufficient_funds, invalid_input. */
  correct(actor: Actor, accountId: number, currency: string, amount: Micros, note: string): Promise<Transaction>
  /**
   * A purchase, renewal or release fee is given back, once, whole or in part. Audited. Faults: not_found, wrong_state (no
   * charge, refunded already), invalid_input (more than was charged), limit_reached.
   */
  refund(actor: Actor, asked: Refund): Promise<Transaction>
  topUp(actor: Actor, accountId: number, currency: string, amount: Micros, note?: string): Promise<Transaction>
}

export interface CompanyProfiles {
  create(
    actor: Actor,
    input: Omit<CompanyProfile, 'id' | 'guid' | 'createdAt' | 'updatedAt'> & { guid?: string | undefined },
  ): Promise<CompanyProfile>
  /** Faults: not_found. */
  update(
    actor: Actor,
    id: number,
    change: Partial<Pick<CompanyProfile, 'status' | 'country' | 'types' | 'data'>>,
  ): Promise<CompanyProfile>
  /** Faults: not_found, wrong_state (incomplete). */
  review(actor: Actor, id: number, status: 'approved' | 'rejected', reason: string): Promise<CompanyProfile>
  byGuid(guid: string): Promise<CompanyProfile | undefined>
  /** Newest first. */
  list(accountId: number, page: Page): Promise<Listed<CompanyProfile>>
}

/** Any number of these orders; all members are ANDed. */
export interface OrderFilter {
  accountId?: number
  /** Any of them. */
  status?: OrderStatus | readonly OrderStatus[]
  companyProfileId?: number
  /** Default: requests. */
  kind?: OrderKind
  dialect?: string
  /** Made in this time; the end is exclusive. */
  from?: Instant
  until?: Instant
  /** Changed last in this time; the end is exclusive. */
  changedFrom?: Instant
  changedUntil?: Instant
  /** It did something with this number, or told why not: of orders that tell of numbers by name. */
  e164?: string
  /** Text of top-level keys of the data. */
  data?: Readonly<Record<string, string>>
  /** The list begins with this order's id; the total counts what lies before it too. */
  upTo?: number
}

/** Where numbers are to live. */
interface Living {
  /** Resource of the account that the settings name: there until the unit ends. Faults: not_found (resource). */
  livesAt?: number
}

/** Numbers to be had now, as many as there are. */
export interface PartRequest extends Living {
  dialect: string
  wish: { e164s: readonly string[] } | ClaimLine
  /** Less than all is welcome; else what is not complete takes nothing. */
  partial: boolean
  /** What is missing is waited for; of a wish by filter only. */
  mayWait: boolean
  /** As the dialect wants it back. */
  data: JsonObject
  /** Of the dialect, for each lease. */
  settings?: JsonObject
}

export interface ReturnRequest {
  dialect: string
  e164s: readonly string[]
  data: JsonObject
}

export interface MoveRequest extends ReturnRequest, Living {
  /** Of the dialect, for each lease from now on. */
  settings: JsonObject
  /** Another account of the same payer that the numbers come from. */
  from?: Caller
}

/**
 * Requests that may take time. What can be filled completely is assigned and charged in the unit that places it;
 * otherwise nothing is taken and the request waits, reserving nothing. When stock arrives that it can match, or money that
 * it lacked, waiting ones are tried oldest first; nothing is filled for an account that is inactive or below one that is. Every change of status but the first emits `order.updated` with the whole order.
 */
export interface KeepRequest {
  dialect: string
  wish: HoldWish
  /** How long its numbers are kept for its customer to hand it in. */
  keepMs: number
  /** As the dialect wants it back, once the numbers are known. */
  data(numbers: readonly PhoneNumber[]): JsonObject
  /** Of the dialect, for each number once it is owned. */
  settings: JsonObject
  schedule: readonly ScheduledChange[]
  callbackUrl: string | null
}

export interface Orders {
  /**
   * Faults: insufficient_funds, limit_reached (too many wait), wrong_state (account inactive); then there is no order.
   */
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
  find(id: number): Promise<Order | undefined>
  byGuid(guid: string): Promise<Order | undefined>
  /** Newest first. */
  list(filter: OrderFilter, page: Page): Promise<Listed<Order>>
  /**
   * An order that takes what there is, in the unit that places it, and is over then, as `completed`, `partial` or
   * `failed`; one that may wait stays `pending`, keeps what it got, and is filled with all that it lacks by arrivals.
   * Lack of money makes it `failed`. Only numbers in the account's currency that need no documents. Faults:
   * limit_reached (too many wait), forbidden (inactive), not_found (resource).
   */
  placeParts(caller: Caller, request: PartRequest): Promise<Order>
  /** Gives back at once what is the account's own of these, each for itself. */
  giveBack(caller: Caller, request: ReturnRequest): Promise<Order>
  /** Sets up otherwise, or hands over, what is the account's own of these, each for itself. Faults: not_found (account, resource). */
  move(caller: Caller, request: MoveRequest): Promise<Order>
  /** Of one from `placeParts` that waits: it is over, and keeps what it got. Faults: not_found, wrong_state. */
  close(caller: Caller, id: number): Promise<Order>
  /** Other words in its data. Faults: not_found. */
  amend(caller: Caller, id: number, data: JsonObject): Promise<Order>
  /**
   * An order that keeps its numbers until its customer hands it in, and while it is looked through: all or nothing, also
   * numbers that need documents. Once it is handed in, accounts whose identity is verified get the numbers from the
   * clock, all others from the operator; who does not hand it in in time loses them. Faults: number_unavailable,
   * limit_reached.
   */
  keep(caller: Caller, request: KeepRequest): Promise<Order>
  /** Other words in the data of one that is not handed in, or blocked. Faults: not_found, wrong_state. */
  revise(caller: Caller, id: number, data: JsonObject): Promise<Order>
  /** Handed in. Faults: not_found, wrong_state. */
  submit(caller: Caller, id: number): Promise<Order>
  // operator; faults: not_found, wrong_state
  /** Its customer has to say more; the numbers stay kept. Only for one from `keep`. */
  block(actor: Actor, id: number, reason: string): Promise<Order>
  accept(actor: Actor, id: number, reason: string): Promise<Order>
  reject(actor: Actor, id: number, reason: string): Promise<Order>
  /** Fill it now. Further faults: number_unavailable, insufficient_funds, wrong_state (account inactive). */
  complete(actor: Actor, id: number, reason: string): Promise<Order>
}
