/** `didgate doctor` as an operator runs it: each kind of finding with its words and exit status, and no secret. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import type { Store } from '../../core/store/store.ts'
import { readConfig } from '../../src/config/config.ts'
import { demoWorldFolder } from '../../src/config/package-files.ts'
import { createLog } from '../../src/logs/log.ts'
import { startDidgate } from '../../src/main.ts'
import { hasOpenssl, makeCertificate } from '../support/certificate.ts'
import { engines, freshStore } from '../support/engines.ts'
import { runCommand } from '../support/run-command.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const KEY = '0123456789abcdef0123456789abcdef'
const OTHER = 'fedcba9876543210fedcba9876543210'
const NONE = { PORT: '0', ADMIN_PORT: '0', DIDGATE_SEED: 'none' }

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function urlOn(engine: string): Promise<string> {
  if (engine === 'sqlite') return `sqlite:${join(temporary(), 'didgate.db')}`
  const { url, drop } = await freshStore('postgres')
  closing.push(drop)
  return url
}

/** The lines of what it says, by what was looked at. */
async function doctor(env: Record<string, string>) {
  const { code, out, err } = await runCommand({ ...NONE, ...env }, 'doctor')
  expect(err).toBe('')
  expect(out).not.toMatch(new RegExp(`${KEY}|${OTHER}`))
  const lines = out.trim().split('\n')
  const says = Object.fromEntries(
    lines.map(line => [line.slice(9, 20).trim(), line.slice(0, 8).trim() + line.slice(20)]),
  )
  expect(Object.keys(says)).toHaveLength(10)
  return { code, says }
}

async function changed(url: string, change: (store: Store) => Promise<unknown>): Promise<void> {
  const store = await openStore(url)
  await change(store).finally(() => store.close())
}

/** The demo world on an engine, with nobody using it. */
async function demo(engine: string) {
  const env = { DATABASE_URL: await urlOn(engine), DIDGATE_KEY: KEY }
  expect((await runCommand(env, 'seed', demoWorldFolder())).code).toBe(0)
  return env
}

