import { Socket } from 'node:net'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { createTurns, type Turns } from './turns.ts'
import { unavailable } from './unavailable.ts'

// A database on another machine can be gone without a word: every wait for it has a limit here, and whatever happens to
// a connection is told by the statement it happened to, never by an event that nobody listens to.

/** To reach the server and be let in. */
const CONNECT_MS = 5_000
/** For a connection of the pool while all of them are in use. */
const TURN_MS = 30_000
/** After this long without an answer to a statement, another connection asks whether the server is there at all. */
const SILENT_MS = 2_000
/** For that other connection. */
const ASK_MS = 3_000
const SILENT_AGAIN_MS = 10_000
/** One ordinary statement. */
export const STATEMENT_MS = 15_000
/** What may look at every row, migrations, and the wait for another process that migrates. */
const LONG_MS = 600_000
/** For connections to end in order. */
const END_MS = 2_000
const KEEP_ALIVE_MS = 10_000

/**
 * Compiling a plan, or starting helpers for it, takes longer than anything that is asked here. The others end what a
 * vanished gateway has left open, locks and all. Settings that this server does not know are passed over.
 */
const SESSION = `SELECT set_config(wanted.name, wanted.value, false) FROM (VALUES
  ('jit', 'off'), ('max_parallel_workers_per_gather', '0'), ('idle_in_transaction_session_timeout', '30s'),
  ('client_connection_check_interval', '10s'), ('tcp_keepalives_idle', '30'), ('tcp_keepalives_interval', '10'),
  ('tcp_keepalives_count', '3')) AS wanted (name, value) WHERE wanted.name IN (SELECT name FROM pg_settings)`

/**
 * read_only_sql_transaction: the server was put behind another one, and a new connection may lead to that;
 * feature_not_supported: a newer version has changed a table, and what this connection has planned is of the old one.
 */
const OUTDATED = new Set(['25006', '0A000'])
const INT8 = 20
const NUMERIC = 1700
/** Sums and big integers are exact numbers below 2^53 by the schema's checks. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
}

export interface PoolOptions {
  connections?: number | undefined
  statementMs?: number | undefined
}

export interface Pools {
  /** For statements that are answered in milliseconds. */
  ordinary: PostgresPool
  /** The same connections, for statements that may take minutes. */
  patient: PostgresPool
}

const ignore = () => {}

/** What the server says is passed on; everything else happened on the way to it. */
function told(error: unknown): unknown {
  return error instanceof pg.DatabaseError ? error : unavailable(error)
}

/** Sockets of our own, so that all of them can be cut: pg waits for a server that does not answer. */
function createSockets() {
  const open = new Set<Socket>()
  return {
    make() {
      const socket = new Socket()
      open.add(socket)
      return socket.once('close', () => open.delete(socket))
    },
    cut() {
      for (const socket of open) socket.destroy()
    },
  }
}

export function createPools(url: string, options: PoolOptions = {}): Pools {
  const { connections = 10, statementMs = STATEMENT_MS } = options
  const sockets = createSockets()
  const config = {
    ...{ connectionString: url, types, stream: sockets.make, connectionTimeoutMillis: CONNECT_MS },
    ...{ keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS, pipeline: true },
  }
  const watch = createWatch(config, sockets.cut)
  const pool = new pg.Pool({
    ...config,
    max: connections,
    onConnect: client => watch(client, CONNECT_MS, () => client.query(SESSION)).catch(ignore),
  })
  // a connection that dies, in use or idle, is told by its next statement, and replaced
  pool.on('connect', client => client.on('error', ignore)).on('error', ignore)
  const turns = createTurns(connections, TURN_MS)
  const connect = () => connectInTurn(pool, turns)
  const end = () => endWithin(END_MS, pool, sockets.cut)
  const over = (limitMs: number) => ({ connect: createGuard(connect, turns.give, watch, limitMs), end })
  return { ordinary: over(statementMs), patient: over(LONG_MS) }
}

async function connectInTurn(pool: pg.Pool, turns: Turns): Promise<pg.PoolClient> {
  await turns.take()
  try {
    return await pool.connect()
  } catch (error) {
    turns.give()
    // who waits would find out one after the other; where the server answered, its other connections are still there
    if (!(error instanceof pg.DatabaseError)) turns.refuse(unavailable(error))
    throw told(error)
  }
}

/** Connections as Kysely takes them, whose every statement has a limit. */
function createGuard(connect: () => Promise<pg.PoolClient>, give: () => void, watch: Watch, limitMs: number) {
  const guarded = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return async (): Promise<PostgresPoolClient> => {
    const client = await connect()
    const known = guarded.get(client)
    if (known) return known
    const made = {
      query(text: string, values: unknown[], name?: string) {
        writeTogether(client)
        return watch(client, limitMs, () =>
          client.query(name === undefined ? { text, values } : { name, text, values }),
        )
      },
      release() {
        client.release()
        give()
      },
    } as unknown as PostgresPoolClient
    guarded.set(client, made)
    return made
  }
}

const wireOf = (client: pg.ClientBase) => (client as pg.Client).connection.stream

/** What is asked in one go leaves in one piece. */
function writeTogether(client: pg.ClientBase): void {
  const wire = wireOf(client)
  if (wire.writableCorked > 0) return
  wire.cork()
  process.nextTick(() => wire.uncork()) // when all that waited for the last answer has said what it asks next
}

type Watch = <T>(client: pg.ClientBase, limitMs: number, statement: () => Promise<T>) => Promise<T>

/** Ends one connection whose answer does not come in time, and all of them when the server is gone. */
function createWatch(config: pg.ClientConfig, cutAll: () => void): Watch {
  let isAsking = false
  const ask = async () => {
    if (isAsking) return
    isAsking = true
    if (!(await isThere(config))) cutAll()
    isAsking = false
  }
  const end = (client: pg.ClientBase) => {
    ;(client as pg.Client).end().catch(ignore) // nobody else is given it
    wireOf(client).destroy() // a farewell would wait for what was asked before
  }
  return async (client, limitMs, statement) => {
    const endAt = performance.now() + limitMs
    const look = () => {
      const left = endAt - performance.now()
      if (left <= 0) return end(client)
      void ask()
      timer = setTimeout(look, Math.min(left, SILENT_AGAIN_MS))
    }
    let timer = setTimeout(look, Math.min(limitMs, SILENT_MS))
    try {
      return await statement()
    } catch (error) {
      if (error instanceof pg.DatabaseError && OUTDATED.has(error.code ?? '')) end(client)
      throw told(error)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Even a refusal is an answer. */
async function isThere(config: pg.ClientConfig): Promise<boolean> {
  const socket = new Socket()
  const client = new pg.Client({ ...config, stream: () => socket, connectionTimeoutMillis: ASK_MS })
  client.on('error', ignore)
  try {
    await client.connect()
    return true
  } catch (error) {
    return error instanceof pg.DatabaseError
  } finally {
    socket.destroy()
  }
}

async function endWithin(ms: number, pool: pg.Pool, cut: () => void): Promise<void> {
  const late = setTimeout(cut, ms)
  try {
    await pool.end()
  } finally {
    clearTimeout(late)
  }
}
