/** Sessions slide and end by the clock; attempts to log in are counted before they are judged. */
import { afterEach, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { openStore } from '../../core/store/open.ts'
import type { Core } from '../../core/verbs.ts'
import { engines, freshStore } from '../support/engines.ts'
import { checkEachPassword } from '../support/known-digests.ts'

checkEachPassword()

const START = Date.UTC(2026, 5, 1)
const MINUTE = 60_000

let drop: () => Promise<void> = async () => {}
afterEach(() => drop())

interface Bench {
  cores: [Core, Core]
  at(seconds: number): void
}

/** Two processes over one database: caches of their own, and on PostgreSQL connections of their own. */
async function bench(engine: ReturnType<typeof engines>[number], sessionTtlMs?: number): Promise<Bench> {
  const { store, url, drop: end } = await freshStore(engine)
  const second = engine === 'postgres' ? await openStore(url) : store
  drop = async () => {
    if (second !== store) await second.close()
    await end()
  }
  let now = START
  const ttl = sessionTtlMs === undefined ? {} : { sessionTtlMs }
  const [here, there] = [store, second].map(each =>
    createCore({ store: each, clock: { now: () => now }, key: 'test', ...ttl }),
  )
  if (!here || !there) throw new Error('no cores')
  const { id } = await here.accounts.create(null, { name: 'Acme' })
  const { id: organizationId } = await here.directory.createOrganization(null, { accountId: id, domain: 'a.example' })
  const user = { organizationId, username: 'ann', authUsername: 'ann', role: 'account_admin' } as const
  await here.directory.createUser(null, { ...user, password: 'right' })
  return {
    cores: [here, there],
    at(seconds) {
      now = START + seconds * 1000
    },
  }
}

describe.each(engines())('on %s', engine => {
  it.each([
    1, 30, 90, 3600, 86_400, 999_999_999,
  ])('A20: a session of %i s lives while it is used, and ends when it is not', async ttl => {
    const { cores, at } = await bench(engine, ttl * 1000)
    const { token } = await cores[0].sessions.login('x', 'ann', 'right')
    // well beyond its first end, by either process in turn
    for (let call = 1; call <= 20; call++) {
      at(call * ttl * 0.13)
      expect(await cores[call % 2 ? 0 : 1].sessions.resolve('x', token), `call ${call}`).toBeDefined()
    }
    at(20 * ttl * 0.13 + ttl * 0.98)
    expect(await cores[0].sessions.resolve('x', token)).toBeDefined()
    at(20 * ttl * 0.13 + ttl * 1.99)
    expect(await cores[1].sessions.resolve('x', token)).toBeUndefined()
    expect(await cores[0].sessions.resolve('x', token)).toBeUndefined()
  })

  it('a session in use is written again only when a hundredth of its life is over', async () => {
    const { cores, at } = await bench(engine, 100_000)
    const { token } = await cores[0].sessions.login('x', 'ann', 'right')
    const expiry = async () => (await cores[0].sessions.list({}, { limit: 1, offset: 0 })).items[0]?.expiresAt
    for (const [seconds, until] of [
      [1, 100],
      [1.001, 101.001],
      [2.001, 101.001],
      [50, 150],
    ] as const) {
      at(seconds)
      await cores[0].sessions.resolve('x', token)
      expect(await expiry(), `after ${seconds} s`).toBe(START + until * 1000)
    }
  })

  it('A20: a session that is ended anywhere is over everywhere, and is not brought back by use', async () => {
    const { cores, at } = await bench(engine, 30_000)
    const { token } = await cores[0].sessions.login('x', 'ann', 'right')
    at(10)
    await Promise.all([cores[0].sessions.resolve('x', token), cores[1].sessions.destroy('x', token)])
    for (const core of cores) expect(await core.sessions.resolve('x', token)).toBeUndefined()
  })

  it('A4: sessions are listed and ended one by one or all of a user', async () => {
    const { cores } = await bench(engine)
    const [core] = cores
    const tokens = []
    for (let n = 0; n < 3; n++) tokens.push((await core.sessions.login('x', 'ann', 'right')).token)
    const page = { limit: 2, offset: 0 }
    const { items, total } = await core.sessions.list({}, page)
    expect([items.length, total]).toEqual([2, 3])
    expect((await core.sessions.list({ userId: 999 }, page)).total).toBe(0)
    await core.sessions.end(null, items[0]?.id ?? 0)
    expect(await cores[1].sessions.resolve('x', tokens[2] ?? '')).toBeUndefined()
    expect(await cores[1].sessions.resolve('x', tokens[0] ?? '')).toBeDefined()
    expect(await core.sessions.endAll(null, items[0]?.userId ?? 0)).toBe(2)
    expect(await cores[1].sessions.resolve('x', tokens[0] ?? '')).toBeUndefined()
    await expect(core.sessions.end(null, 999)).rejects.toMatchObject({ code: 'not_found' })
    const actions = (await core.audit.list({ limit: 100 })).map(({ action }) => action)
    expect(actions.slice(-2)).toEqual(['session.ended', 'sessions.ended'])
  })

  const attempt = (core: Core, password: string, name = 'ann') =>
    core.sessions.check('x', name, password).then(
      () => 'in',
      ({ code }) => code as string,
    )

  it('C12: of 160 guesses at once the right one, the hundredth, is not let in', async () => {
    const { cores } = await bench(engine)
    const guesses = Array.from({ length: 160 }, (_, n) => (n === 99 ? 'right' : `wrong-${n}`))
    const results = await Promise.all(guesses.map((guess, n) => attempt(cores[n % 2 ? 0 : 1], guess)))
    expect(results).not.toContain('in')
    expect(results.filter(result => result === 'login_failed').length).toBe(5)
    expect(await attempt(cores[0], 'right')).toBe('login_locked')
  })

  it('C12: many who know the password at once are all let in', async () => {
    const { cores } = await bench(engine)
    const results = await Promise.all(Array.from({ length: 40 }, (_, n) => attempt(cores[n % 2 ? 0 : 1], 'right')))
    expect(new Set(results)).toEqual(new Set(['in']))
    expect(await attempt(cores[0], 'wrong')).toBe('login_failed')
  })

  it('C12: names that nobody has are locked like those of users', async () => {
    const { cores } = await bench(engine)
    const results = await Promise.all(Array.from({ length: 20 }, (_, n) => attempt(cores[0], `${n}`, 'NoBody')))
    expect(results.filter(result => result === 'login_failed').length).toBe(5)
    expect(await attempt(cores[1], 'x', 'nobody')).toBe('login_locked')
  })

  it('C12: a lock ends by the clock, and so does the window in which failures add up', async () => {
    const { cores, at } = await bench(engine)
    for (let n = 0; n < 5; n++) expect(await attempt(cores[0], 'wrong')).toBe('login_failed')
    expect(await attempt(cores[1], 'wrong')).toBe('login_locked')
    at(9 * 60 + 59)
    expect(await attempt(cores[1], 'right')).toBe('login_locked')
    at(10 * 60)
    expect(await attempt(cores[1], 'right')).toBe('in')
    for (let n = 0; n < 5; n++) expect(await attempt(cores[0], 'wrong')).toBe('login_failed')
    at(10 * 60 + (10 * MINUTE) / 1000)
    for (let n = 0; n < 5; n++) expect(await attempt(cores[0], 'wrong')).toBe('login_failed')
    expect(await attempt(cores[0], 'right')).toBe('in') // which forgets what went before
    for (let n = 0; n < 5; n++) expect(await attempt(cores[0], 'wrong')).toBe('login_failed')
  })

  it('A4: a new password opens a name that was locked', async () => {
    const { cores } = await bench(engine)
    for (let n = 0; n < 6; n++) await attempt(cores[0], 'wrong')
    const { id } = (await cores[0].directory.userByAuthUsername('ann')) ?? { id: 0 }
    const { password } = await cores[0].directory.setPassword(null, id)
    expect(await attempt(cores[1], password)).toBe('in')
  })
})
