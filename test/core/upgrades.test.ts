/** What earlier versions kept: it opens, migrates, says the same in every column that stays, and serves. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { readConfig } from '../../src/config/config.ts'
import { dialectModules } from '../../src/dialects.ts'
import { createGateway } from '../../src/http/gateway.ts'
import { openDatabase } from '../../src/process/database.ts'
import { type Contents, contentsOf, digestsOf, shapeOf } from '../support/contents.ts'
import { engines, freshStore } from '../support/engines.ts'
import { SERVER } from '../support/postgres-schemas.ts'
import { KEPT_KEY, keptFile, keptVersions } from '../support/versions.ts'

/** Tables and columns that are gone or not as they were, on purpose. */
const CHANGED: Readonly<Record<string, string>> = {
  didgate_migrations: 'grows by what the upgrade runs',
  access_version: 'moves with every change of who may act, so that no process goes by what it knew',
}

const closing: (() => Promise<unknown>)[] = []
async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close()
}

function keptSqlite(version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-'))
  closing.push(async () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'didgate.db')
  writeFileSync(file, keptFile(version, 'sqlite.db.gz'))
  return `sqlite:${file}`
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(text).finally(() => client.end())
}

/** A dump names the schema that it belongs in: it gets a database of its own. */
async function keptPostgres(version: string): Promise<string> {
  const name = `didgate_upgrade_${randomBytes(6).toString('hex')}`
  await query(`${SERVER}/test`, `CREATE DATABASE ${name}`)
  closing.push(() => query(`${SERVER}/test`, `DROP DATABASE ${name} WITH (FORCE)`))
  await query(`${SERVER}/${name}`, keptFile(version, 'postgres.sql.gz').toString())
  return `${SERVER}/${name}`
}

async function before(url: string): Promise<Contents> {
  const store = await openStore(url)
  return contentsOf(store).finally(() => store.close())
}

async function upgrade(DATABASE_URL: string) {
  const env = { DATABASE_URL, DIDGATE_KEY: KEPT_KEY, DIDGATE_SEED: 'none' }
  const { config, problems } = readConfig(env, { dialects: [], serving: true })
  if (!config) throw new Error(problems.join('\n'))
  const database = await openDatabase(config)
  closing.push(() => database.store.close())
  return database
}

type Core = Awaited<ReturnType<typeof upgrade>>['core']

/** A client of then, with what it was given then: logs in, buys, and finds it among its own. */
async function buy(core: Core): Promise<string> {
  const config = { mode: 'double', publicUrl: undefined, trustProxy: false } as const
  const gateway = createGateway({ config, core, modules: dialectModules })
  const ask = async (form: Record<string, string>) => {
    const body = new URLSearchParams(form)
    const answer = await gateway.fetch(new Request('http://didgate.test/onsip/api', { method: 'POST', body }))
    return answer.text()
  }
  const Password = 'demo-ann-password'
  const opened = await ask({ Action: 'SessionCreate', Username: 'example_ann', Password })
  const SessionId = /<SessionId>([^<]+)/.exec(opened)?.[1] ?? ''
  const bought = await ask({ Action: 'DidRequest', SessionId, UserId: '501', Protocol: 'sip', 'NpaNxx[212789]': '1' })
  const id = /<DidId>\d+<\/DidId>/.exec(bought)?.[0] ?? `nothing was bought: ${bought}`
  expect(await ask({ Action: 'DidBrowse', SessionId, Limit: '100' })).toContain(id)
  return id
}

it('a version that is kept stays as it is, and is not made once more', async () => {
  const before = keptFile('0035', 'sqlite.db.gz')
  const script = resolve(import.meta.dirname, '../../scripts/keep-version.ts')
  const nowhere = ['--program', join(tmpdir(), 'no-program'), '--name', '0035']
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, ...nowhere])
  expect(stderr).toBe('0035 is kept already, and stays as it was: --again makes it anew\n')
  expect(keptFile('0035', 'sqlite.db.gz').equals(before)).toBe(true)
})

const ENGINES = engines(['sqlite', 'postgres']).filter(name => name !== 'pglite')

describe.each(ENGINES)('on %s', engine => {
  /** Of a new one. */
  let shape: string[] = []
  beforeAll(async () => {
    const fresh = await freshStore(engine)
    shape = await shapeOf(fresh.store).finally(fresh.drop)
  })

  describe.each(keptVersions())('a database of version %s', version => {
    let old: Contents
    let upgraded: Awaited<ReturnType<typeof upgrade>>
    beforeAll(async () => {
      const url = await (engine === 'sqlite' ? keptSqlite(version) : keptPostgres(version))
      old = await before(url)
      upgraded = await upgrade(url)
    })
    afterAll(closeAll)

    it('has the tables, columns and indexes of a new one', async () => {
      expect(shape).not.toEqual([])
      expect(await shapeOf(upgraded.store)).toEqual(shape)
    })

    it('opens, keeps its digest in every column that stays, and serves a purchase', async () => {
      const { store, core } = upgraded
      for (const table of ['leases', 'ledger_entries', 'orders', 'carts', 'calls', 'sessions', 'delivery_attempts'])
        expect(old.get(table)?.rows.length, `rows of ${table}`).toBeGreaterThan(0)
      const now = await contentsOf(store)
      for (const table of Object.keys(CHANGED)) expect(now.has(table), table).toBe(true)
      expect(digestsOf(now, old, CHANGED)).toEqual(digestsOf(old, old, CHANGED))
      expect((await core.invariants()).violations).toEqual([])
      await buy(core)
      expect((await core.invariants()).violations).toEqual([])
    })
  })
})
