/** A pooler in transaction mode: each transaction may be another server process's, and nothing of a session is left. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { createPools } from '../../core/store/postgres-pool.ts'
import { shopper, shopWorld } from '../adapters/onsip/shop.ts'
import { postgresIsHere } from '../support/engines.ts'
import { startBouncer, whyNoBouncer } from '../support/pgbouncer.ts'
import { SERVER } from '../support/postgres-schemas.ts'
import { startServer, workFolder } from '../support/process.ts'

const why = postgresIsHere ? whyNoBouncer() : 'no PostgreSQL answers'
if (why) process.stderr.write(`skipped: PgBouncer in transaction mode: ${why}\n`)

const BUYERS = 32
const SERVERS = 4

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function newDatabase() {
  const name = `didgate_bouncer_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client(`${SERVER}/postgres`)
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  closing.push(async () => {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  })
  return { name, admin }
}

describe.skipIf(why)('PgBouncer in transaction mode', () => {
  it('serves: schema, world, buyers and jobs; connections that are ended behind it are replaced', async () => {
    const { name, admin } = await newDatabase()
    const bouncer = await startBouncer({ host: '127.0.0.1', port: 5432 }, SERVERS)
    closing.push(bouncer.stop)
    const { seed, remove } = workFolder(shopWorld(300, '10000.00'))
    const server = await startServer({
      ...{ DATABASE_URL: `postgres://postgres@127.0.0.1:${bouncer.port}/${name}` },
      ...{ DIDGATE_SEED: seed, DIDGATE_KEY: 'k'.repeat(32) },
    })
    closing.push(async () => {
      await server.kill()
      remove()
    })
    const { login, buy, owned } = shopper(server.url)
    const session = await login()
    const buyer = async () => {
      for (let n = 0; n < 4; n++) expect(await buy(session)).toHaveLength(1)
    }
    const all = Promise.all(Array.from({ length: BUYERS }, buyer))
    await all
    expect((await owned(session)).length).toBe(4 * BUYERS)
    const terminated = await admin.query(
      'SELECT count(pg_terminate_backend(pid))::int AS n FROM pg_stat_activity WHERE datname = $1',
      [name],
    )
    expect(terminated.rows[0].n).toBeGreaterThan(0)
    expect(terminated.rows[0].n).toBeLessThanOrEqual(SERVERS)
    for (let n = 0; n < 100 && !(await buy(session).catch(() => undefined)); n++);
    expect(await buy(session)).toHaveLength(1)
    expect(await (await fetch(`${server.admin}/admin/v1/invariants`)).json()).toMatchObject({
      ok: true,
      violations: [],
    })
    expect(server.output()).not.toContain('"fault":"internal"')
    expect(await server.stop()).toBe(0)
  })

  it('is found out: nothing is planned or set in a session that is another one’s next', async () => {
    const { name } = await newDatabase()
    const bouncer = await startBouncer({ host: '127.0.0.1', port: 5432 }, 1)
    closing.push(bouncer.stop)
    const NAMES = `SELECT (SELECT count(*) FROM pg_prepared_statements)::int AS planned,
      current_setting('idle_in_transaction_session_timeout') AS idle`
    const sessionOver = async (port: number) => {
      const { ordinary } = createPools(`postgres://postgres@127.0.0.1:${port}/${name}`, { connections: 2 })
      closing.push(() => ordinary.end())
      const client = (await ordinary.connect()) as unknown as pg.PoolClient & {
        query(text: string, values: unknown[], name?: string): Promise<pg.QueryResult>
      }
      await client.query('SELECT $1::int', [1], 'one')
      const { rows } = await client.query(NAMES, [])
      client.release()
      return rows[0]
    }
    expect(await sessionOver(bouncer.port)).toEqual({ planned: 0, idle: '0' })
    expect(await sessionOver(5432)).toEqual({ planned: 1, idle: '30s' })
  })
})
