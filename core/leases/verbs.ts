import type {
  Actor,
  Call,
  CallDisposition,
  Caller,
  Document,
  DocumentType,
  Instant,
  JsonObject,
  Listed,
  Micros,
  Page,
  PhoneNumber,
  Provisioning,
  Trunk,
} from '../ground/model.ts'
import type { LeaseTerms, Purchase } from '../numbers/verbs.ts'

export interface NewCall {
  e164: string
  endedAt: Instant
  durationSeconds: number
  direction: Call['direction']
  answered: boolean
  /** What whoever records it calls it; a repeat with the same has no effect. */
  key?: string
  /** Seconds of it until it was answered; default 0. */
  ringSeconds?: number
  /** Default: what `answered` says. */
  disposition?: CallDisposition
  /** The other side: who called, or who was called. Default ''. */
  other?: string
  /** The trunk that carried it out, or where it was sent on. Default ''. */
  via?: string
  /** Default 0, in the number's currency. */
  price?: Micros
}

/** What became of one of many calls. */
export type RecordedCall =
  | { status: 'recorded' | 'unchanged'; call: Call }
  /** `unknown`: there is no such number; `conflict`: another call has this key. */
  | { status: 'unknown' | 'conflict' }

export interface CallFilter {
  accountId: number
  organizationId?: number
  userId?: number
  direction?: Call['direction']
  disposition?: CallDisposition
  /** What it cost is told in it. */
  currency?: string
  /** When it began. */
  from?: Instant
  until?: Instant
  /** Ids, the end not among them. */
  fromId?: number
  untilId?: number
  guid?: string
  /** Digits inside. */
  fromText?: string
  toText?: string
  eitherText?: string
  minSeconds?: number
  minTalkSeconds?: number
  /** The whole of it. */
  via?: string
}

export interface CallSum {
  calls: number
  answered: number
  seconds: number
  talkSeconds: number
  /** Of all currencies together: of one where the filter names it. */
  price: Micros
  /** When the last one began. */
  lastAt: Instant | null
}

export interface Calls {
  /** Faults: not_found (number), name_taken (key). */
  record(input: NewCall): Promise<Call>
  /** Up to 1,000 in one unit, in this order. What cannot be recorded holds up no other. */
  recordAll(inputs: readonly NewCall[]): Promise<RecordedCall[]>
  list(numberId: number, from: Instant, until: Instant): Promise<Call[]>
  /** By when they began unless another order is asked for. */
  browse(
    filter: CallFilter,
    page: Page,
    order?: { by: 'time' | 'id' | 'price'; descending: boolean },
  ): Promise<Listed<Call>>
  /** All of them by when they began, some at a time, however many there are. */
  each(filter: CallFilter): AsyncIterable<Call[]>
  find(accountId: number, guid: string): Promise<Call | undefined>
  summary(filter: CallFilter): Promise<CallSum>
  /** What calls of the account are priced in. */
  currencies(accountId: number): Promise<string[]>
  /** Inbound seconds per number; numbers without calls are left out. */
  inboundSeconds(numberIds: readonly number[], from: Instant, until: Instant): Promise<Map<number, number>>
}

export interface Trunks {
  /** Faults: limit_reached (a thousand of one account). */
  create(
    caller: Caller,
    input: { id?: number; guid?: string; accountId: number; name: string; label?: string; data?: JsonObject },
  ): Promise<Trunk>
  get(id: number): Promise<Trunk | undefined>
  byGuid(guid: string): Promise<Trunk | undefined>
  list(accountId: number, page: Page): Promise<Listed<Trunk>>
  /** Faults: not_found (foreign or gone). */
  update(caller: Caller, id: number, change: { name?: string; label?: string; data?: JsonObject }): Promise<Trunk>
  /** Numbers that lead to it lead nowhere. Faults: not_found (foreign or gone). */
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
  /**
   * Of an order that is not handed in, or blocked, in place of a former one; `data` goes beside what is in the order's.
   * Faults: not_found, wrong_state.
   */
  attach(
    caller: Caller,
    orderId: number,
    file: { type: DocumentType; fileName: string; contentType: string; content: Uint8Array },
    data?: JsonObject,
  ): Promise<Document>
  ofOrder(orderId: number): Promise<Document[]>
  /** Faults: not_found. */
  content(id: number): Promise<Uint8Array>
  /** Faults: not_found. */
  review(actor: Actor, id: number, status: 'approved' | 'rejected', reason: string): Promise<Document>
}

export interface Provisionings {
  /** Scheduled and failed changes of these leases, oldest first. */
  list(leaseIds: readonly number[], dialect: string): Promise<Provisioning[]>
}
