/** What the doctor finds, and that it changes nothing and names no secret. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { examine } from '../../src/doctor/doctor.ts'
import { openDatabase } from '../../src/process/database.ts'
import { digest } from '../support/digest.ts'
import { engines, freshStore } from '../support/engines.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const KEY = '0123456789abcdef0123456789abcdef'

async function urlOn(engine: string): Promise<string> {
  if (engine === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'didgate-'))
    closing.push(() => rmSync(folder, { recursive: true, force: true }))
    return `sqlite:${join(folder, 'didgate.db')}`
  }
  const { url, drop } = await freshStore('postgres')
  closing.push(drop)
  return url
}

async function healthOf(env: Record<string, string>, wall?: () => number) {
  const findings = await examine({ PORT: '0', ADMIN_PORT: '0', ...env }, false, wall)
  expect(JSON.stringify(findings)).not.toContain(KEY)
  return Object.fromEntries(findings.map(({ check, health }) => [check, health]))
}

for (const engine of engines(['sqlite', 'postgres']).filter(name => name !== 'pglite')) {
  it(`finds a wrong key and a newer version on ${engine}`, async () => {
    const env = { DATABASE_URL: await urlOn(engine), DIDGATE_KEY: KEY, DIDGATE_SEED: 'none' }
    const { config } = readConfig(env, { dialects: [], serving: false })
    if (!config) throw new Error('no settings')
    const { store, core } = await openDatabase(config)
    closing.push(() => store.close())
    await core.callbackSecrets.set(1, 'sinch', 'a secret')
    const before = await digest(store)
    expect(await healthOf(env)).toMatchObject({ schema: 'ok', key: 'ok', clock: 'ok', invariants: 'ok' })
    expect(await healthOf({ ...env, DIDGATE_KEY: 'fedcba9876543210fedcba9876543210' })).toMatchObject({ key: 'broken' })
    expect(await digest(store)).toBe(before)
    if (engine === 'postgres') {
      expect(await healthOf(env, () => Date.now() - 3_600_000)).toMatchObject({ clock: 'broken' })
    }
    await store.write(db => sql`INSERT INTO npa_versions (npa, version) VALUES ('212', 1)`.execute(db))
    await store.write(db => sql`INSERT INTO didgate_migrations (name) VALUES ('9999-later')`.execute(db))
    expect(await healthOf(env)).toMatchObject({ schema: 'broken', invariants: 'unknown' })
    await store.write(db => sql`DELETE FROM didgate_migrations WHERE name = '9999-later'`.execute(db))
  })
}

describe('where there is no database', () => {
  it('says so, tells the same checks, and makes none', async () => {
    const away = await healthOf({ DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/none', DIDGATE_SEED: 'none' })
    expect(away).toMatchObject({ settings: 'ok', database: 'broken', schema: 'unknown', invariants: 'unknown' })
    const none = await healthOf({ DATABASE_URL: 'sqlite:/no/such/folder/didgate.db', DIDGATE_SEED: 'none' })
    expect(Object.keys(none)).toEqual(Object.keys(away))
    expect(await healthOf({ PORT: 'x' })).toMatchObject({ settings: 'broken', gateway: 'unknown' })
  })
})
