/** What is said of an event, when it is tried again, and what operators see of it. */
import { describe, expect, it } from 'vitest'
import type { Dialect } from '../../adapters/kit/dialect.ts'
import type { Core, CoreEvent, Taken } from '../../core/verbs.ts'
import type { Outcome } from '../../src/callbacks/attempt.ts'
import { attemptOf, createTry } from '../../src/callbacks/try.ts'
import { createSenderWatch } from '../../src/callbacks/watch.ts'
import { word } from '../../src/callbacks/word.ts'
import { createLog } from '../../src/logs/log.ts'
import { createMetrics } from '../../src/process/metrics.ts'
import { telling } from '../support/callbacks.ts'
import { message } from '../support/outbox.ts'

const NOW = 1_000_000
const delivery: Taken = { ...message('one.test'), id: 7, accountId: 12, receiver: 'one.test:80', tries: 0 }
const SILENT: Outcome = { status: null, error: 'timed out', delivered: false, final: false }
const OK: Outcome = { status: 200, error: null, delivered: true, final: false }
const REFUSED: Outcome = { ...SILENT, error: 'target refused', final: true }

const coreWith = (draw: number) =>
  ({ clock: { now: () => NOW }, random: { bytes: () => Uint8Array.of(draw) } }) as unknown as Core

describe('a callback that failed', () => {
  const pauses = (tries: number, isUnsigned = false) =>
    [0, 51, 204, 255]
      .map(draw => {
        const ended = { delivery: { ...delivery, tries }, headers: {}, outcome: SILENT, durationMs: 1, isUnsigned }
        return attemptOf(ended, SILENT, coreWith(draw)).nextAttemptAt
      })
      .map(at => (at === null ? null : (at - NOW) / 1000))
      .sort((a, b) => Number(a) - Number(b))

  it('is tried again after two seconds, then twice as long each time, a fifth sooner or later at most, six times in all', () => {
    expect([0, 1, 4].map(tries => pauses(tries))).toEqual([
      [1.6, 1.76, 2.24, 2.4],
      [3.2, 3.52, 4.48, 4.8],
      [25.6, 28.16, 35.84, 38.4],
    ])
    expect(new Set([...pauses(5), ...pauses(6)])).toEqual(new Set([null]))
  })

  it('for want of a signature is tried for an hour, every quarter of one at least', () => {
    expect([pauses(0, true), pauses(11, true)]).toEqual([
      [1.6, 1.76, 2.24, 2.4],
      [720, 792, 1008, 1080],
    ])
    expect(new Set(pauses(12, true))).toEqual(new Set([null]))
  })

  it('is not tried again where that would not help, or where it has arrived', () => {
    for (const outcome of [OK, REFUSED]) {
      const ended = { delivery, headers: { a: 'b' }, outcome, durationMs: 3, isUnsigned: false }
      const { status, error, delivered } = outcome
      const written = { id: 7, status, error, delivered, headers: { a: 'b' }, durationMs: 3, nextAttemptAt: null }
      expect(attemptOf(ended, outcome, coreWith(0))).toEqual(written)
    }
  })
})

describe('an attempt at a receiver', () => {
  const signed = { name: 'd', sign: async () => ({ sig: 's' }) } as unknown as Dialect
  const cut = AbortSignal.abort()
  const once = (outcome: Outcome, signal = new AbortController().signal, dialects = [signed]) =>
    createTry(coreWith(0), dialects, async () => outcome)(delivery, signal)

  it('is sent with its signature, where its dialect has one, and its time is taken', async () => {
    const before = performance.now()
    const ended = await once(SILENT)
    expect(ended).toMatchObject({ headers: { a: 'b', sig: 's' }, outcome: SILENT, isUnsigned: false })
    expect(ended.durationMs).toBeLessThanOrEqual(Math.ceil(performance.now() - before))
    expect(ended.durationMs).toBeGreaterThanOrEqual(0)
    expect((await once(OK, undefined, [])).headers).toEqual({ a: 'b' })
  })

  it('that is given up counts when its answer had come, and was none otherwise', async () => {
    expect((await once(OK, cut)).outcome).toEqual(OK)
    expect((await once(SILENT, cut)).outcome).toBe(undefined)
  })

  it('that cannot be signed is not sent, and says why', async () => {
    const broken = { name: 'd', sign: () => Promise.reject(new Error('another key')) } as unknown as Dialect
    expect(await once(OK, undefined, [broken])).toMatchObject({
      outcome: { ...SILENT, error: 'cannot be signed: another key' },
      headers: { a: 'b' },
      isUnsigned: true,
    })
  })
})

