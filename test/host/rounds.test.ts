/** How callbacks are sent round by round: what a round begins, writes down and leaves for the next. */
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import type { Outbox, Taken } from '../../core/verbs.ts'
import type { Outcome } from '../../src/callbacks/attempt.ts'
import { createSender, type SenderOptions } from '../../src/callbacks/sender.ts'
import { type Bench, openBench, telling } from '../support/callbacks.ts'

const OK: Outcome = { status: 200, error: null, delivered: true, final: false }
const SILENT: Outcome = { status: null, error: 'timed out', delivered: false, final: false }
const REFUSED: Outcome = { ...SILENT, final: true }
const SELDOM = 1_000_000
const MINUTE = 60_000

let bench: Bench
afterEach(() => bench.drop())

interface Pending {
  url: string
  end(outcome: Outcome): void
}

/** A sender whose attempts end when they are told to, or with the signal, over an outbox that `change` meddles with. */
async function open(options: Partial<SenderOptions> = {}, change: (outbox: Outbox) => Partial<Outbox> = () => ({})) {
  bench = await openBench('sqlite')
  const pending: Pending[] = []
  const attempt: SenderOptions['attempt'] = ({ url }, signal) =>
    new Promise(resolve => {
      pending.push({ url, end: resolve })
      signal.addEventListener('abort', () => resolve(SILENT))
    })
  const { outbox } = bench.core
  const core = { ...bench.core, outbox: { ...outbox, ...change(outbox) } }
  const make = () => createSender({ core, dialects: [telling()], attempt, timeoutMs: MINUTE, ...options })
  const sender = make()
  /** Lets all attempts end so, and their sender hear of it. */
  const end = async (outcome: Outcome) => {
    for (const each of pending.splice(0)) each.end(outcome)
    await turn()
  }
  return { sender, make, pending, end, tell: (...urls: string[]) => bench.happen([{ urls }]) }
}

const [A, B] = ['http://a.test/', 'http://b.test/']

it('a round begins what is due and waits for nobody; the next writes down what has ended', async () => {
  const told: unknown[] = []
  const onAttempt: SenderOptions['onAttempt'] = ({ url }, { status }, isLast) => void told.push([url, status, isLast])
  const { sender, pending, end, tell } = await open({ onAttempt })
  await tell(A, B)
  await sender.round()
  expect(pending.map(({ url }) => url)).toEqual([A, B])
  await sender.round()
  expect([(await bench.stored()).map(({ attempts }) => attempts.length), pending.length, told]).toEqual([[0, 0], 2, []])
  pending.shift()?.end(OK)
  await end({ ...SILENT, status: 500 })
  await sender.round()
  expect((await bench.stored()).map(({ status }) => status)).toEqual(['delivered', 'waiting'])
  expect(told).toEqual([
    [A, 200, true],
    [B, 500, false],
  ])
  expect(pending).toEqual([])
})

it('the next round is soon while something is under way, at once while there is more, and else as often as it is told', async () => {
  let isAway = false
  const { sender, end, tell, make } = await open({ everyMs: 100 }, ({ attempted }) => ({
    attempted: attempts => (isAway ? Promise.reject(new Error('away')) : attempted(attempts)),
  }))
  expect(sender.pauseMs()).toBe(100)
  await tell(A)
  await sender.round()
  expect(sender.pauseMs()).toBe(20)
  await end(OK)
  expect(sender.pauseMs()).toBe(20)
  isAway = true
  await expect(sender.round()).rejects.toThrow('away')
  expect(sender.pauseMs()).toBe(100)
  isAway = false
  await sender.round()
  expect([sender.pauseMs(), (await bench.stored())[0]?.status]).toEqual([100, 'delivered'])
  const quick = make()
  await bench.happen(Array.from({ length: 1_001 }, () => ({ urls: [] })))
  await quick.round()
  expect(quick.pauseMs()).toBe(0)
  await quick.round()
  expect(quick.pauseMs()).toBe(100)
  expect(await bench.core.outbox.expand(() => Promise.reject(new Error()))).toMatchObject({ events: 0 })
})

it('what is due is looked for as often as it is told, and at once when there is room again', async () => {
  const { sender, pending, end, tell } = await open({ everyMs: SELDOM })
  await tell(A)
  await sender.round()
  await tell(B)
  await sender.round()
  expect(pending.map(({ url }) => url)).toEqual([A])
  await end(OK)
  await sender.round()
  expect(pending.map(({ url }) => url)).toEqual([B])
  await sender.stop()
})

