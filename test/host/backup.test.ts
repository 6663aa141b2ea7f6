/** What keeps the data: copies while others write, the way back, and what neither ever does. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import type { Store } from '../../core/store/store.ts'
import { checkInvariants } from '../../core/upkeep/invariants.ts'
import { howToDump, howToLoad } from '../../src/backup/postgres-tools.ts'
import { createProgram } from '../../src/commands/program.ts'
import type { Shell } from '../../src/commands/shell.ts'
import { readConfig } from '../../src/config/config.ts'
import { demoWorldFolder } from '../../src/config/package-files.ts'
import { openDatabase } from '../../src/process/database.ts'
import { shopper, shopWorld } from '../adapters/onsip/shop.ts'
import { digest } from '../support/digest.ts'
import { freshStore, postgresIsHere } from '../support/engines.ts'
import { SERVER } from '../support/postgres-schemas.ts'
import { startServer, workFolder } from '../support/process.ts'
import { runCommand } from '../support/run-command.ts'
import { KEPT_KEY, keptFile, keptVersions } from '../support/versions.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const temporary = () => {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
/** A folder that may not be written: for root there is none but that of the kernel. */
function closedFolder(): string {
  if (process.getuid?.() === 0) return '/sys'
  const folder = temporary()
  chmodSync(folder, 0o500)
  return folder
}
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const KEY = '0123456789abcdef0123456789abcdef'

async function digestOf(url: string): Promise<string> {
  const store = await openStore(url)
  try {
    return await digest(store)
  } finally {
    await store.close()
  }
}

/** A demo world on the disk, with nobody using it. */
async function demo() {
  const folder = temporary()
  const path = join(folder, 'didgate.db')
  const env = { DATABASE_URL: `sqlite:${path}` }
  expect((await runCommand(env, 'seed', demoWorldFolder())).code).toBe(0)
  return { folder, path, env, file: join(folder, 'backup.db') }
}

/** Something in the database that is not in a backup made before. */
async function change(url: string): Promise<void> {
  const store = await openStore(url)
  await store.write(db => db.insertInto('npa_versions').values({ npa: '999', version: 7 }).execute())
  await store.close()
}

