/** Connections that count what is asked of the database, and how often somebody waits for its answer before asking on. */
import type { PostgresPoolClient } from 'kysely'
import type { Pool } from '../../core/store/postgres-pool.ts'

export interface Trips {
  statements: number
  /** Statements that are sent together, before any of them is answered, are one. */
  trips: number
  /** Of those, the ones made while the unit held a balance: after it was moved, up to the commit. */
  holding: number
}

interface Wire {
  heard: boolean
  holds: boolean
}

type Query = (text: string, values?: unknown[], name?: string) => Promise<unknown>

/** Reads of the access version come with requests, not with units. */
const MOVES_BALANCE = /^((with moved as \()?update "?balances"? |select \* from "balances" .* for update)/i
const ENDS = /^(commit|rollback)/i

function counting(query: Query, count: Trips, wire: Wire): Query {
  return async (text, values, name) => {
    count.statements++
    if (wire.heard) {
      count.trips++
      if (wire.holds) count.holding++
    }
    wire.heard = false
    if (ENDS.test(text)) wire.holds = false
    const answer = await query(text, values, name)
    wire.heard = true
    if (MOVES_BALANCE.test(text)) wire.holds = true
    return answer
  }
}

export function countingPool(pool: Pool): { pool: Pool; count: Trips } {
  const count: Trips = { statements: 0, trips: 0, holding: 0 }
  const known = new WeakMap<PostgresPoolClient, PostgresPoolClient>()
  const counted = (client: PostgresPoolClient): PostgresPoolClient => {
    const made = known.get(client)
    if (made) return made
    const query = counting(client.query.bind(client) as unknown as Query, count, { heard: true, holds: false })
    const wrapped = { query, release: () => client.release() } as unknown as PostgresPoolClient
    known.set(client, wrapped)
    return wrapped
  }
  return { pool: { connect: async lane => counted(await pool.connect(lane)), end: () => pool.end() }, count }
}