it('of more receivers than are looked at together, those behind come with the next round', async () => {
  const asked: string[] = []
  const { sender } = await open({ everyMs: SELDOM }, () => ({
    due: async after => ({ items: [], next: asked.push(after) === 1 ? 'm' : undefined }),
  }))
  await sender.round()
  expect(sender.pauseMs()).toBe(0)
  await sender.round()
  await sender.round()
  expect(asked).toEqual(['', 'm'])
  await sender.tick()
  expect(asked).toEqual(['', 'm'])
})

it('while as many callbacks are under way as can be, nothing is looked for', async () => {
  let asked = 0
  const { sender, pending, end } = await open({}, ({ due }) => ({
    due: (...which) => {
      asked++
      return due(...which)
    },
  }))
  const urls = (from: number) => Array.from({ length: 600 }, (_, n) => `http://r${from + n}.test/`)
  await bench.happen([{ urls: urls(0) }, { accountId: 13, urls: urls(600) }])
  await sender.round()
  await sender.round()
  expect([pending.length, asked]).toEqual([1_024, 1])
  await end(OK)
  await sender.round()
  expect([pending.length, asked]).toEqual([176, 2])
  await sender.stop()
})

it('a callback is sent by one process, and by another only when the first must have died', async () => {
  const { sender, make, pending, end, tell } = await open()
  await tell(A)
  await sender.round()
  const other = make()
  for (const ms of [2 * MINUTE - 1, 1]) {
    expect(pending).toHaveLength(1)
    bench.advance(ms)
    await other.round()
  }
  expect(pending).toHaveLength(2)
  await end(OK)
  await Promise.all([sender.tick(), other.tick()])
  expect((await bench.stored())[0]?.status).toBe('delivered')
})

it('what another process took first, or what could not be taken, is tried for again', async () => {
  const failures = [() => Promise.resolve([]), () => Promise.reject(new Error('away'))]
  const { sender, pending, tell } = await open({}, ({ take }) => ({
    take: (ids, leaseMs) => failures.shift()?.() ?? take(ids, leaseMs),
  }))
  await tell(A)
  await sender.round()
  await expect(sender.round()).rejects.toThrow('away')
  expect(pending).toEqual([])
  await sender.round()
  expect(pending).toHaveLength(1)
  await sender.stop()
})

it('only a receiver that was called and did not answer gets one callback at a time', async () => {
  let isBroken = false
  const sign = async () => {
    if (isBroken) throw new Error('another key')
    return {}
  }
  const { sender, pending, end, tell } = await open({ dialects: [telling('d', { sign })] })
  const both = async (first: Outcome | 'unsigned') => {
    isBroken = first === 'unsigned'
    await tell(A)
    await sender.round()
    if (first !== 'unsigned') await end(first)
    isBroken = false
    await tell(A, A)
    await sender.round()
    const { length } = pending
    while (pending.length > 0) {
      await end(OK)
      await sender.round()
    }
    return length
  }
  expect(await both(OK)).toBe(2)
  expect(await both({ ...SILENT, status: 500 })).toBe(2)
  expect(await both(REFUSED)).toBe(2)
  expect(await both('unsigned')).toBe(2)
  expect(await both(SILENT)).toBe(1)
})

it('what is taken in the moment of a stop is given back untried, and goes out after the start', async () => {
  let stopped: Promise<void> | undefined
  const { sender, pending, end, tell } = await open({}, ({ take }) => ({
    take: async (ids, leaseMs): Promise<Taken[]> => {
      const taken = await take(ids, leaseMs)
      stopped ??= sender.stop()
      await turn()
      return taken
    },
  }))
  await tell(A)
  await sender.round()
  await sender.round()
  await stopped
  expect(pending).toEqual([])
  expect((await bench.stored())[0]).toMatchObject({ status: 'waiting', attempts: [], nextAttemptAt: bench.now() })
  await tell(B)
  const again = sender.tick()
  await expect.poll(() => pending.length).toBe(2)
  await end(OK)
  expect(await again).toBe(2)
})

it('what a stop cannot give back is sent when its lease ends', async () => {
  let isAway = true
  const { sender, pending, end, tell } = await open({}, ({ giveBack }) => ({
    giveBack: ids => (isAway && ids.length > 0 ? Promise.reject(new Error('away')) : giveBack(ids)),
  }))
  await tell(A)
  await sender.round()
  await expect(sender.stop()).rejects.toThrow('away')
  isAway = false
  pending.length = 0
  await sender.round()
  expect(pending).toEqual([])
  bench.advance(2 * MINUTE)
  const sent = sender.tick()
  await expect.poll(() => pending.length).toBe(1)
  await end(OK)
  expect([await sent, await sender.tick()]).toEqual([1, 0])
})
