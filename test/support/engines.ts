import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import type { PostgresPool } from 'kysely'
import pg from 'pg'
import { openStore } from '../../core/store/open.ts'
import { openPostgres } from '../../core/store/postgres.ts'
import type { Store } from '../../core/store/store.ts'

export type EngineName = 'sqlite' | 'pglite' | 'postgres'

const HOST = '127.0.0.1'
const PORT = 5432
const SERVER = `postgres://postgres@${HOST}:${PORT}`

function isReachable(): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: HOST, port: PORT, timeout: 500 })
    const answer = (value: boolean) => {
      socket.destroy()
      resolve(value)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
    socket.once('timeout', () => answer(false))
  })
}

const hasPostgres = await isReachable()

/** `TEST_ENGINES=sqlite`: these only, as where the same test runs a thousand times. */
const only = process.env.TEST_ENGINES?.split(',')

/** Real PostgreSQL where it answers; PGlite stands in for its SQL elsewhere. Says so when it is left out. */
export function engines(wanted: readonly EngineName[] = ['sqlite', 'postgres']): EngineName[] {
  if (only) return wanted.filter(name => only.includes(name))
  if (hasPostgres) return [...wanted]
  if (wanted.includes('postgres')) process.stderr.write(`skipped on postgres: nothing answers at ${HOST}:${PORT}\n`)
  return [...new Set(wanted.map(name => (name === 'postgres' ? 'pglite' : name)))]
}

export const postgresIsHere = hasPostgres

/** Own schema in the shared test database, dropped again; commits need not survive this machine's power. */
async function openSchema(): Promise<{ url: string; drop: () => Promise<void> }> {
  const schema = `didgate_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client(`${SERVER}/test`)
  await admin.connect()
  await admin.query(`CREATE SCHEMA ${schema}`)
  const options = encodeURIComponent(`-c search_path=${schema},public -c synchronous_commit=off`)
  return {
    url: `${SERVER}/test?options=${options}`,
    drop: async () => {
      await admin.query(`DROP SCHEMA ${schema} CASCADE`)
      await admin.end()
    },
  }
}

/** A start of PGlite costs seconds: those that are done with are emptied, and used again in this process. */
const idle: PGlite[] = []

async function giveBack(database: PGlite): Promise<void> {
  await database.exec('RESET ALL; DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  idle.push(database)
}

/** PGlite behind the pool protocol that Kysely speaks: one connection, taken in turn. */
function pglitePool(database: PGlite): PostgresPool {
  let last: Promise<unknown> = Promise.resolve()
  let isEnded = false
  const parsers = { 20: Number, 1700: Number }
  const query = async (text: string, parameters: readonly unknown[]) => {
    if (isEnded) throw new Error('the database is closed')
    const result = await database.query(text, [...parameters], { parsers })
    // a server tells the verb behind a WITH, not the WITH
    const command = (/^\s*WITH\b[\s\S]*?\b(SELECT|INSERT|UPDATE|DELETE)\b/i.exec(text) ??
      /(\w+)/.exec(text))?.[1]?.toUpperCase()
    return { command, rowCount: result.affectedRows || result.rows.length, rows: result.rows }
  }
  const acquire = async () => {
    let release = () => {}
    const turn = last
    last = new Promise<void>(resolve => {
      release = resolve
    })
    await turn
    return { query, release }
  }
  const end = async () => {
    isEnded = true
    await giveBack(database)
  }
  return { connect: acquire, end } as unknown as PostgresPool
}

/** A migrated, empty database of this engine. `url` where other processes can open it too. */
export async function freshStore(
  engine: EngineName,
  options: { connections?: number } = {},
): Promise<{ store: Store; url: string; drop: () => Promise<void> }> {
  if (engine === 'postgres') {
    const { url, drop } = await openSchema()
    const store = await openStore(url, options)
    await store.migrate()
    return { store, url, drop: async () => store.close().then(drop) }
  }
  const url = 'sqlite::memory:'
  const store = engine === 'pglite' ? await openPostgres(pglitePool(idle.pop() ?? new PGlite())) : await openStore(url)
  await store.migrate()
  return { store, url, drop: () => store.close() }
}
