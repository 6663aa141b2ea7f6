/** What is kept of callbacks, and who may send them. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Outbox } from '../../core/verbs.ts'
import { type Bench, openBench } from '../support/callbacks.ts'
import { engines } from '../support/engines.ts'
import { failure, MINUTE, message, success, tell } from '../support/outbox.ts'

const LEASE_MS = 20_000
const ALL = { limit: 100, offset: 0 }

let bench: Bench
afterEach(() => bench.drop())

const take = (...ids: number[]) => bench.core.outbox.take(ids, LEASE_MS)
const dueIds = async () => (await bench.core.outbox.due('', 9)).items.map(({ id }) => id)
const find = async (id: number) => (await bench.stored()).find(each => each.id === id)

describe.each(engines())('callbacks on %s', engine => {
  const open = async () => {
    bench = await openBench(engine)
    return bench.core.outbox
  }

  it('what is told is kept with its event, account and time, and waits for its receiver or for people to read', async () => {
    await open()
    const [sent, mail] = await tell(
      bench,
      message('one.test'),
      message('two.test', { receiver: undefined, method: 'GET' }),
    )
    const kept = {
      accountId: 12,
      dialect: 'd',
      headers: { a: 'b' },
      body: 'hello',
      attempts: [],
      createdAt: bench.now(),
    }
    expect(await find(sent ?? 0)).toMatchObject({ ...kept, url: 'http://one.test/', method: 'POST' })
    expect(await find(sent ?? 0)).toMatchObject({ status: 'waiting', nextAttemptAt: bench.now() })
    expect(await find(mail ?? 0)).toMatchObject({ ...kept, status: 'recorded', method: 'GET', nextAttemptAt: null })
    expect(await dueIds()).toEqual([sent])
  })

  it('callbacks are listed newest first, page by page, by what became of them and by their events', async () => {
    const outbox = await open()
    const [first = 0] = await tell(bench, message('one.test'))
    const [second = 0, third = 0] = await tell(bench, message('one.test'), message('two.test'))
    await outbox.attempted([success(bench, second)])
    const listed = async (...how: Parameters<Outbox['deliveries']>) => {
      const { items, total } = await outbox.deliveries(...how)
      return [items.map(({ id }) => id), total]
    }
    expect(await listed({}, ALL)).toEqual([[third, second, first], 3])
    expect(await listed({}, { limit: 1, offset: 1 })).toEqual([[second], 3])
    expect(await listed({ status: 'waiting' }, ALL)).toEqual([[third, first], 2])
    const eventIds = [(await find(second))?.eventId ?? 0]
    expect(await listed({ eventIds }, ALL)).toEqual([[third, second], 2])
    expect(await listed({ eventIds, status: 'delivered' }, ALL)).toEqual([[second], 1])
  })

  it('every attempt is shown with its callback, in order, and the headers as they were sent last', async () => {
    const outbox = await open()
    const [id = 0, other = 0] = await tell(bench, message('one.test'), message('two.test'))
    const at = bench.now()
    await outbox.attempted([failure(bench, id), failure(bench, other, { nextAttemptAt: null })])
    expect(await find(id)).toMatchObject({ status: 'waiting', nextAttemptAt: at + MINUTE, headers: { sig: 's' } })
    expect(await find(other)).toMatchObject({ status: 'failed', nextAttemptAt: null })
    bench.advance(MINUTE)
    expect(await take(id)).toMatchObject([{ id, tries: 1, receiver: 'one.test:80', accountId: 12, body: 'hello' }])
    await outbox.attempted([success(bench, id)])
    expect(await find(id)).toMatchObject({ status: 'delivered', nextAttemptAt: null })
    expect((await find(id))?.attempts).toEqual([
      { at, status: 500, error: 'answered 500', durationMs: 7 },
      { at: at + MINUTE, status: 200, error: null, durationMs: 7 },
    ])
    expect((await find(other))?.attempts).toHaveLength(1)
  })

  it('what one process has taken is no other one’s until its lease ends, and what is not due is nobody’s', async () => {
    const outbox = await open()
    const hosts = [message('one.test'), message('one.test'), message('one.test')]
    const [id = 0, later = 0, other = 0] = await tell(bench, ...hosts)
    await outbox.attempted([failure(bench, later)])
    expect((await take(id, later)).map(taken => taken.id)).toEqual([id])
    expect(await dueIds()).toEqual([other])
    await outbox.attempted([success(bench, other)])
    expect([await take(id), await dueIds()]).toEqual([[], []])
    bench.advance(LEASE_MS - 1)
    expect([await take(id), await dueIds()]).toEqual([[], []])
    bench.advance(1)
    expect(await dueIds()).toEqual([id])
    expect(await take(id)).toHaveLength(1)
  })

  it('what is given back waits again at once and untried; what has ended meanwhile does not', async () => {
    const outbox = await open()
    const [id = 0, over = 0, other = 0] = await tell(
      bench,
      message('one.test'),
      message('one.test'),
      message('one.test'),
    )
    await take(id, over, other)
    await outbox.attempted([success(bench, over)])
    await outbox.giveBack([id, over])
    expect(await find(id)).toMatchObject({ status: 'waiting', nextAttemptAt: bench.now(), attempts: [] })
    expect(await find(over)).toMatchObject({ status: 'delivered', nextAttemptAt: null })
    expect(await dueIds()).toEqual([id])
  })

  it('a late failure takes nothing back from whom was sent it meanwhile, and a late success counts', async () => {
    const outbox = await open()
    const [id = 0] = await tell(bench, message('one.test'))
    await outbox.attempted([failure(bench, id, { nextAttemptAt: null })])
    await outbox.attempted([success(bench, id)])
    await outbox.attempted([failure(bench, id)])
    expect(await find(id)).toMatchObject({ status: 'delivered', nextAttemptAt: null })
    expect((await find(id))?.attempts.map(({ status }) => status)).toEqual([500, 200, 500])
  })

  it('of every receiver and account the first are due, the longest waiting before, however many receivers there are', async () => {
    const outbox = await open()
    const [late = 0, early = 0, last = 0] = await tell(bench, message('a.test'), message('a.test'), message('a.test'))
    await outbox.attempted([
      failure(bench, late, { nextAttemptAt: bench.now() + 2 }),
      failure(bench, early, { nextAttemptAt: bench.now() + 1 }),
    ])
    await outbox.attempted([failure(bench, last, { nextAttemptAt: bench.now() + 3 })])
    bench.advance(MINUTE)
    const lane = { receiver: 'a.test:80', accountId: 12 }
    expect(await outbox.due('', 2)).toEqual({ items: [early, late].map(id => ({ id, ...lane })), next: undefined })
    const rest = Array.from({ length: 1_999 }, (_, n) => message(`b${String(n).padStart(4, '0')}.test`))
    for (let at = 0; at < rest.length; at += 500) await tell(bench, ...rest.slice(at, at + 500))
    const whole = await outbox.due('', 1)
    expect([whole.items.length, whole.items[0]?.id, whole.next]).toEqual([2_000, early, 'b1998.test:80 12'])
    expect(await outbox.due(whole.next ?? '', 1)).toEqual({ items: [], next: undefined })
    await tell(bench, message('c.test'))
    expect((await outbox.due(whole.next ?? '', 1)).items).toMatchObject([{ receiver: 'c.test:80' }])
  })

  it('nothing is asked of the database for nothing', async () => {
    const outbox = await open()
    expect(await Promise.all([outbox.take([], 1), outbox.giveBack([]), outbox.attempted([])])).toEqual([
      [],
      undefined,
      undefined,
    ])
    expect(await outbox.due('', 1)).toEqual({ items: [], next: undefined })
    expect(await outbox.deliveries({}, ALL)).toEqual({ items: [], total: 0 })
  })

  it('a callback is sent again when it is asked for, as if it had never been tried, and who asked is on record', async () => {
    const outbox = await open()
    const [id = 0, mail = 0, other = 0] = await tell(
      bench,
      message('one.test'),
      message('two.test', { receiver: undefined }),
      message('one.test'),
    )
    await outbox.attempted([failure(bench, id, { nextAttemptAt: null }), success(bench, other)])
    bench.advance(MINUTE)
    const again = await outbox.redeliver({ administrator: 'ops' }, id)
    expect(again).toMatchObject({ id, status: 'waiting', nextAttemptAt: bench.now(), attempts: [{ status: 500 }] })
    expect(await find(id)).toEqual(again)
    expect(await take(id, other)).toMatchObject([{ id, tries: 0 }])
    const asked = { action: 'delivery.redeliver', subject: String(id), accountId: 12, administrator: 'ops' }
    expect(await bench.core.audit.list({ limit: 9 })).toMatchObject([asked])
    const refused = { code: 'wrong_state', details: { what: 'delivery', id: String(mail), state: 'recorded' } }
    await expect(outbox.redeliver(null, mail)).rejects.toMatchObject(refused)
    await expect(outbox.redeliver(null, 999)).rejects.toMatchObject({ code: 'not_found' })
    expect(await find(mail)).toMatchObject({ status: 'recorded', nextAttemptAt: null })
  })
})
