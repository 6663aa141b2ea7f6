/** Sessions: where they open, who sees them, and who ends them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { engines } from '../support/engines.ts'
import { ACME, CHILD, market, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const PAGE = { limit: 9, offset: 0 }

describe.each(engines())('sessions that are open on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  /** Without surfaces, which would say what they can keep. */
  const open = async (): Promise<TestWorld> => {
    const w = await worlds.open(market([]))
    return { ...w, core: createCore({ store: w.store, clock: w.core.clock, key: 'test' }) }
  }
  const audited = async (w: TestWorld, action: string) =>
    (await w.core.audit.list({ limit: 1000 })).filter(each => each.action === action).map(({ data }) => data)

  it('a session opens and ends at the surface where it began, and nowhere else', async () => {
    const w = await open()
    const { token } = await w.core.sessions.login('onsip', 'ann_1', 'password-1')
    for (let time = 0; time < 2; time++) {
      expect(await w.core.sessions.resolve('vobiz', token)).toBeUndefined()
      expect(await w.core.sessions.destroy('vobiz', token)).toBe(false)
      expect(await w.core.sessions.resolve('onsip', token)).toBeDefined()
    }
    expect(await w.core.sessions.destroy('onsip', token)).toBe(true)
    expect(await w.core.sessions.destroy('onsip', token)).toBe(false)
  })

  it('open sessions are listed by account, by user and by their own, newest first, and those that are over are not', async () => {
    const w = await open()
    const { sessions } = w.core
    for (const [name, password] of [
      ['ann_1', 'password-1'],
      ['ann_3', 'password-3'],
      ['ann_1', 'password-1'],
    ] as const) {
      await sessions.login('onsip', name, password)
    }
    const idsOf = async (filter: Parameters<typeof sessions.list>[0], page = PAGE) =>
      (await sessions.list(filter, page)).items.map(({ id }) => id)
    const all = await idsOf({})
    expect(all).toEqual([...all].sort((a, b) => b - a))
    const [last, middle, first] = all
    expect(await idsOf({ accountId: ACME })).toEqual([last, first])
    expect(await idsOf({ userId: OTHER * 100 })).toEqual([middle])
    expect(await idsOf({ sessionId: first ?? 0 })).toEqual([first])
    expect(await idsOf({}, { limit: 1, offset: 1 })).toEqual([middle])
    await sessions.end(null, first ?? 0, 'stolen')
    expect(await audited(w, 'session.ended')).toEqual([{ session: first, reason: 'stolen' }])
    expect((await sessions.list({}, PAGE)).items[0]).toMatchObject({ accountId: ACME, authUsername: 'ann_1' })
    const { expiresAt } = (await sessions.list({}, PAGE)).items[0] ?? { expiresAt: 0 }
    w.setClockOnly(expiresAt - 1)
    expect((await sessions.list({}, PAGE)).total).toBe(2)
    w.setClockOnly(expiresAt)
    expect((await sessions.list({}, PAGE)).total).toBe(0)
  })

  it('all sessions of an account end together, however many, and those of no other', async () => {
    const w = await open()
    const { sessions } = w.core
    await sessions.login('onsip', 'ann_2', 'password-2')
    await sessions.login('onsip', 'ann_1', 'password-1')
    await w.store.write(async db => {
      const own = db
        .selectFrom('sessions')
        .selectAll()
        .where('user_id', '=', ACME * 100)
      const { id: _, ...row } = await own.executeTakeFirstOrThrow()
      const rows = Array.from({ length: 500 }, (_, n) => ({ ...row, token_hash: `copy ${n}` }))
      await db.insertInto('sessions').values(rows).execute()
    })
    expect(await sessions.endAllOf(null, ACME, 'they left')).toBe(501)
    expect(await audited(w, 'sessions.ended')).toEqual([
      { sessions: 500, reason: 'they left' },
      { sessions: 1, reason: 'they left' },
    ])
    expect(await sessions.endAllOf(null, ACME, 'they left')).toBe(0)
    expect((await sessions.list({}, PAGE)).items.map(({ accountId }) => accountId)).toEqual([CHILD])
  })

  it('a name that nobody has counts as one, in whatever case it is written', async () => {
    const w = await open()
    const attempt = (name: string) => w.core.sessions.check('onsip', name, 'x').catch(({ code }) => code as string)
    for (let n = 0; n < 5; n++) expect(await attempt(n % 2 ? 'Nobody' : 'nobody')).toBe('login_failed')
    expect([await attempt('NOBODY'), await attempt('somebody')]).toEqual(['login_locked', 'login_failed'])
  })
})