describe('backup', () => {
  it('of a gateway under load is of one moment: no purchase is half in it, and all acknowledged before are', async () => {
    const { folder, seed, remove } = workFolder(shopWorld(4000, '100000.00'))
    closing.push(remove)
    const url = `sqlite:${join(folder, 'didgate.db')}`
    const server = await startServer({ DATABASE_URL: url, DIDGATE_SEED: seed })
    closing.push(() => server.kill())
    const { login, buy } = shopper(server.url)
    const session = await login()
    const state = { bought: 0, slowest: 0, isOn: true }
    const buyer = async () => {
      while (state.isOn) {
        const asked = performance.now()
        if (await buy(session)) state.bought++
        state.slowest = Math.max(state.slowest, performance.now() - asked)
      }
    }
    const buyers = Promise.all([1, 2, 3, 4].map(buyer))
    while (state.bought < 100) await new Promise(setImmediate)
    const before = state.bought
    const file = join(folder, 'backup.db')
    const made = await runCommand({ DATABASE_URL: url }, 'backup', file)
    const after = state.bought
    state.isOn = false
    await buyers
    expect(made).toMatchObject({ code: 0, err: '', out: expect.stringContaining('invariants hold') })
    expect(made.out).toContain(`the key in ${join(folder, 'didgate.key')}`)
    expect(modeOf(file)).toBe('600')
    expect(readdirSync(folder).filter(name => name.includes('backup'))).toEqual(['backup.db'])
    const copy = await openStore(`sqlite:${file}`)
    closing.push(() => copy.close())
    const leases = await copy.read(db => db.selectFrom('leases').select('id').execute())
    expect(leases.length).toBeGreaterThanOrEqual(before)
    expect(leases.length).toBeLessThanOrEqual(after + 4)
    expect(await copy.read(checkInvariants)).toMatchObject({ ok: true })
    expect(after).toBeGreaterThan(before)
    process.stdout.write(`slowest purchase beside a backup: ${state.slowest.toFixed(0)} ms\n`)
  })

  it('holds what the database holds, to the byte of every column', async () => {
    const { env, file } = await demo()
    const said = JSON.parse((await runCommand(env, 'backup', file, '--json')).out)
    expect(said).toMatchObject({ file, older: 0, notChecked: null, bytes: statSync(file).size })
    expect(await digestOf(`sqlite:${file}`)).toBe(await digestOf(env.DATABASE_URL))
  })

  it('copies the key only when asked, for its owner alone', async () => {
    const { env, file, folder } = await demo()
    expect(existsSync(`${file}.key`)).toBe(false)
    await runCommand(env, 'backup', file, '--with-key')
    expect(readFileSync(`${file}.key`, 'utf8')).toBe(readFileSync(join(folder, 'didgate.key'), 'utf8'))
    expect(modeOf(`${file}.key`)).toBe('600')
    const other = await runCommand({ ...env, DIDGATE_KEY: KEY }, 'backup', `${file}2`, '--with-key')
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('the key is in DIDGATE_KEY') })
    const odd = await runCommand({ ...env, DIDGATE_KEY: KEY }, 'backup', `${file}3`)
    expect(odd.out).toContain('it is not sealed with DIDGATE_KEY: look for the right one')
  })

  it('overwrites nothing, makes no database, and leaves nothing where it fails', async () => {
    const { env, file, folder, path } = await demo()
    writeFileSync(file, 'mine')
    expect((await runCommand(env, 'backup', file)).err).toContain('is there already, and nothing is overwritten')
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect((await runCommand(env, 'backup', path)).code).toBe(1)
    const none = join(folder, 'none.db')
    const missing = await runCommand({ DATABASE_URL: `sqlite:${none}` }, 'backup', join(folder, 'x.db'))
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining(`there is no database at ${none}; if`) })
    expect((await runCommand(env, 'backup', join(folder, 'no', 'x.db'))).err).toContain('there is no folder')
    const closed = closedFolder()
    const refused = await runCommand(env, 'backup', join(closed, 'x.db'))
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toMatch(/^didgate: (\S+) may not be written by this user \(E\w+\): .*choose another folder\n$/)
    expect(refused.err).toContain(`${closed} may`)
    const text = join(folder, 'text.db')
    writeFileSync(text, 'no database at all, but text that is long enough to be one page of something'.repeat(100))
    expect((await runCommand({ DATABASE_URL: `sqlite:${text}` }, 'backup', join(folder, 'x.db'))).code).toBe(1)
    expect((await runCommand({ DATABASE_URL: 'sqlite::memory:' }, 'backup', join(folder, 'x.db'))).code).toBe(2)
    expect(readdirSync(folder).filter(name => /x\.db|none|part/.test(name))).toEqual([])
  })

  it('that is broken off, or breaks an invariant, or is damaged leaves no file', async () => {
    const { env, file, folder, path } = await demo()
    const silent = { out: () => {}, err: () => {}, input: async () => '' }
    const shell: Shell = { env, ...silent, isTerminal: false, untilStopped: async () => {} }
    const broken = createProgram(shell).parseAsync(['node', 'didgate', 'backup', file])
    await expect(broken).rejects.toThrow('broken off')
    const store = await openStore(env.DATABASE_URL)
    await store.write(db => sql`UPDATE balances SET balance = balance + 1`.execute(db))
    await store.close()
    expect((await runCommand(env, 'backup', file)).err).toMatch(/breaks invariants: 7 \(/)
    const bytes = readFileSync(path)
    bytes.fill(0xff, 20 * 4096, 40 * 4096)
    writeFileSync(path, bytes)
    expect((await runCommand(env, 'backup', file)).err).toMatch(/is damaged: |malformed/)
    expect(readdirSync(folder).filter(name => name.includes('backup'))).toEqual([])
  })
})

