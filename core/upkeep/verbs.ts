import type {
  CompanyProfile,
  Document,
  Instant,
  Listed,
  NumberEvent,
  NumberState,
  NumberType,
  Page,
  PhoneNumber,
  Transaction,
} from '../ground/model.ts'
import type { Tally } from '../ground/tally.ts'
import type { AuditEvent, StoredDelivery } from './plumbing.ts'

/** Numbers in any of these states, whoever has them; all members are ANDed. */
export interface AnyNumber {
  states?: readonly NumberState[]
  /** First digits, without `+`. */
  starts?: string
}

/** An area of the North American plan, of one country and region, with what is on its shelf. */
export interface Area {
  npa: string
  country: string
  region: string
  type: NumberType
  available: number
}

/** What the clock will do next. */
export interface Upcoming {
  at: Instant
  what: 'renewal' | 'release' | 'rest_over' | 'hold_over' | 'provisioning' | 'order'
  e164: string
}

/** The state of the business. Amounts are micros, ages milliseconds; ages are 0 where nothing waits. */
export interface Figures {
  /** Numbers that accounts have. */
  held: number
  /** What accounts are below zero, within their credit. */
  owing: { currency: string; accounts: number; amount: number }[]
  orders: { waiting: number; ageMs: number }
  /** Waiting: counted up to a bound. Failing: those of them that were tried in vain. `eventAgeMs`: of what has no words yet. */
  callbacks: { waiting: number; failing: number; ageMs: number; eventAgeMs: number }
  imports: { status: string; count: number }[]
  /** How far the jobs are behind the clock. */
  lateMs: number
}

/** What is left out does not narrow; all members are ANDed. */
export interface HistoryFilter {
  /** In E.164. */
  number?: string | undefined
  /** Whose number, or who was acted on or acted. */
  account?: number | undefined
  /** In whose name it was done. */
  actorAccount?: number | undefined
  /** By whose token of the admin plane. */
  administrator?: string | undefined
  /** Word of a number's event, or an audit's action. */
  kind?: string | undefined
  /** Inclusive. */
  from?: Instant | undefined
  /** Exclusive. */
  until?: Instant | undefined
}

/** Ids of the last event that was read, in the log of numbers and in that of acts. */
export interface HistoryPoint {
  number: number
  audit: number
}

export interface History {
  /** Each with where to go on behind it. */
  items: { event: NumberEvent | AuditEvent; point: HistoryPoint }[]
  next: HistoryPoint
  /** There may be more, even where there are no items: one call looks at a bounded stretch. */
  more: boolean
}

/** What whoever runs the gateway looks at, over all accounts. Each question reads a bounded number of rows. */
export interface Oversight {
  /**
   * By number. `next`: the number to go on behind; it may be there although few were found, since one call looks at a
   * bounded stretch of the inventory.
   */
  numbers(
    filter: AnyNumber,
    page: { after?: string; limit: number },
  ): Promise<{ items: PhoneNumber[]; next: string | undefined }>
  /** Oldest first. */
  history(filter: HistoryFilter, page: { after: HistoryPoint; limit: number }): Promise<History>
  /** Areas that were ever stocked, by area code. */
  areas(): Promise<Area[]>
  /** How many numbers accounts hold. */
  held(): Promise<number>
  /** Of the newest events of numbers, how many of each kind there were in each slot of time, oldest first. */
  activity(slotMs: number): Promise<{ at: Instant; kind: string; count: number }[]>
  /** Papers, newest first. */
  documents(filter: { status?: Document['status'] }, page: Page): Promise<Listed<Document & { e164: string }>>
  /** Newest first. */
  companyProfiles(filter: { status?: CompanyProfile['status'] }, page: Page): Promise<Listed<CompanyProfile>>
  /** Of this number, among the newest of its payer's; newest first. */
  transactionsOf(e164: string, limit: number): Promise<Transaction[]>
  /** Whose body names this number, among the newest of all; newest first. */
  deliveriesAbout(e164: string, limit: number): Promise<StoredDelivery[]>
  delivery(id: number): Promise<StoredDelivery | undefined>
  /** How many callbacks are in each of these statuses, counted up to a bound. */
  deliveryCounts(): Promise<{ waiting: number; failed: number; atLeast: number }>
  figures(): Promise<Figures>
  /** How many numbers are in each state, of so many ids behind `after`. `next`: to go on behind; undefined: that was all. */
  states(
    after: number,
    ids: number,
  ): Promise<{ counts: { state: NumberState; count: number }[]; next: number | undefined }>
  /** Told what each unit of this core did, once it is committed. */
  onCommitted(listener: (tally: Tally) => void): void
  /** What falls due next, soonest first. */
  upcoming(limit: number): Promise<Upcoming[]>
}