for (const engine of engines(['sqlite', 'postgres']).filter(name => name !== 'pglite')) {
  describe(`doctor on ${engine}`, () => {
    it('ends with 0 where all is well, 1 for what wants attention, and 2 for what is broken', async () => {
      const env = await demo(engine)
      expect(await doctor(env)).toMatchObject({ code: 0, says: { key: expect.stringMatching(/^ok .*sealed with$/) } })
      expect((await doctor({ ...env, DIDGATE_KEY: OTHER })).code).toBe(2)
      const both = { ...env, DIDGATE_KEY: OTHER, DIDGATE_KEY_OLD: KEY }
      const change = 'warning the key is being changed: a start with both keys goes on'
      expect(await doctor(both)).toMatchObject({ code: 1, says: { key: change } })
      await changed(env.DATABASE_URL, store =>
        store.write(db =>
          db
            .insertInto('deliveries')
            .values({
              ...{ event_id: 1, account_id: 12, dialect: 'wavix', url: 'http://example.com', method: 'POST' },
              ...{ headers: '{}', body: '', status: 'failed', next_attempt_at: null, created_at: Date.now() },
              lane: 'x',
            })
            .execute(),
        ),
      )
      const callbacks = 'warning 1 were given up within a day'
      expect(await doctor(env)).toMatchObject({
        code: 1,
        says: { callbacks, invariants: expect.stringMatching(/^ok/) },
      })
      await changed(env.DATABASE_URL, store =>
        store.write(db => sql`UPDATE balances SET balance = balance + 1`.execute(db)),
      )
      expect(await doctor(env)).toMatchObject({ code: 2, says: { invariants: expect.stringMatching(/^broken 7 \(/) } })
    })

    it('a clock that was moved is broken in production alone', async () => {
      const env = await demo(engine)
      await changed(env.DATABASE_URL, store =>
        store.write(db => db.insertInto('clock').values({ id: 1, offset_ms: 86_400_000, frozen_at: null }).execute()),
      )
      expect(await doctor(env)).toMatchObject({ code: 0, says: { clock: 'ok the test clock was moved' } })
      const production = { ...env, DIDGATE_MODE: 'production', DIDGATE_ADMIN_TOKEN: OTHER }
      const clock = 'broken the test clock of this database was moved: not for production'
      expect(await doctor(production)).toMatchObject({ code: 2, says: { clock } })
    })

    it('wrong settings are told as a start tells them, and the data is looked at all the same', async () => {
      const env = await demo(engine)
      const folder = temporary()
      writeFileSync(join(folder, 'url'), env.DATABASE_URL)
      writeFileSync(join(folder, 'key'), KEY)
      const files = { DATABASE_URL_FILE: join(folder, 'url'), DIDGATE_KEY_FILE: join(folder, 'key') }
      const { code, says } = await doctor({ ...files, TLS_KEY: join(folder, 'none'), PORT: 'x' })
      expect(code).toBe(2)
      expect(says).toMatchObject({
        settings: `broken PORT: must be a port number, 0 to 65535, not "x"; TLS_KEY: cannot read ${join(folder, 'none')}; TLS_CERT, TLS_KEY: both are needed for HTTPS, or neither`,
        gateway: 'unknown not looked at: the settings are wrong',
        database: `ok ${engine} answers`,
        invariants: expect.stringMatching(/^ok all/),
      })
    })
  })
}

describe('doctor on a file', () => {
  it('tells what is damaged, what others may read, and how to make one that is not there', async () => {
    const env = await demo('sqlite')
    const path = env.DATABASE_URL.slice('sqlite:'.length)
    chmodSync(path, 0o644)
    expect(await doctor(env)).toMatchObject({
      code: 1,
      says: { files: expect.stringContaining(`warning others may read ${path}`) },
    })
    chmodSync(path, 0o600)
    const help = 'it is damaged; didgate restore --force FILE puts a backup in its place'
    writeFileSync(path, readFileSync(path).fill(0xff, 4096))
    const malformed = `${path}: database disk image is malformed: ${help}`
    expect(await doctor(env)).toMatchObject({ code: 2, says: { database: `broken ${malformed}` } })
    expect((await runCommand(env, 'migrate')).err).toBe(`didgate: ${malformed}\n`)
    writeFileSync(path, 'no database at all, but text that is long enough'.repeat(100))
    const none = `broken ${path}: file is not a database: ${help}`
    expect(await doctor(env)).toMatchObject({ code: 2, says: { database: none } })
    writeFileSync(path, '')
    const schema = 'warning the database is empty: the next start, or didgate migrate, makes its tables'
    expect(await doctor(env)).toMatchObject({ code: 1, says: { schema } })
    rmSync(path)
    const database = `broken there is no database at ${path}; if DATABASE_URL is right, didgate migrate makes it`
    expect(await doctor(env)).toMatchObject({ code: 2, says: { database } })
  })
})

describe('doctor and ready', () => {
  async function serving(more: Record<string, string>) {
    const env = { ...NONE, DATABASE_URL: await urlOn('sqlite'), DIDGATE_KEY: KEY, ...more }
    const { config, problems } = readConfig(env, { dialects: [], serving: true })
    if (!config) throw new Error(problems.join('\n'))
    const { addresses, close } = await startDidgate(config, { log: createLog('silent') })
    closing.push(close)
    return { ...env, ADMIN_PORT: new URL(addresses.admin).port }
  }

  it('ask the gateway where it is, over HTTP', async () => {
    const env = await serving({})
    const gateway = `ok ready at http://127.0.0.1:${env.ADMIN_PORT}`
    expect(await doctor(env)).toMatchObject({ code: 0, says: { gateway } })
    expect(await runCommand(env, 'ready')).toEqual({ code: 0, out: 'ready\n', err: '' })
  })

  it.skipIf(!hasOpenssl)('and over HTTPS', async () => {
    const { cert, key } = makeCertificate(temporary(), 'admin')
    const env = await serving({ ADMIN_TLS_CERT: cert, ADMIN_TLS_KEY: key })
    const gateway = `ok ready at https://127.0.0.1:${env.ADMIN_PORT}`
    expect(await doctor(env)).toMatchObject({ code: 0, says: { gateway } })
    expect(await runCommand(env, 'ready')).toMatchObject({ code: 0 })
  })

  it('know another program, and whose port is taken', async () => {
    const server = createServer((_, response) => response.end('{"hello":true}'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => server.close())
    const port = String((server.address() as AddressInfo).port)
    const env = { ...(await demo('sqlite')), ...NONE }
    const gateway = `broken something else than didgate answers at http://127.0.0.1:${port} (ADMIN_PORT)`
    expect(await doctor({ ...env, ADMIN_PORT: port })).toMatchObject({ code: 2, says: { gateway } })
    const err = `didgate: not ready: http://127.0.0.1:${port} (ADMIN_HOST, ADMIN_PORT): another program answers\n`
    expect(await runCommand({ ...env, ADMIN_PORT: port }, 'ready')).toEqual({ code: 1, out: '', err })
    const taken = `127.0.0.1:${port} is in use by another program: stop it, or set PORT`
    const none = `broken no gateway runs, and none could start: ${taken}`
    expect(await doctor({ ...env, PORT: port })).toMatchObject({ code: 2, says: { gateway: none } })
  })
})