describe('restore', () => {
  it('says which folder may not be written', async () => {
    const { env, file } = await demo()
    expect((await runCommand(env, 'backup', file)).code).toBe(0)
    const closed = closedFolder()
    for (const path of [join(closed, 'x.db'), join(closed, 'new', 'x.db')]) {
      const refused = await runCommand({ DATABASE_URL: `sqlite:${path}` }, 'restore', file)
      expect(refused.err).toContain(`${dirname(path)} may not be written by this user`)
      expect(refused.code).toBe(1)
    }
  })

  it('brings back what was there, keeps what is there now, and takes its time of whoever runs', async () => {
    const { env, file, path, folder } = await demo()
    const before = await digestOf(env.DATABASE_URL)
    await runCommand(env, 'backup', file)
    await change(env.DATABASE_URL)
    const changed = await digestOf(env.DATABASE_URL)
    expect((await runCommand(env, 'restore', file)).err).toContain('there is a database at')
    const { config } = readConfig(env, { dialects: [], serving: false })
    if (!config) throw new Error('no settings')
    const user = await openDatabase(config)
    const refused = await runCommand(env, 'restore', file, '--force')
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('is in use: stop the gateway') })
    await user.store.close()
    expect(await digestOf(env.DATABASE_URL)).toBe(changed)
    const done = await runCommand(env, 'restore', file, '--force', '--json')
    expect(done).toMatchObject({ code: 0, err: '' })
    const [aside = ''] = JSON.parse(done.out).aside
    expect([await digestOf(env.DATABASE_URL), await digestOf(`sqlite:${aside}`)]).toEqual([before, changed])
    expect(modeOf(path)).toBe('600')
    expect(readdirSync(folder).filter(name => name.endsWith('.part'))).toEqual([])
    await (await openDatabase(config)).store.close()
  })

  it('into an empty folder needs the key that fits, and puts it in place', async () => {
    const { env, file } = await demo()
    await runCommand(env, 'backup', file, '--with-key')
    const folder = join(temporary(), 'new')
    const fresh = { DATABASE_URL: `sqlite:${join(folder, 'didgate.db')}` }
    expect((await runCommand(fresh, 'restore', file)).err).toContain('give its file by --key')
    expect((await runCommand({ ...fresh, DIDGATE_KEY: KEY }, 'restore', file)).err).toContain('sealed with another key')
    expect((await runCommand({ ...fresh, DIDGATE_KEY: KEY }, 'restore', file, '--key', `${file}.key`)).err).toContain(
      'leave --key out',
    )
    expect((await runCommand(fresh, 'restore', file, '--key', `${file}.none`)).err).toContain('there is no key in')
    expect(readdirSync(folder)).toEqual([])
    expect(await runCommand(fresh, 'restore', file, '--key', `${file}.key`)).toMatchObject({ code: 0 })
    expect(readdirSync(folder).sort()).toEqual(['didgate.db', 'didgate.key'])
    expect(modeOf(join(folder, 'didgate.key'))).toBe('600')
    expect((await runCommand(fresh, 'account', 'list')).out).toContain('Acme')
  })

  it('refuses what is damaged, no database, half a copy, or of a newer version, and changes nothing', async () => {
    const { env, file, folder, path } = await demo()
    await runCommand(env, 'backup', file)
    const before = readFileSync(path)
    const bad = (name: string, change: (copy: string) => void) => {
      const copy = join(folder, name)
      copyFileSync(file, copy)
      change(copy)
      return runCommand(env, 'restore', copy, '--force')
    }
    const torn = (copy: string) => writeFileSync(copy, readFileSync(copy).subarray(0, 200_000))
    expect((await bad('torn', torn)).err).toMatch(/damaged|malformed/)
    expect((await bad('text', copy => writeFileSync(copy, 'text'.repeat(5000)))).err).toMatch(/not a database/)
    expect((await bad('live', copy => writeFileSync(`${copy}-wal`, 'log'))).err).toContain('is a database in use')
    const later = await openStore(`sqlite:${file}`)
    await later.write(db => sql`INSERT INTO didgate_migrations (name) VALUES ('9999-later')`.execute(db))
    await later.close()
    const newer = /of a newer version of didgate \(it has 9999-later\)/
    expect((await runCommand(env, 'restore', file, '--force')).err).toMatch(newer)
    expect((await runCommand({ DATABASE_URL: `sqlite:${file}` }, 'backup', join(folder, 'second'))).err).toMatch(newer)
    expect((await runCommand(env, 'restore', join(folder, 'none'), '--force')).err).toContain('there is no file')
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(folder).filter(name => /part|before|second/.test(name))).toEqual([])
  })

  it.each(keptVersions())('brings back a backup of version %s, which the next start migrates', async version => {
    const folder = temporary()
    const file = join(folder, 'old.backup')
    writeFileSync(file, keptFile(version, 'sqlite.db.gz'))
    const env = { DATABASE_URL: `sqlite:${join(folder, 'didgate.db')}`, DIDGATE_KEY: KEPT_KEY, DIDGATE_SEED: 'none' }
    const wrong = await runCommand({ ...env, DIDGATE_KEY: KEPT_KEY.replace('0', '1') }, 'restore', file)
    expect(wrong.err).toContain('was sealed with another key; set that as DIDGATE_KEY')
    const done = await runCommand(env, 'restore', file)
    expect(done).toMatchObject({
      code: 0,
      out: expect.stringMatching(/\d+ migrations behind, which the next start runs/),
    })
    const old = await runCommand(env, 'doctor')
    expect(old).toMatchObject({ code: 1, out: expect.stringMatching(/^warning {2}schema {6}00/m) })
    // one of a database that no start has migrated yet is as old
    const again = await runCommand(env, 'backup', join(folder, 'again.backup'))
    expect(again.out).toContain('invariants not checked: it is of an older version')
    expect(await runCommand(env, 'migrate')).toMatchObject({ code: 0 })
    expect((await runCommand(env, 'doctor')).out).toMatch(/^ok {7}invariants {2}all \d+ hold; the file is whole$/m)
    expect((await runCommand(env, 'restore', join(folder, 'again.backup'), '--force')).code).toBe(0)
    expect((await runCommand(env, 'account', 'list')).out).toContain('Acme')
  })

  it('replaces a database that is damaged, and keeps it', async () => {
    const { env, file, path, folder } = await demo()
    const before = await digestOf(env.DATABASE_URL)
    await runCommand(env, 'backup', file)
    writeFileSync(path, 'rubbish'.repeat(3000))
    expect(await runCommand(env, 'restore', file, '--force')).toMatchObject({ code: 0 })
    expect(await digestOf(env.DATABASE_URL)).toBe(before)
    const kept = readdirSync(folder).find(name => name.startsWith('didgate.db.before-')) ?? ''
    expect(readFileSync(join(folder, kept), 'utf8')).toMatch(/^rubbish/)
  })
})

