/** DIDGATE_KEY is changed: what was sealed with the former one is sealed anew, however often that is broken off. */
import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { openStore } from '../../core/store/open.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core } from '../../core/verbs.ts'
import { keysFor } from '../../src/config/key.ts'
import { type EngineName, engines, freshStore } from '../support/engines.ts'
import { programFile } from '../support/program.ts'

const [FIRST, SECOND, THIRD] = ['first-key-first-key-1', 'second-key-second-key', 'third-key-third-key-3']
const USERS = 450

interface Keys {
  key: string
  oldKey?: string | undefined
}

/** A core as a start with these keys makes it. */
async function start(store: Store, { key, oldKey }: Keys): Promise<Core> {
  const keys = await keysFor({ key, oldKey, databaseUrl: 'sqlite:unused' }, store)
  return createCore({ store, clock: { now: Date.now }, ...keys })
}

async function fill(core: Core): Promise<number[]> {
  const { id } = await core.accounts.create(null, { name: 'Acme', currency: 'USD' })
  const organization = await core.directory.createOrganization(null, { accountId: id, domain: 'acme.example.com' })
  const make = (n: number) =>
    core.directory.createUser(null, {
      organizationId: organization.id,
      username: `user${n}`,
      authUsername: `user${n}`,
      role: 'user',
      sipPassword: `sip-${n}`,
    })
  const users = await Promise.all(Array.from({ length: USERS }, (_, n) => make(n)))
  await core.callbackSecrets.set(id, 'sinch', 'hmac-secret')
  const account = await core.accounts.get(id)
  if (!account) throw new Error('no account')
  const key = { key: 'once', fingerprint: 'print', field: 'key' }
  const caller = { ...core.accounts.callerFor(account), idempotency: key }
  await core.trunks.create(caller, { accountId: id, name: 'Main' })
  return users.map(user => user.id)
}

async function allOpen(core: Core, users: readonly number[]): Promise<void> {
  const opened = await Promise.all(users.map(id => core.directory.sipPassword(id)))
  expect(new Set(opened).size).toBe(USERS)
  expect(opened.every(text => text.startsWith('sip-'))).toBe(true)
  expect(await core.callbackSecrets.find(1, 'sinch')).toBe('hmac-secret')
  const account = await core.accounts.get(1)
  if (!account) throw new Error('no account')
  const key = { key: 'once', fingerprint: 'print', field: 'key' }
  const kept = await core.idempotency.earlier({ ...core.accounts.callerFor(account), idempotency: key })
  expect(kept).toMatchObject({ value: { name: 'Main' } })
}

