/** Secrets that take the place of others: how long the old one holds beside the new, and what ends with it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { NewCredential } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, DAY, market, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const HOUR = 3_600_000

describe.each(engines())('rotation on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  /** Without surfaces, which would say what they can keep. */
  const open = async () => {
    const opened = await worlds.open(market([]))
    w = { ...opened, core: createCore({ store: opened.store, clock: opened.core.clock, key: 'test' }) }
    return w.core.credentials
  }
  const make = async (secret: string, more: Partial<NewCredential> = {}) => {
    const pair = { accountId: ACME, realm: 'sinch', kind: 'key_pair', publicId: 'one', secret } as const
    return (await w.core.credentials.create(null, { ...pair, ...more })).credential
  }
  const rotate = async (id: number, secret: string, overlapMs = HOUR) =>
    (await w.core.credentials.rotate(null, id, secret, { overlapMs })).credential
  /** Ids of those that these secrets open. */
  const opened = (publicId: string, ...secrets: string[]) =>
    Promise.all(
      secrets.map(async each => (await w.core.credentials.verifyPair('sinch', publicId, each))?.credential.id),
    )
  const later = (ms: number) => w.setClockOnly(w.core.clock.now() + ms)

  it('the old secret holds until its last moment, the new one for good, and others are not touched', async () => {
    await open()
    const old = await make('old', { role: 'user', scopes: ['numbers:read'], name: 'Ann’s' })
    const beside = [await make('beside'), await make('other', { publicId: 'two', accountId: OTHER })]
    later(DAY)
    const next = await rotate(old.id, 'next')
    const createdAt = w.core.clock.now()
    expect(next).toEqual({ ...old, id: next.id, createdAt, generation: next.generation })
    for (const ms of [0, HOUR - 1]) {
      later(ms)
      expect(await opened('one', 'old', 'next', 'beside')).toEqual([old.id, next.id, beside[0]?.id])
    }
    later(1)
    expect(await opened('one', 'old', 'next', 'beside')).toEqual([undefined, next.id, beside[0]?.id])
    expect(await opened('two', 'other')).toEqual([beside[1]?.id])
    expect((await w.core.credentials.list(ACME)).find(({ id }) => id === old.id)?.endsAt).toBe(createdAt + HOUR)
  })

  it('a bare key and the one in its place open both for the while, each by itself', async () => {
    const credentials = await open()
    const old = await make('old-key', { kind: 'key' })
    const next = await rotate(old.id, 'next-key')
    const keys = () =>
      Promise.all(['old-key', 'next-key'].map(async key => (await credentials.verifyKey('sinch', key))?.credential.id))
    expect(await keys()).toEqual([old.id, next.id])
    later(HOUR)
    expect(await keys()).toEqual([undefined, next.id])
  })

  it('what was issued from a secret ends with it, and what ends sooner is not prolonged', async () => {
    await open()
    const old = await make('old')
    const child = await make('child', { publicId: 'child', issuedFrom: old.id })
    const other = await make('other', { publicId: 'other', issuedFrom: (await make('else')).id })
    const sooner = await rotate(child.id, 'child-next', HOUR / 2)
    await rotate(old.id, 'next')
    const secrets = ['child', 'child-next']
    expect(await opened('child', ...secrets)).toEqual([child.id, sooner.id])
    later(HOUR / 2)
    expect(await opened('child', ...secrets)).toEqual([undefined, sooner.id])
    later(HOUR / 2)
    expect(await opened('child', ...secrets)).toEqual([undefined, undefined])
    expect(await opened('other', 'other')).toEqual([other.id])
  })

  it('a secret is replaced once, by one that its name has not, and only while its name has room', async () => {
    const credentials = await open()
    const first = await make('s0')
    const all = [first]
    for (let n = 1; n < 9; n++) all.push(await make(`s${n}`))
    await expect(rotate(first.id, 's1')).rejects.toMatchObject({ code: 'name_taken', details: { name: 'secret' } })
    await rotate(first.id, 's9')
    const state = expect.stringContaining(new Date(w.core.clock.now() + HOUR).toISOString())
    const replaced = { code: 'wrong_state', details: { what: 'credential', id: String(first.id), state } }
    for (const overlap of [HOUR, 0]) await expect(rotate(first.id, 'x', overlap)).rejects.toMatchObject(replaced)
    const second = all[1]?.id ?? 0
    const full = { code: 'limit_reached', details: { limit: 10 } }
    await expect(rotate(second, 's10')).rejects.toMatchObject(full)
    await rotate(second, 's10', 0)
    await make('elsewhere', { realm: 'vobiz' })
    await rotate((await make('two', { publicId: 'two' })).id, 'two-next')
    await credentials.revoke(null, all[2]?.id ?? 0)
    await rotate(second, 's11')
    expect(await opened('one', 's0', 's1', 's2', 's10', 's11')).toEqual([
      ...[first.id, undefined, undefined, second],
      expect.any(Number),
    ])
    await expect(rotate(all[3]?.id ?? 0, 's12')).rejects.toMatchObject(full)
    later(HOUR)
    await rotate(all[3]?.id ?? 0, 's12')
  })
})