describe('an event of the core', () => {
  const event = (...urls: string[]) =>
    ({ id: 1, kind: 'number.purchased', accountId: 12, at: 0, data: { urls } }) as CoreEvent
  const mute = { name: 'mute' } as unknown as Dialect
  const deaf = { name: 'deaf', outbound: {} } as unknown as Dialect
  const failing = (name: string, error: unknown) =>
    telling(name, { outbound: { 'number.purchased': () => Promise.reject(error) } })

  it('is told by every dialect that has words for it and has not spoken yet', async () => {
    const dialects = [mute, deaf, telling('a'), telling('b'), failing('c', new Error('no'))]
    const said = await word(dialects, coreWith(0), event('http://one.test/'), ['b'])
    expect(said.deliveries.map(({ dialect, receiver }) => [dialect, receiver])).toEqual([['a', 'one.test:80']])
    expect([said.told, said.failed]).toEqual([['a'], [{ dialect: 'c', error: 'no' }]])
  })

  it('is mailed to people, who read it here, and sent to everybody else', async () => {
    const urls = ['mailto:a@b.test', 'MAILTO:a@b.test', 'https://one.test/?mailto:a', 'nonsense']
    const { deliveries } = await word([telling()], coreWith(0), event(...urls), [])
    expect(deliveries.map(({ receiver }) => receiver)).toEqual([undefined, undefined, 'one.test:443', '?'])
  })

  it('without words says why, in few words', async () => {
    const dialects = [failing('a', new Error('x'.repeat(400))), failing('b', 'y'.repeat(400))]
    const { failed } = await word(dialects, coreWith(0), event(), [])
    expect(failed.map(({ error }) => error)).toEqual(['x'.repeat(300), 'y'.repeat(300)])
  })
})

describe('operators of a gateway', () => {
  const event = { id: 3, kind: 'number.purchased', accountId: 12 } as const
  const failure = { event, dialect: 'd', error: 'no words' }

  it('see every attempt counted, and what will not go out by itself logged with its reason', async () => {
    const lines: Record<string, unknown>[] = []
    const metrics = createMetrics()
    const watch = createSenderWatch(createLog('debug', { write: line => void lines.push(JSON.parse(line)) }), metrics)
    watch.onAttempt(delivery, OK, true)
    expect(lines).toEqual([])
    watch.onAttempt(delivery, SILENT, false)
    watch.onAttempt(delivery, REFUSED, true)
    watch.onAttempt(delivery, { ...SILENT, status: 500, error: 'answered 500' }, true)
    watch.onUnworded({ ...failure, isLast: false })
    watch.onUnworded({ ...failure, isLast: true })
    const callback = { delivery: 7, dialect: 'd', account: 12, receiver: 'one.test:80' }
    const told = { event: 3, kind: 'number.purchased', account: 12, dialect: 'd', reason: 'no words' }
    expect(lines).toMatchObject([
      { ...callback, level: 'debug', reason: 'timed out' },
      { ...callback, level: 'warn', reason: 'target refused', msg: 'callback refused' },
      { ...callback, level: 'warn', reason: 'answered 500', msg: 'callback given up' },
      { ...told, level: 'error', msg: 'no callback could be worded yet' },
      { ...told, level: 'error', msg: 'event given up: no callback could be worded' },
    ])
    const text = await metrics.text()
    for (const [outcome, count] of [
      ['delivered', 1],
      ['failed', 2],
      ['refused', 1],
    ])
      expect(text).toContain(`didgate_delivery_attempts_total{dialect="d",outcome="${outcome}"} ${count}`)
    for (const outcome of ['retry', 'given_up'])
      expect(text).toContain(`didgate_events_unworded_total{dialect="d",outcome="${outcome}"} 1`)
  })

  it('see the log also where nothing is counted', () => {
    const lines: string[] = []
    const watch = createSenderWatch(createLog('warn', { write: line => void lines.push(line) }))
    watch.onAttempt(delivery, REFUSED, true)
    watch.onUnworded({ ...failure, isLast: true })
    expect(lines).toHaveLength(2)
  })
})