describe.each(engines())('another key on %s', (engine: EngineName) => {
  let fresh: Awaited<ReturnType<typeof freshStore>>
  let users: number[]
  beforeAll(async () => {
    fresh = await freshStore(engine)
    users = await fill(await start(fresh.store, { key: FIRST }))
  })
  afterAll(() => fresh.drop())

  it('is refused alone; with the one before it is taken, and from then on both are needed', async () => {
    const { store } = fresh
    await expect(start(store, { key: SECOND })).rejects.toThrow('is not the key')
    await expect(start(store, { key: SECOND, oldKey: THIRD })).rejects.toThrow('is not the key')
    const core = await start(store, { key: SECOND, oldKey: FIRST })
    await allOpen(core, users)
    await expect(start(store, { key: FIRST })).rejects.toThrow('being changed')
    await expect(start(store, { key: SECOND })).rejects.toThrow('being changed')
    await expect(start(store, { key: THIRD, oldKey: SECOND })).rejects.toThrow('being changed')
  })

  it('seals all anew, broken off and begun again, while others read and change what is sealed', async () => {
    const { store } = fresh
    const core = await start(store, { key: SECOND, oldKey: FIRST })
    // a gateway that is to be restarted yet opens what is sealed with either key
    const before = await start(store, { key: FIRST, oldKey: SECOND })
    const ending = new AbortController()
    let steps = 0
    const broken = await core.sealed.reseal({
      signal: ending.signal,
      onStep: () => void (++steps === 2 && ending.abort()),
    })
    expect(broken).toMatchObject({ isOver: false, resealed: 200 })
    // half of it opens with the one, half with the other
    for (const key of [FIRST, SECOND]) await expect(start(store, { key })).rejects.toThrow('being changed')
    await allOpen(core, users)
    await allOpen(before, users)
    await core.callbackSecrets.set(1, 'sinch', 'hmac-secret')
    const [one, two] = await Promise.all([core.sealed.reseal(), core.sealed.reseal()])
    expect(one).toMatchObject({ isOver: true, unreadable: 0 })
    expect(two).toMatchObject({ isOver: true, unreadable: 0 })
    const alone = await start(store, { key: SECOND })
    await allOpen(alone, users)
    await expect(start(store, { key: FIRST })).rejects.toThrow('is not the key')
    expect(await core.sealed.reseal()).toEqual({ resealed: 0, unreadable: 0, isOver: true })
  })

  it('tokens and cursors of the former one hold while it is there', async () => {
    const { store } = fresh
    const now = await start(store, { key: SECOND })
    const { credential } = await now.credentials.create(null, { accountId: 1, realm: 'sinch', kind: 'key_pair' })
    const token = now.tokens.issue('sinch', credential, 60_000)
    const cursor = now.cursors.seal('list', { side: 'after', key: [7] })
    const next = await start(store, { key: THIRD, oldKey: SECOND })
    expect(await next.tokens.verify('sinch', token)).toMatchObject({ credential: { id: credential.id } })
    expect(next.cursors.open('list', cursor)).toEqual({ side: 'after', key: [7] })
    expect(await next.sealed.reseal()).toMatchObject({ isOver: true, resealed: USERS + 2 })
    const alone = await start(store, { key: THIRD })
    expect(await alone.tokens.verify('sinch', token)).toBe('invalid')
    expect(alone.cursors.open('list', cursor)).toBeUndefined()
    await allOpen(alone, users)
  })

  it('what neither opens is told, and both stay needed', async () => {
    const { store } = fresh
    await store.write(db => db.updateTable('users').set({ sip_password: 'c3BvaWxlZA==' }).where('id', '=', 1).execute())
    const core = await start(store, { key: FIRST, oldKey: THIRD })
    expect(await core.sealed.reseal()).toMatchObject({ isOver: false, unreadable: 1 })
    await expect(start(store, { key: FIRST })).rejects.toThrow('being changed')
  })
})

describe('didgate rotate-key', () => {
  it('killed at any moment it goes on where it is run again, and nothing is lost', async () => {
    const cli = await programFile('src/cli.ts')
    const folder = mkdtempSync(join(tmpdir(), 'didgate-key-'))
    const url = `sqlite:${join(folder, 'didgate.db')}`
    const store = await openStore(url)
    await store.migrate()
    const users = await fill(await start(store, { key: FIRST }))
    await store.close()
    const run = (killAfterMs: number | undefined) =>
      new Promise<{ code: number | null; out: string }>(done => {
        const env = { ...process.env, DATABASE_URL: url, DIDGATE_KEY: SECOND, DIDGATE_KEY_OLD: FIRST }
        const child = spawn(process.execPath, [cli, 'rotate-key'], { env })
        let out = ''
        child.stdout.on('data', data => {
          out += data
        })
        if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
        child.on('close', code => done({ code, out }))
      })
    for (const ms of [300, 450, 600]) await run(ms)
    const done = await run(undefined)
    expect([done.code, done.out]).toEqual([0, expect.stringContaining('sealed anew')])
    const again = await openStore(url)
    await allOpen(await start(again, { key: SECOND }), users)
    await again.close()
  }, 60_000)
})
