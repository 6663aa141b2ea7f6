import { Socket } from 'node:net'
import pg from 'pg'
import { unavailable } from './unavailable.ts'

// A database on another machine can be gone without a word: every wait for it has a limit here, and whatever happens to
// a connection is told by the statement it happened to, never by an event that nobody listens to.

/** After this long without an answer to a statement, another connection asks whether the server is there at all. */
const SILENT_MS = 2_000
/** For that other connection, and for one more: a machine that is very busy takes seconds to let somebody in. */
const ASK_MS = [3_000, 5_000]
const SILENT_AGAIN_MS = 10_000

/**
 * read_only_sql_transaction: the server was put behind another one, and a new connection may lead to that;
 * feature_not_supported: a newer version has changed a table, and what this connection has planned is of the old one.
 */
const READ_ONLY = '25006'
const OUTDATED = new Set([READ_ONLY, '0A000'])

export const ignore = () => {}

export const wireOf = (client: pg.ClientBase) => (client as pg.Client).connection.stream

/** What the server says is passed on; everything else happened on the way to it. */
export function told(error: unknown): unknown {
  return error instanceof pg.DatabaseError ? error : unavailable(error)
}

/** Sockets of our own, so that all of them can be cut: pg waits for a server that does not answer. */
export function createSockets() {
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

export type Watch = <T>(client: pg.ClientBase, limitMs: number, statement: () => Promise<T>) => Promise<T>

export interface Watched {
  /** Of the server that is connected to now. */
  config(): pg.ClientConfig
  /** This one is not there: its connections are of no use. */
  gone(config: pg.ClientConfig): void
  /** It can only be read now. Undefined: that is no reason to leave it. */
  demoted?: (() => void) | undefined
}

/** Ends one connection whose answer does not come in time, and all of them when the server is gone. */
export function createWatch({ config, gone, demoted = ignore }: Watched): Watch {
  let isAsking = false
  const ask = async () => {
    if (isAsking) return
    isAsking = true
    const asked = config()
    let isFound = false
    for (const ms of ASK_MS) isFound ||= await isThere(asked, ms)
    if (!isFound) gone(asked)
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
      const code = error instanceof pg.DatabaseError ? (error.code ?? '') : ''
      if (OUTDATED.has(code)) end(client)
      if (code === READ_ONLY) demoted()
      throw told(error)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Even a refusal is an answer. */
async function isThere(config: pg.ClientConfig, ms: number): Promise<boolean> {
  const socket = new Socket()
  const client = new pg.Client({ ...config, stream: () => socket, connectionTimeoutMillis: ms })
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
