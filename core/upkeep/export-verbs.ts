import type {
  Instant,
  Lease,
  NumberState,
  PhoneNumber,
  Subscription,
  Transaction,
  TransactionKind,
} from '../ground/model.ts'

/** One account's time with one number. */
export interface Ownership {
  number: PhoneNumber
  lease: Lease
  subscription: Subscription
  /** Null: it goes on. */
  endedAt: Instant | null
}

export interface OwnershipExport {
  accountId?: number | undefined
  /** Also those that are over. */
  isEndedToo?: boolean | undefined
}

export interface LedgerExport {
  /** Who was charged or paid. */
  accountId?: number | undefined
  currency?: string | undefined
  kind?: TransactionKind | undefined
  /** Inclusive. */
  from?: Instant | undefined
  /** Exclusive. */
  until?: Instant | undefined
}

/**
 * Everything there is of a kind, oldest first, a few rows at a time as they are taken: each row as it is when it is
 * read. However many there are, a slow reader holds nobody up.
 */
export interface Exports {
  inventory(filter: {
    states?: readonly NumberState[] | undefined
    country?: string | undefined
  }): AsyncGenerator<PhoneNumber[], void, undefined>
  ownership(filter: OwnershipExport): AsyncGenerator<Ownership[], void, undefined>
  ledger(filter: LedgerExport): AsyncGenerator<Transaction[], void, undefined>
}
