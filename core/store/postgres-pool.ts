import type { PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { greet } from './postgres-greeting.ts'
import { createHosts, type Hosts } from './postgres-hosts.ts'
import { createSockets, createWatch, ignore, told, type Watch, wireOf } from './postgres-watch.ts'
import { createTurns, type Lane, type Turns } from './turns.ts'
import { unavailable } from './unavailable.ts'

/** For a connection of the pool while all of them are in use. */
const TURN_MS = 30_000
/** One ordinary statement. */
export const STATEMENT_MS = 15_000
/** What may look at every row, migrations, and the wait for another process that migrates. */
const LONG_MS = 600_000
/** For connections to end in order. */
const END_MS = 2_000
const KEEP_ALIVE_MS = 10_000

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

/** Connections, each for one at a time. */
export interface Pool {
  /** `lane`: see turns.ts; without one the caller has a lane alone. */
  connect(lane?: Lane): Promise<PostgresPoolClient>
  end(): Promise<void>
}

export interface Pools {
  /** For statements that are answered in milliseconds. */
  ordinary: Pool
  /** The same connections, for statements that may take minutes. */
  patient: Pool
}

type Connect = () => Promise<pg.PoolClient>

export function createPools(url: string, options: PoolOptions = {}): Pools {
  const { connections = 10, statementMs = STATEMENT_MS } = options
  const hosts = createHosts(url)
  const sockets = createSockets()
  const config = {
    ...{ types, stream: sockets.make, connectionTimeoutMillis: hosts.connectMs },
    ...{ keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS, pipeline: true },
  }
  const watch = createWatch({
    config: () => ({ ...config, connectionString: hosts.now() }),
    gone({ connectionString }) {
      hosts.passOver(String(connectionString))
      sockets.cut()
    },
    // where there is no other host, what can still be read there is read
    demoted: hosts.count > 1 ? sockets.cut : undefined,
  })
  /** Behind a pooler: what one transaction leaves in its session is not there in the next. */
  const shared = new WeakSet<pg.ClientBase>()
  const welcome = async (client: pg.ClientBase) => {
    const greeting = await watch(client, hosts.connectMs, () => greet(client))
    if (!hosts.suits(greeting)) throw unavailable(new Error('the server is none that target_session_attrs asks for'))
    if (!greeting.isOwn) shared.add(client)
  }
  const pool = new pg.Pool({ ...config, max: connections, onConnect: welcome })
  // a connection that dies, in use or idle, is told by its next statement, and replaced
  pool.on('connect', client => client.on('error', ignore)).on('error', ignore)
  const turns = createTurns(connections, TURN_MS)
  const connect = () => connectSomewhere(pool, hosts)
  const end = () => endWithin(END_MS, pool, sockets.cut)
  const over = (limitMs: number): Pool => ({
    async connect(lane = Symbol()) {
      const client = await connectInTurn(connect, turns, lane)
      return guarded(client, { watch, limitMs, hasNames: !shared.has(client), give: () => turns.give(lane) })
    },
    end,
  })
  return { ordinary: over(statementMs), patient: over(LONG_MS) }
}

async function connectInTurn(connect: Connect, turns: Turns, lane: Lane): Promise<pg.PoolClient> {
  await turns.take(lane)
  try {
    return await connect()
  } catch (error) {
    turns.give(lane)
    // who waits would find out one after the other; where the server answered, its other connections are still there
    if (!(error instanceof pg.DatabaseError)) turns.refuse(unavailable(error))
    throw told(error)
  }
}

/** On the first host, from the one that was last of use, that lets us in and is of the kind that is wanted. */
async function connectSomewhere(pool: pg.Pool, hosts: Hosts): Promise<pg.PoolClient> {
  for (let tries = 1; ; tries++) {
    const url = hosts.now()
    pool.options.connectionString = url
    try {
      return await pool.connect()
    } catch (error) {
      if (!isAway(error) || tries >= hosts.count) throw error
      hosts.passOver(url)
    }
  }
}

/** Another host may be right where this one is away. A wrong password is wrong everywhere, and so is a lack of room. */
function isAway(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || /^(08|57P|58)/.test(error.code ?? '')
}

interface Guard {
  watch: Watch
  limitMs: number
  hasNames: boolean
  give(): void
}

/** A connection as Kysely takes it, whose every statement has a limit. */
function guarded(client: pg.PoolClient, { watch, limitMs, hasNames, give }: Guard): PostgresPoolClient {
  return {
    query(text: string, values: unknown[], name?: string) {
      writeTogether(client)
      const query = hasNames && name !== undefined ? { name, text, values } : { text, values }
      return watch(client, limitMs, () => client.query(query))
    },
    release() {
      client.release()
      give()
    },
  } as unknown as PostgresPoolClient
}

/** What is asked in one go leaves in one piece. */
function writeTogether(client: pg.ClientBase): void {
  const wire = wireOf(client)
  if (wire.writableCorked > 0) return
  wire.cork()
  process.nextTick(() => wire.uncork()) // when all that waited for the last answer has said what it asks next
}

async function endWithin(ms: number, pool: pg.Pool, cut: () => void): Promise<void> {
  const late = setTimeout(cut, ms)
  try {
    await pool.end()
  } finally {
    clearTimeout(late)
  }
}
