import type { Actor, Caller, Cursor, Instant, JsonObject, Listed, Page } from '../ground/model.ts'

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

/** One outgoing message as it is kept: what signs it is added when it is sent. */
export interface Delivery {
  dialect: string
  url: string
  method: 'POST' | 'GET'
  headers: Record<string, string>
  body: string
}

/** Waiting; gone out; given up; kept for people to read; or an event that a dialect could not put into words. */
export type DeliveryStatus = 'waiting' | 'delivered' | 'failed' | 'recorded' | 'unworded'

export interface StoredDelivery extends Delivery {
  id: number
  eventId: number
  accountId: number
  status: DeliveryStatus
  attempts: { at: Instant; status: number | null; error: string | null; durationMs: number }[]
  nextAttemptAt: Instant | null
  createdAt: Instant
}

/** What dialects made of an event. */
export interface Worded {
  /** With whom each is for; undefined: for people to read. */
  deliveries: readonly (Delivery & { receiver: string | undefined })[]
  /** Dialects that have said all they have to say. */
  told: readonly string[]
  failed: readonly { dialect: string; error: string }[]
}

export interface WordingFailure {
  event: Pick<CoreEvent, 'id' | 'kind' | 'accountId'>
  dialect: string
  error: string
  /** It is not tried again by itself. */
  isLast: boolean
}

/** One that waits and is due, and who it is for. */
export interface Due {
  id: number
  receiver: string
  accountId: number
}

/** A delivery that is this process's to send, until its lease ends. */
export interface Taken extends Delivery, Due {
  /** Attempts since it was made, or asked for again. */
  tries: number
}

export interface Attempt {
  id: number
  status: number | null
  error: string | null
  durationMs: number
  delivered: boolean
  /** As they were sent, signature and all: kept to be shown, made anew for the next attempt. */
  headers: Record<string, string>
  /** Null: there is no other attempt. */
  nextAttemptAt: Instant | null
}

export interface Outbox {
  /** Kinds somebody listens to; others are not written. */
  subscribe(kinds: readonly EventKind[]): void
  /**
   * Turn committed events into deliveries, in the same unit that marks them done. What fails is tried again later, and
   * in the end kept as `unworded`. `more`: there were more events than are taken at once.
   */
  expand(
    word: (event: CoreEvent, told: readonly string[]) => Promise<Worded> | Worded,
  ): Promise<{ events: number; more: boolean; failures: WordingFailure[] }>
  /** The first `depth` that are due of every lane behind `after`; `next`: where to go on, undefined at the end. */
  due(after: string, depth: number): Promise<{ items: Due[]; next: string | undefined }>
  /** Those of them that nobody else has taken meanwhile, leased to this process. */
  take(ids: readonly number[], leaseMs: number): Promise<Taken[]>
  /** Taken and not sent: they wait again, as if they had never been taken. */
  giveBack(ids: readonly number[]): Promise<void>
  attempted(attempts: readonly Attempt[]): Promise<void>
  /** `eventIds`: those that these events caused. */
  deliveries(
    filter: { status?: DeliveryStatus; eventIds?: readonly number[] },
    page: Page,
  ): Promise<Listed<StoredDelivery>>
  /** An unworded event is put into words anew. */
  redeliver(actor: Actor, id: number): Promise<StoredDelivery>
}

export interface AuditEvent {
  id: number
  at: Instant
  actorAccountId: number | null
  actorUserId: number | null
  administrator: string | null
  accountId: number | null
  action: string
  subject: string
  data: JsonObject
}

export interface Audit {
  record(
    actor: Actor,
    entry: { accountId: number | null; action: string; subject: string; data?: JsonObject },
  ): Promise<void>
  list(filter: { after?: number; accountId?: number; action?: string; limit: number }): Promise<AuditEvent[]>
}

export interface Idempotency {
  /** What the unit with this caller's key gave, if there was one. Faults: invalid_input (key used for something else). */
  earlier<T>(caller: Caller): Promise<{ value: T } | undefined>
}

/** For how many days, of the gateway's clock, what is over is kept. */
export interface RetentionDays {
  /** Log-ins, attempts to log in, and holds, once they have ended. */
  ended: number
  /** Records by which a repeated request gets the first one's answer. */
  idempotency: number
  /** Events and their callbacks, with every attempt: as long as they can be shown, and sent again. */
  callbacks: number
  /** What lies in a cart. */
  carts: number
  /** Imports that are finished, refused or have failed. */
  imports: number
}

export interface Retention {
  /**
   * Removes what is over and has been kept for its days, some dozen rows a unit and so many units at most. Gives the
   * rows that are gone since it was called last, by table, those that a move of the clock removed among them. `isEnd`:
   * this call left nothing over; for a minute none will look again.
   */
  tidy(units: number): Promise<{ removed: ReadonlyMap<string, number>; isEnd: boolean }>
  /** About how many rows each table holds, without counting them: see `Store.rows`. */
  rows(): Promise<ReadonlyMap<string, number>>
}

export interface Jobs {
  /** Run everything due by now, in due order. */
  runDue(): Promise<{ job: string; count: number }[]>
  /**
   * Move the stored clock (double mode only) and run what falls due on the way; then what is over by then is removed.
   * Faults: clock_backwards.
   */
  advanceTo(at: Instant): Promise<{ job: string; count: number }[]>
  /** The same, by so many milliseconds from now; 0 moves nothing. */
  advanceBy(ms: number): Promise<{ job: string; count: number }[]>
  /** The stored clock stands still until it is moved, or goes on from where it stands. */
  freeze(isFrozen: boolean): Promise<void>
}

/** Cursors as text for clients: opaque, and of no use but for the list that they were made for. */
/** Small things that the processes of one database tell each other; gone a minute later. */
export interface SharedCounts {
  /** `turn`: one more than the last time. Durable is none of it. */
  tell(process: string, turn: number, counts: string): Promise<void>
  /** What other processes told after the turns that were `seen`, in their order. */
  hear(process: string, seen: ReadonlyMap<string, number>): Promise<{ process: string; turn: number; counts: string }[]>
}

export interface Cursors {
  /** `binding`: which list, whose, and by what filters and order. */
  seal(binding: string, cursor: Cursor): string
  /** Undefined: not made here, changed since, or made for another list. */
  open(binding: string, sealed: string): Cursor | undefined
}

/** What became of a pass over all that is sealed. */
export interface Resealed {
  resealed: number
  /** Neither the present nor the former key opens so many. */
  unreadable: number
}

export interface Sealed {
  /**
   * Seals with the present key what the former one sealed, in small units, until all is done or the signal comes; then
   * the database is opened with the present key alone, if nothing was unreadable. Harmless when it is repeated, or run by
   * several processes. `onStep` is told how many were sealed anew.
   */
  reseal(options?: {
    signal?: AbortSignal | undefined
    onStep?: ((resealed: number) => void) | undefined
  }): Promise<Resealed & { isOver: boolean }>
}

export interface Violation {
  invariant: number
  name: string
  rows: number
  sample: JsonObject
}

export interface Clock {
  now(): Instant
  /** Whether it stands still until it is moved. */
  isFrozen?(): boolean
}

/** Every random choice goes through here, so that runs with one seed are the same. */
export interface Random {
  bytes(n: number): Uint8Array
  /** RFC 4122 version 4. */
  guid(): string
  /** `n` characters of `alphabet`. */
  text(n: number, alphabet: string): string
}
