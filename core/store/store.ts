import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

export type Reader = Kysely<Tables>
export type Writer = Transaction<Tables> | Kysely<Tables>

/** Of a statement; one that comes often has a name. */
export interface Text {
  text: string
  name: string | undefined
}

/** Where the engines differ beyond what Kysely hides. */
export interface Engine {
  name: 'sqlite' | 'postgres'
  /** Rows another transaction holds are passed over (PostgreSQL); on one writer there are none. */
  skipLocked: boolean
  /** Rows of one unit of a long job: few enough for those who wait behind it, many enough for its commit to pay. */
  unitRows: number
  /** Texts of hot statements, by what they are made from (statements.ts). */
  texts: Map<string, Text>
}

/** Ids of rows that are going to be inserted (ids.ts). */
export interface ReservedIds {
  /** How many of a table's are there or on their way. */
  promised: Map<string, number>
  arrived: Map<string, number[]>
  arriving: Promise<unknown>
}

/** What a write unit writes through. */
export interface Writing {
  db: Writer
  engine: Engine
  /** Of rows that it is going to insert. */
  ids: ReservedIds
}

export interface WriteOptions {
  /** A step of a long job: durable at the latest with the next unit that is. */
  isStep?: boolean
  /**
   * Whose unit it is, where many of the same may wait for each other: together they never take all connections. It makes no
   * difference on SQLite, which has one writer.
   */
  lane?: number | undefined
}

/** Another server that follows this one: what it has was committed, and is a moment old. */
export type Replica = Pick<Store, 'read' | 'readAside'>

/** One database. Nothing but `write` opens a transaction. */
export interface Store {
  engine: Engine
  /** Committed data only. */
  read<T>(fn: (db: Reader) => Promise<T>): Promise<T>
  /** As `read`, for questions that may look at every row: nobody else waits while they are answered. May be `read`. */
  readAside<T>(fn: (db: Reader) => Promise<T>): Promise<T>
  /**
   * A server that follows this one, where there is one and it is close behind. Only for what nobody expects to see an own
   * change in, and whoever asks must do without it when it fails.
   */
  replica?(): Replica | undefined
  /** One write unit: all of it or nothing, durable when the promise resolves, unless it need not be. */
  write<T>(fn: (db: Writer) => Promise<T>, options?: WriteOptions): Promise<T>
  /**
   * Resolves when something was written within the last seconds; where nothing was, writes something that changes
   * nothing. Faults: temporarily_unavailable, as a unit would get it.
   */
  checkWritable(): Promise<void>
  /**
   * All that has been read is durable when the promise resolves, as after a unit. Who reads sees a unit before its log is
   * on the disk, and on a standby that has to have it; who is told that it was made must not lose it.
   */
  settled(): Promise<void>
  /** Forward-only; one process does it, others wait. */
  migrate(): Promise<void>
  /** True when every migration has run. */
  isMigrated(): Promise<boolean>
  /** Deletes all rows of all tables. */
  empty(): Promise<void>
  /**
   * About how many rows each table holds, told at once however many: on SQLite at most so many, from the first id to the
   * last; on PostgreSQL as many as its last ANALYZE found, and none for a table that it has not looked at yet.
   */
  rows(): Promise<ReadonlyMap<string, number>>
  /** How much it holds, about. */
  bytes(): Promise<number>
  /** The whole database as bytes. Faults: not_in_this_mode on PostgreSQL. */
  image(): Promise<Uint8Array>
  /**
   * The store of what an image holds, in place of this one: the same, or another one, and this one is closed. Nothing
   * else may use it meanwhile. Whatever was made over it is to be made anew.
   */
  replacedBy(image: Uint8Array): Promise<Store>
  close(): Promise<void>
}
