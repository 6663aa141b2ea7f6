import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { EMPTY_ORDER } from '../../core/store/migrations.ts'
import { openStore } from '../../core/store/open.ts'
import { openPostgres } from '../../core/store/postgres.ts'
import type { Pool } from '../../core/store/postgres-pool.ts'
import type { Store } from '../../core/store/store.ts'
import { clientPackage } from './client-package.ts'
import { emptyRows } from './kept-world.ts'
import { RUN_NAME, SERVER, schemaPrefix } from './postgres-schemas.ts'

export type EngineName = 'sqlite' | 'pglite' | 'postgres'

const HOST = '127.0.0.1'
const PORT = 5432

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
const pglite = clientPackage('@electric-sql/pglite') as typeof import('@electric-sql/pglite') | undefined

/** `TEST_ENGINES=sqlite`: these only, as where the same test runs a thousand times. */
const only = process.env.TEST_ENGINES?.split(',')

/** Real PostgreSQL where it answers; PGlite stands in for its SQL elsewhere. Says so when one is left out. */
export function engines(wanted: readonly EngineName[] = ['sqlite', 'postgres']): EngineName[] {
  if (only) return wanted.filter(name => only.includes(name))
  if (!hasPostgres && wanted.includes('postgres'))
    process.stderr.write(`skipped on postgres: nothing answers at ${HOST}:${PORT}\n`)
  const here = wanted.map(name => (name === 'postgres' && !hasPostgres ? 'pglite' : name))
  return [...new Set(here)].filter(name => name !== 'pglite' || pglite !== undefined)
}

function newPglite(): PGlite {
  if (!pglite) throw new Error('PGlite is not installed')
  return new pglite.PGlite()
}

export const postgresIsHere = hasPostgres

interface Schema {
  name: string
  url: string
  admin: pg.Client
  /** Of what its tables, functions and triggers were when it was new. */
  shape: string
  /** What stood then in the tables that `Store.empty` leaves alone, as JSON; null: nothing. */
  first: [table: string, rows: string | null][]
}

type Named = Pick<Schema, 'name' | 'url' | 'admin'>

/** Begins the names of all that this run makes; the run removes them at its end (program.ts). */
const RUN = process.env[RUN_NAME] ?? randomBytes(6).toString('hex')

/** Own schema in the shared test database; commits need not survive this machine's power. */
async function newSchema(): Promise<Named> {
  const name = `${schemaPrefix(RUN)}${randomBytes(6).toString('hex')}`
  const admin = new pg.Client(`${SERVER}/test`)
  await admin.connect()
  await admin.query(`CREATE SCHEMA ${name}`)
  const options = encodeURIComponent(`-c search_path=${name},public -c synchronous_commit=off`)
  return { name, admin, url: `${SERVER}/test?options=${options}` }
}

async function shapeOf({ admin, name }: Named): Promise<string> {
  const { rows } = await admin.query(
    `SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = $1::regnamespace) AS classes,
      (SELECT count(*) FROM pg_proc WHERE pronamespace = $1::regnamespace) AS functions,
      (SELECT count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = $1::regnamespace) AS triggers`,
    [name],
  )
  return JSON.stringify(rows)
}

async function firstRowsOf({ admin, name }: Named): Promise<Schema['first']> {
  const { rows } = await admin.query<{ tablename: string }>(
    'SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> ALL ($2)',
    [name, EMPTY_ORDER],
  )
  const first: Schema['first'] = []
  for (const { tablename } of rows) {
    const all = await admin.query<{ rows: string | null }>(
      `SELECT json_agg(t)::text AS rows FROM ${name}.${tablename} t`,
    )
    first.push([tablename, all.rows[0]?.rows ?? null])
  }
  return first
}

async function putFirstRows({ admin, name, first }: Schema): Promise<void> {
  for (const [table, rows] of first) {
    const whole = `${name}.${table}`
    await admin.query(`DELETE FROM ${whole}`)
    if (rows !== null)
      await admin.query(`INSERT INTO ${whole} SELECT * FROM json_populate_recordset(NULL::${whole}, $1)`, [rows])
  }
}

async function sizeOf({ admin, name }: Schema): Promise<number> {
  const { rows } = await admin.query<{ bytes: string }>(
    'SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relnamespace = $1::regnamespace',
    [name],
  )
  return Number(rows[0]?.bytes)
}

/** To make the tables costs a second: those that a file is done with are emptied, and used again in this process. */
const idleSchemas: Schema[] = []
/** An empty one takes four; one that has grown beyond this would be slow for who comes next. */
const MOST_BYTES = 16 * 1024 * 1024

async function openPostgresStore(options: { connections?: number }) {
  const known = idleSchemas.pop()
  const schema = known ?? (await newSchema())
  const store = await openStore(schema.url, options)
  await store.migrate()
  const kept: Schema = known ?? { ...schema, shape: await shapeOf(schema), first: await firstRowsOf(schema) }
  return { store, url: kept.url, drop: () => giveBackSchema(kept, store) }
}

async function giveBackSchema(schema: Schema, store: Store): Promise<void> {
  const isAsItWas = (await shapeOf(schema)) === schema.shape && (await sizeOf(schema)) < MOST_BYTES
  if (isAsItWas) await emptyRows(store)
  await store.close()
  if (isAsItWas) {
    await putFirstRows(schema)
    return void idleSchemas.push(schema)
  }
  await schema.admin.query(`DROP SCHEMA ${schema.name} CASCADE`)
  await schema.admin.end()
}

/** A start of PGlite costs seconds: those that are done with are emptied, and used again in this process. */
const idle: PGlite[] = []

async function giveBack(database: PGlite): Promise<void> {
  await database.exec('RESET ALL; DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  idle.push(database)
}

/** PGlite behind the pool protocol that Kysely speaks: one connection, taken in turn. */
function pglitePool(database: PGlite): Pool {
  let last: Promise<unknown> = Promise.resolve()
  let isEnded = false
  const parsers = { 20: Number, 1700: Number }
  const query = async (text: string, parameters: readonly unknown[]) => {
    if (isEnded) throw new Error('the database is closed')
    if (text.includes(';')) return (await database.exec(text)).map(() => ({ command: 'COMMIT', rowCount: 0, rows: [] }))
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
  return { connect: acquire, end } as unknown as Pool
}

/** A migrated, empty database of this engine. `url` where other processes can open it too. */
export async function freshStore(
  engine: EngineName,
  options: { connections?: number } = {},
): Promise<{ store: Store; url: string; drop: () => Promise<void> }> {
  if (engine === 'postgres') return openPostgresStore(options)
  const url = 'sqlite::memory:'
  const store = engine === 'pglite' ? await openPostgres(pglitePool(idle.pop() ?? newPglite())) : await openStore(url)
  await store.migrate()
  return { store, url, drop: () => store.close() }
}
