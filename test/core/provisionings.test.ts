/** Changes of services that take effect later: one of each service of a number, for one surface alone. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../core/ground/model.ts'
import type { ScheduledChange } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, callerOf, holding, market, numbers } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [A, B] = ['+12127890100', '+12127890101'] as const
const START = '2026-06-01T00:00:00Z'
const NOW = Date.parse(START)
const MINUTE = 60_000

describe.each(engines())('scheduled changes on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let acme: Caller
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(market(numbers(2)), { now: START })
    acme = await callerOf(w, ACME)
    w.core.outbox.subscribe(['number.provisioned'])
    await buy(w, ACME, A, B)
  })
  afterAll(() => worlds.drop())

  const leaseIdOf = async (e164: string) => (await holding(w, e164)).lease.id
  const change = (more: Partial<ScheduledChange> = {}): ScheduledChange => ({
    ...{ dialect: 'd', service: 'sms', value: { plan: 'a' }, outcome: 'done', delayMs: MINUTE },
    ...more,
  })
  const schedule = async (e164: string, ...schedule: ScheduledChange[]) =>
    w.core.numbers.configure(acme, await leaseIdOf(e164), { schedule }, 'd')
  const waiting = async (dialect: string, ...e164s: string[]) => {
    const ids = await Promise.all(e164s.map(leaseIdOf))
    const found = await w.core.provisionings.list(ids, dialect)
    return found.map(each => [ids.indexOf(each.leaseId), each.service, each.value, each.status])
  }
  const settings = async (e164: string, dialect = 'd') => {
    const { items } = await w.core.numbers.owned({ accountIds: [ACME], e164 }, { limit: 1, offset: 0 }, { dialect })
    return items[0]?.settings
  }
  const told = async () => {
    const rows = await w.store.read(db =>
      db.selectFrom('outbox').select(['account_id', 'data']).orderBy('id').execute(),
    )
    return rows.map(row => [row.account_id, JSON.parse(row.data)])
  }

  it('takes effect when its time has come, beside what was set before, and is told with what was there', async () => {
    const lease = await leaseIdOf(A)
    await w.core.numbers.configure(acme, lease, {
      settings: { dialect: 'd', value: { name: 'x', sms: { plan: '0' } } },
    })
    await w.core.numbers.configure(acme, lease, { settings: { dialect: 'e', value: { other: 1 } } })
    await schedule(A, change())
    expect(await waiting('d', A)).toEqual([[0, 'sms', { plan: 'a' }, 'waiting']])
    await w.setClock(NOW + MINUTE - 1)
    expect([await settings(A), await told()]).toEqual([{ name: 'x', sms: { plan: '0' } }, []])
    await w.setClock(NOW + MINUTE)
    const after = { name: 'x', sms: { plan: 'a' }, smsUpdatedAt: NOW + MINUTE }
    expect([await settings(A), await settings(A, 'e'), await settings(B)]).toEqual([after, { other: 1 }, {}])
    expect(await waiting('d', A)).toEqual([])
    const event = { e164: A, leaseId: lease, dialect: 'd', service: 'sms', value: { plan: 'a' }, before: { plan: '0' } }
    const all = { d: after, e: { other: 1 } }
    expect(await told()).toEqual([[ACME, { ...event, outcome: 'done', settings: all }]])
  })

  it('without a delay it is done at once, and alone', async () => {
    await schedule(B, change())
    await schedule(A, change({ delayMs: 0, service: 'voice', value: { app: 'v' } }))
    expect(await settings(A)).toEqual({ voice: { app: 'v' }, voiceUpdatedAt: NOW })
    expect(await waiting('d', A, B)).toEqual([[1, 'sms', { plan: 'a' }, 'waiting']])
    expect((await told()).map(([, { e164, before }]) => [e164, before])).toEqual([[A, null]])
  })

  it('takes the place of one of its service that waits, and of none of another service, surface or number', async () => {
    await schedule(A, change(), change({ service: 'voice' }), change({ dialect: 'e' }))
    await schedule(B, change())
    await schedule(A, change({ value: { plan: 'b' } }))
    expect(await waiting('d', A, B)).toEqual([
      [0, 'voice', { plan: 'a' }, 'waiting'],
      [1, 'sms', { plan: 'a' }, 'waiting'],
      [0, 'sms', { plan: 'b' }, 'waiting'],
    ])
    expect(await waiting('e', A, B)).toEqual([[0, 'sms', { plan: 'a' }, 'waiting']])
    expect(await waiting('d')).toEqual([])
  })

  it('one that fails changes nothing, stays visible as failed, is told once, and gives way to the next', async () => {
    await schedule(A, change({ outcome: 'failed' }))
    await schedule(B, change({ delayMs: 3 * MINUTE }))
    await w.setClock(NOW + 2 * MINUTE)
    const rest = [1, 'sms', { plan: 'a' }, 'waiting']
    expect([await settings(A), await waiting('d', A, B)]).toEqual([{}, [[0, 'sms', { plan: 'a' }, 'failed'], rest]])
    expect((await told()).map(([, { outcome }]) => outcome)).toEqual(['failed'])
    await schedule(A, change({ value: { plan: 'b' } }))
    expect(await waiting('d', A, B)).toEqual([rest, [0, 'sms', { plan: 'b' }, 'waiting']])
  })
})
