import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  type PostgresPoolClient,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import { type Hints, hintsOf } from './hints.ts'
import { joined, MOST_JOINED } from './joined.ts'
import type { Pool } from './postgres-pool.ts'
import type { Tables } from './tables.ts'

/** A connection while one unit has it: in a transaction from the start. */
export interface Session {
  db: Kysely<Tables>
  /** Durable when the promise resolves, where it is to be. */
  commit(isDurable: boolean): Promise<void>
  rollback(): Promise<void>
}

/**
 * Locks go with the commit, and only then is its log written to the disk: who waits for a row of this unit does not wait
 * for the disk as well. Nobody is answered before: the message is committed as the server's settings say, and a log is
 * written up to its end.
 */
const BEGIN = 'BEGIN; SET LOCAL synchronous_commit TO off'
const SETTLE = "SELECT pg_logical_emit_message(true, 'didgate', '')"
const COMMIT_DURABLY = `COMMIT; ${SETTLE}`

interface Answer {
  command: string
  rowCount: number | null
  rows?: unknown[]
}

interface Wire {
  /** A text that is given a name always has the same one. */
  query(text: string, parameters: readonly unknown[], name?: string): Promise<Answer>
}

const COUNTED = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])
const LEAVES_NOTHING = /^\s*(select|begin|set|commit|rollback)\b/i

/**
 * Statements are sent as they come, also before others are answered. One that nobody waits for (hints.ts) tells what it
 * fails with through the next that somebody waits for, at the latest through the commit. `texts`: see joined.ts.
 */
export function beginSession(client: PostgresPoolClient, texts: Map<string, string>): Session {
  const wire = client as unknown as Wire
  /** The first thing that went wrong: what comes after it is refused by the server for no other reason. */
  let failed: { error: unknown } | undefined
  let hasWritten = false
  let isOver = false
  /** Not sent yet: they are one statement with those that follow at once. */
  const inserts: CompiledQuery[] = []

  async function send(text: string, parameters: readonly unknown[] = [], { name, otherwise }: Hints = {}) {
    try {
      const answer = await wire.query(text, parameters, name)
      if (answer.rowCount !== 0 && !LEAVES_NOTHING.test(text)) hasWritten = true
      if (failed) throw failed.error
      return answer
    } catch (error) {
      failed ??= { error: otherwise && isDivision(error) ? otherwise() : error }
      throw failed.error
    }
  }

  function sendLater(query: CompiledQuery): void {
    send(query.sql, query.parameters, hintsOf(query)).catch(ignore) // told later
    hasWritten = true
  }

  function sendInserts(): void {
    if (inserts.length > 0) sendLater(joined(inserts.splice(0), texts))
  }

  function askLater(query: CompiledQuery): void {
    const { isInsert, name } = hintsOf(query)
    const canWait = isInsert && name !== undefined
    if (!canWait || inserts.length === MOST_JOINED) sendInserts()
    if (canWait) inserts.push(query)
    else sendLater(query)
  }

  async function executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (isOver) throw new Error('the unit is over') // the connection may be another one's by now
    const hints = hintsOf(query)
    if (hints.isLater) {
      askLater(query)
      return { rows: [] }
    }
    sendInserts()
    return resultOf(await send(query.sql, query.parameters, hints))
  }

  send(BEGIN).catch(ignore)
  return {
    db: kyselyOn({
      acquireConnection: async () => ({ executeQuery, streamQuery: refuse }),
      releaseConnection: nothingToDo,
      destroy: nothingToDo,
    }),
    async commit(isDurable) {
      isOver = true
      sendInserts()
      if (failed) throw failed.error
      // where something fails that is on its way, the server takes it for a ROLLBACK
      const [committed] = [await send(hasWritten && isDurable ? COMMIT_DURABLY : 'COMMIT')].flat()
      if (committed?.command === 'ROLLBACK') throw new Error('the server has rolled back')
    },
    async rollback() {
      isOver = true
      await wire.query('ROLLBACK', [])
    },
  }
}

const DIVISION_BY_ZERO = '22012'
const isDivision = (error: unknown) => (error as { code?: unknown }).code === DIVISION_BY_ZERO

const ignore = () => {}
const nothingToDo = async () => {}

function refuse(): never {
  throw new Error('streams and transactions belong to the store')
}

function resultOf<R>({ command, rowCount, rows = [] }: Answer): QueryResult<R> {
  const result = { rows: rows as R[] }
  return COUNTED.has(command) ? { ...result, numAffectedRows: BigInt(rowCount ?? 0) } : result
}

/** Kysely whose transactions the store begins and ends itself. */
function kyselyOn(driver: Pick<Driver, 'acquireConnection' | 'releaseConnection' | 'destroy'>): Kysely<Tables> {
  const none = { beginTransaction: refuse, commitTransaction: refuse, rollbackTransaction: refuse }
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => ({ init: nothingToDo, ...none, ...driver }),
      createIntrospector: db => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}

type Reading = DatabaseConnection & { release(): void }

/** The log is written up to here. */
export async function settle(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await (client as unknown as Wire).query(SETTLE, [])
  } finally {
    client.release()
  }
}

/** For reading: each statement on whichever connection is free. */
export function kyselyOver(pool: Pool): Kysely<Tables> {
  return kyselyOn({
    async acquireConnection(): Promise<Reading> {
      const client = await pool.connect()
      return {
        executeQuery: async query =>
          resultOf(await (client as unknown as Wire).query(query.sql, query.parameters, hintsOf(query).name)),
        streamQuery: refuse,
        release: () => client.release(),
      }
    },
    releaseConnection: async connection => (connection as Reading).release(),
    destroy: () => pool.end(),
  })
}
