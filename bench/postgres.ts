import pg from 'pg'
import { load } from './load.ts'

/** A database of this size on the server, kept from one run to the next; the smallest is made anew. */
export async function postgresBed(server: string, size: number): Promise<string> {
  const name = `didgate_bench_${size}`
  const admin = new pg.Client({ connectionString: `${server}/postgres` })
  await admin.connect()
  try {
    if (size <= 10_000) await admin.query(`DROP DATABASE IF EXISTS ${name}`)
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    const url = `${server}/${name}`
    if (rowCount) return url
    await admin.query(`CREATE DATABASE ${name}`)
    await load(url, size)
    return url
  } finally {
    await admin.end()
  }
}

/** An empty database of this name, made anew. */
export async function emptyDatabase(server: string, name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: `${server}/postgres` })
  await admin.connect()
  try {
    await admin.query(`DROP DATABASE IF EXISTS ${name}`)
    await admin.query(`CREATE DATABASE ${name}`)
    return `${server}/${name}`
  } finally {
    await admin.end()
  }
}