describe('on PostgreSQL', () => {
  it('both say which tools to use, end with 2, and name no password', async () => {
    const DATABASE_URL =
      "postgres://me:s3cr:et@p@db1,db2:5433/num'bers?sslmode=require&password=s3cr&application_name=x"
    for (const args of [
      ['backup', '/b/file'],
      ['restore', '/b/file'],
    ]) {
      const { code, out, err } = await runCommand({ DATABASE_URL }, ...args)
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(args[0] === 'backup' ? /pg_dump .*\n.*\n.*pg_basebackup / : /pg_restore /)
      expect(err).toContain(`--dbname='postgres://me@db1,db2:5433/num'\\''bers?sslmode=require'`)
      expect(err).not.toContain('s3cr')
    }
  })

  /** A database of its own, as an operator makes one. */
  async function newDatabase(): Promise<string> {
    const name = `didgate_${randomBytes(6).toString('hex')}`
    await query(`${SERVER}/test`, `CREATE DATABASE ${name}`)
    closing.push(() => query(`${SERVER}/test`, `DROP DATABASE ${name} WITH (FORCE)`))
    return `${SERVER}/${name}`
  }

  /** Keeps what is at one place and brings it back at another, by the commands that are told. */
  async function keepAndBringBack(from: string, to: string): Promise<void> {
    const file = join(temporary(), 'dump')
    await shellOf(howToDump(from, file), 'pg_dump')
    await shellOf(howToLoad(to, file), 'psql', 'pg_restore')
    expect(await digestOf(to)).toBe(await digestOf(from))
  }

  it.skipIf(!postgresIsHere)('the commands that they name keep and bring back every column of a schema', async () => {
    const { store, url, drop } = await freshStore('postgres')
    closing.push(drop)
    await fill(store)
    const [, query = ''] = url.split('?')
    await keepAndBringBack(url, `${await newDatabase()}?${query}`)
  })

  it.skipIf(!postgresIsHere)('and of a database of its own', async () => {
    const url = await newDatabase()
    const store = await openStore(url)
    await store.migrate()
    await fill(store)
    await store.close()
    await keepAndBringBack(url, await newDatabase())
  })
})

async function fill(store: Store): Promise<void> {
  await store.write(db => db.insertInto('npa_versions').values({ npa: '212', version: 3 }).execute())
  await store.write(db => db.insertInto('clock').values({ id: 1, offset_ms: 5, frozen_at: null }).execute())
}

/** Runs those lines of an advice that begin with one of these tools. */
async function shellOf(advice: string, ...tools: string[]): Promise<void> {
  const lines = advice.split('\n').filter(line => tools.some(tool => line.trim().startsWith(`${tool} `)))
  expect(lines).toHaveLength(tools.length)
  for (const line of lines) await promisify(execFile)('sh', ['-c', line])
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(text)
  await client.end()
}
