import type { Caller, Instant, JsonObject, Listed, Page } from '../model.ts'

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

export interface Jobs {
  /** Run everything due by now, in due order. */
  runDue(): Promise<{ job: string; count: number }[]>
  /** Move the stored clock (double mode only) and run what falls due on the way. Faults: clock_backwards. */
  advanceTo(at: Instant): Promise<{ job: string; count: number }[]>
  /** The same, by so many milliseconds from now; 0 moves nothing. */
  advanceBy(ms: number): Promise<{ job: string; count: number }[]>
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
