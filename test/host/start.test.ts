/** What a start refuses, and what it leaves on the disk. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { createProgram } from '../../src/commands/program.ts'
import { readConfig } from '../../src/config/config.ts'
import { openDatabase } from '../../src/process/database.ts'
import { engines, freshStore } from '../support/engines.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const temporary = () => mkdtempSync(join(tmpdir(), 'didgate-'))
const [KEY, OTHER] = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210']

function configOf(env: Record<string, string>) {
  const { config, problems } = readConfig({ DIDGATE_SEED: 'none', ...env }, { dialects: [], serving: true })
  if (!config) throw new Error(problems.join('\n'))
  return config
}

async function open(env: Record<string, string>) {
  const database = await openDatabase(configOf(env))
  closing.push(() => database.store.close())
  return database
}

/** A command of the binary, in this process. */
async function command(env: Record<string, string>, ...args: string[]): Promise<void> {
  const shell = {
    env,
    out: () => {},
    err: () => {},
    input: async () => '',
    isTerminal: false,
    untilStopped: async () => {},
  }
  await createProgram(shell).parseAsync(['node', 'didgate', ...args])
}

/** A database that a second process can open. */
async function shared(engine: string): Promise<string> {
  if (engine === 'sqlite') return `sqlite:${join(temporary(), 'didgate.db')}`
  const { url, drop } = await freshStore('postgres')
  closing.push(drop)
  return url
}

it('a folder that takes none below it is refused, and one that can be made is made for its owner alone', async () => {
  const [DIDGATE_KEY, folder] = [KEY, temporary()]
  const refused = 'the database at /proc/none/below/didgate.db cannot be opened or made'
  await expect(open({ DATABASE_URL: 'sqlite:/proc/none/below/didgate.db', DIDGATE_KEY })).rejects.toThrow(refused)
  await open({ DATABASE_URL: `sqlite:${folder}/a/b/didgate.db`, DIDGATE_KEY })
  for (const path of ['a', 'a/b']) expect(statSync(join(folder, path)).mode & 0o777).toBe(0o700)
})

for (const engine of engines(['sqlite', 'postgres']).filter(name => name !== 'pglite')) {
  describe(`a database on ${engine}`, () => {
    it('C13: is opened with the key it was sealed with, and with no other, by no command', async () => {
      const DATABASE_URL = await shared(engine)
      const { store, core } = await open({ DATABASE_URL, DIDGATE_KEY: KEY })
      await core.callbackSecrets.set(1, 'sinch', 'a secret')
      const other = { DATABASE_URL, DIDGATE_KEY: OTHER }
      const refused = 'DIDGATE_KEY is not the key that this database was sealed with'
      await expect(open(other)).rejects.toThrow(refused)
      await expect(command(other, 'account', 'list')).rejects.toThrow(refused)
      await expect(command(other, 'migrate')).rejects.toThrow(refused)
      await store.empty()
      await expect(open(other)).rejects.toThrow(refused)
      await open({ DATABASE_URL, DIDGATE_KEY: KEY })
    })

    it('C13: from before there was a check value is known by any secret it keeps', async () => {
      const DATABASE_URL = await shared(engine)
      const { store, core } = await open({ DATABASE_URL, DIDGATE_KEY: KEY })
      await core.callbackSecrets.set(1, 'sinch', 'a secret')
      await store.write(db => db.deleteFrom('key_check').execute())
      await expect(open({ DATABASE_URL, DIDGATE_KEY: OTHER })).rejects.toThrow('is not the key')
      const again = await open({ DATABASE_URL, DIDGATE_KEY: KEY })
      expect(await again.core.callbackSecrets.get(1, 'sinch')).toBe('a secret')
    })

    it('C13: of two first starts with different keys one is refused', async () => {
      const DATABASE_URL = await shared(engine)
      const starts = await Promise.allSettled([KEY, OTHER].map(DIDGATE_KEY => open({ DATABASE_URL, DIDGATE_KEY })))
      expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    })

    it('C21: of a newer version is refused with a sentence, by every command, and left as it is', async () => {
      const DATABASE_URL = await shared(engine)
      const { store } = await open({ DATABASE_URL, DIDGATE_KEY: KEY })
      await store.write(db => sql`INSERT INTO didgate_migrations (name) VALUES ('9999-later')`.execute(db))
      expect(await store.isMigrated()).toBe(false)
      const refused = /of a newer version of didgate \(it has 9999-later\)/
      await expect(open({ DATABASE_URL, DIDGATE_KEY: KEY })).rejects.toThrow(refused)
      await expect(command({ DATABASE_URL, DIDGATE_KEY: KEY }, 'migrate')).rejects.toThrow(refused)
      // also where an older migration of this version is missing
      await store.write(db => sql`DELETE FROM didgate_migrations WHERE name = '0005-held'`.execute(db))
      await expect(open({ DATABASE_URL, DIDGATE_KEY: KEY })).rejects.toThrow(refused)
    })
  })
}

describe('on the disk', () => {
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

  it('C13: a key file that is gone is asked for, and no new one is made', async () => {
    const folder = temporary()
    const DATABASE_URL = `sqlite:${join(folder, 'didgate.db')}`
    const { store } = await open({ DATABASE_URL })
    await store.close()
    closing.pop()
    rmSync(join(folder, 'didgate.key'))
    await expect(open({ DATABASE_URL })).rejects.toThrow('didgate.key is not there: restore it')
    expect(existsSync(join(folder, 'didgate.key'))).toBe(false)
    writeFileSync(join(folder, 'didgate.key'), OTHER)
    await expect(open({ DATABASE_URL })).rejects.toThrow(/the key in .*didgate.key is not the key/)
  })

  it('C23: database, log and key are for their owner alone, whatever the umask; so is a folder made for them', async () => {
    const before = process.umask(0)
    closing.push(async () => process.umask(before))
    const folder = join(temporary(), 'deep', 'data')
    const { store } = await open({ DATABASE_URL: `sqlite:${join(folder, 'didgate.db')}` })
    await store.write(db => db.insertInto('npa_versions').values({ npa: '212', version: 1 }).execute())
    expect([modeOf(folder), modeOf(join(folder, '..'))]).toEqual(['700', '700'])
    const files = readdirSync(folder)
    expect(files).toEqual(expect.arrayContaining(['didgate.db', 'didgate.db-wal', 'didgate.db-shm', 'didgate.key']))
    for (const file of files) expect([file, modeOf(join(folder, file))]).toEqual([file, '600'])
  })

  it('C23: files of an older version are closed to others, and a folder that was there is left alone', async () => {
    const folder = temporary()
    chmodSync(folder, 0o755)
    const path = join(folder, 'didgate.db')
    await (await openStore(`sqlite:${path}`)).close()
    writeFileSync(join(folder, 'didgate.key'), KEY)
    for (const file of ['didgate.db', 'didgate.key']) chmodSync(join(folder, file), 0o644)
    await open({ DATABASE_URL: `sqlite:${path}` })
    for (const file of readdirSync(folder)) expect([file, modeOf(join(folder, file))]).toEqual([file, '600'])
    expect(modeOf(folder)).toBe('755')
  })

  it('D14: a database in memory writes nothing', async () => {
    const before = process.cwd()
    process.chdir(temporary())
    closing.push(async () => process.chdir(before))
    const { core } = await open({ DATABASE_URL: 'sqlite::memory:' })
    await core.callbackSecrets.set(1, 'sinch', 'a secret')
    await command({ DATABASE_URL: 'sqlite::memory:' }, 'migrate')
    expect(readdirSync('.')).toEqual([])
  })
})
