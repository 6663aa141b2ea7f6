/** What becomes of an event until every dialect has told it. */
import { afterEach, describe, expect, it } from 'vitest'
import type { CoreEvent, Worded } from '../../core/verbs.ts'
import { type Bench, openBench } from '../support/callbacks.ts'
import { engines } from '../support/engines.ts'
import { countOf } from '../support/leftovers.ts'
import { failing, MINUTE, message, saying } from '../support/outbox.ts'

let bench: Bench
afterEach(() => bench.drop())

describe.each(engines())('events on %s', engine => {
  const open = async () => {
    bench = await openBench(engine)
    return bench.core.outbox
  }
  const event = { urls: [] }

  it('events are told once each, in the order in which they happened, as many at a time as hold up nobody', async () => {
    const outbox = await open()
    await bench.happen(Array(201).fill(event))
    const seen: CoreEvent[] = []
    const word = (each: CoreEvent) => {
      seen.push(each)
      return saying(message('one.test'), message('two.test'), message('three.test'))
    }
    expect(await outbox.expand(word)).toEqual({ events: 200, more: true, failures: [] })
    expect(await outbox.expand(word)).toEqual({ events: 1, more: false, failures: [] })
    expect(await outbox.expand(word)).toEqual({ events: 0, more: false, failures: [] })
    const ids = seen.map(({ id }) => id)
    expect([ids, new Set(ids).size]).toEqual([ids.toSorted((a, b) => a - b), 201])
    expect(seen[0]).toMatchObject({ kind: 'number.purchased', accountId: 12, at: bench.now(), data: { urls: [] } })
    expect((await outbox.deliveries({}, { limit: 1, offset: 0 })).total).toBe(603)
  })

  it('an event that failed comes back when it is its time, behind those that have waited longer', async () => {
    const outbox = await open()
    await bench.happen([event])
    await outbox.expand(() => failing('d'))
    bench.advance(3_000)
    await bench.happen([event])
    const seen: number[] = []
    await outbox.expand(({ id }) => {
      seen.push(id)
      return saying()
    })
    expect(seen).toEqual(seen.toSorted((a, b) => b - a))
    expect(seen).toHaveLength(2)
  })

  it('a dialect without words is asked again, later each time and at least every quarter of an hour; who has spoken is not', async () => {
    const outbox = await open()
    await bench.happen([event])
    const pauses: number[] = []
    const heard: (readonly string[])[] = []
    const fail = async (isLast: boolean) => {
      const spoken = heard.length === 0 ? { deliveries: [message('one.test')], told: ['d'] } : {}
      const { failures } = await outbox.expand((_, earlier) => {
        heard.push(earlier)
        return { ...failing('broken'), ...spoken }
      })
      const why = { dialect: 'broken', error: 'broken has no words', isLast }
      expect(failures).toMatchObject([{ ...why, event: { kind: 'number.purchased', accountId: 12 } }])
    }
    for (let tries = 1; tries < 13; tries++) {
      await fail(false)
      const pause = (await nextTry()) - bench.now()
      pauses.push(pause / 1000)
      bench.advance(pause - 1)
      expect((await outbox.expand(() => saying())).events).toBe(0)
      bench.advance(1)
    }
    await fail(true)
    expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
    expect(heard).toEqual([[], ...Array(12).fill(['d'])])
    const [sent, unworded] = await bench.stored()
    expect([sent?.status, unworded?.status, unworded?.dialect]).toEqual(['waiting', 'unworded', 'broken'])
    const { eventId } = sent ?? {}
    const attempts = [{ at: bench.now(), status: null, error: 'broken has no words', durationMs: 0 }]
    expect(unworded).toMatchObject({ eventId, accountId: 12, nextAttemptAt: null, createdAt: bench.now(), attempts })
    bench.advance(3_600_000)
    expect(await outbox.expand(() => saying())).toMatchObject({ events: 0 })
  })

  const nextTry = async () => {
    const row = await bench.store.read(db => db.selectFrom('outbox').select('try_at').executeTakeFirstOrThrow())
    return row.try_at
  }
  /** Until it is given up. */
  const exhaust = async (worded: Worded) => {
    for (let isOver = false; !isOver; ) {
      const { failures } = await bench.core.outbox.expand(() => worded)
      isOver = failures.length > 0 && failures.every(({ isLast }) => isLast)
      if (!isOver) bench.advance(900_000)
    }
  }

  it('an event without words is worded anew when that is asked for, for that dialect alone', async () => {
    const outbox = await open()
    await bench.happen([event])
    await outbox.expand(() => saying())
    await bench.happen([event])
    await exhaust(failing('first', 'second'))
    const [first, second] = await bench.stored()
    expect([first?.dialect, second?.dialect]).toEqual(['first', 'second'])
    const again = await outbox.redeliver(null, first?.id ?? 0)
    expect(again).toMatchObject({ status: 'waiting', attempts: [{ error: 'first has no words' }] })
    expect((await bench.stored()).map(({ id }) => id)).toEqual([second?.id])
    expect(await countOf(bench.store, 'delivery_attempts')).toBe(1)
    const heard: (readonly string[])[] = []
    const word = (_: CoreEvent, told: readonly string[]) => {
      heard.push(told)
      return heard.length === 1 ? failing('first') : saying(message('one.test'))
    }
    expect((await outbox.expand(word)).failures).toMatchObject([{ dialect: 'first', isLast: false }])
    bench.advance(2_000)
    expect((await outbox.expand(word)).events).toBe(1)
    expect(heard).toEqual([['second'], ['second']])
    const kept = await bench.stored()
    expect(kept.map(({ status, attempts }) => [status, attempts.length])).toEqual([
      ['unworded', 1],
      ['waiting', 0],
    ])
  })

  it('what one process has told of an event no other one tells, nor counts as its failure', async () => {
    const outbox = await open()
    await bench.happen([event, event])
    const [one, two] = [saying(message('one.test')), failing('d')]
    const faster = async () => {
      const ids = new Set<number>()
      const word = ({ id }: CoreEvent) => (ids.add(id).size === 1 ? one : two)
      expect((await outbox.expand(word)).failures).toHaveLength(1)
    }
    let hasRun = false
    const slower = await outbox.expand(async () => {
      if (!hasRun) {
        hasRun = true
        await faster()
      }
      return { ...one, failed: two.failed }
    })
    expect(slower.failures).toEqual([])
    expect(await bench.stored()).toHaveLength(1)
    bench.advance(2_000)
    expect(await outbox.expand(() => one)).toEqual({ events: 1, more: false, failures: [] })
    expect(await bench.stored()).toHaveLength(2)
  })

  it('an event whose callbacks cannot be written fails alone, and is given up visibly in the end', async () => {
    const outbox = await open()
    await bench.happen([event, event, event])
    const unwritable = message('two.test', { body: null as unknown as string })
    let bad: number | undefined
    const word = ({ id }: CoreEvent) => {
      bad ??= id
      return saying(id === bad ? unwritable : message('one.test'))
    }
    const { failures } = await outbox.expand(word)
    expect(failures).toMatchObject([{ event: { id: bad }, dialect: '', error: /null/i, isLast: false }])
    expect((await bench.stored()).map(({ url }) => url)).toEqual(['http://one.test/', 'http://one.test/'])
    expect(await outbox.expand(word)).toMatchObject({ events: 0 })
    bench.advance(2_000)
    await exhaust(saying(unwritable))
    expect((await bench.stored()).at(-1)).toMatchObject({ eventId: bad, dialect: '', status: 'unworded' })
  })

  it('an event that brings down who words it says why, in few words', async () => {
    const outbox = await open()
    await bench.happen([event])
    const thrown = [new Error('a'.repeat(400)), 'b'.repeat(400)]
    for (const each of thrown) {
      const { failures } = await outbox.expand((_, told) => {
        expect(told).toEqual([])
        return Promise.reject(each)
      })
      expect(failures.map(({ error }) => error)).toEqual([
        String(each instanceof Error ? each.message : each).slice(0, 300),
      ])
      bench.advance(MINUTE)
    }
  })
})
