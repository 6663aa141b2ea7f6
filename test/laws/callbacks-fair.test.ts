import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { Taken } from '../../core/verbs.ts'
import type { AttemptOnce, Outcome } from '../../src/callbacks/attempt.ts'
import { LIMITS } from '../../src/callbacks/slots.ts'
import { type Bench, openBench, type Telling } from '../support/callbacks.ts'
import { engines } from '../support/engines.ts'

const benches: Bench[] = []
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.drop()
})

const STEP_MS = 25
const ANSWER_MS = 50
const TIMEOUT_MS = 10_000

interface Pending {
  delivery: Taken
  endsAt: number
  outcome: Outcome
  resolve(outcome: Outcome): void
}

/** Receivers whose name begins with `silent` never answer; all on simulated time, which only `run` moves. */
async function simulate(engine: 'sqlite' | 'postgres' | 'pglite') {
  const pending = new Set<Pending>()
  const arrived: { url: string; accountId: number; at: number }[] = []
  const most = { all: 0, receiver: 0, account: 0 }
  let now = () => 0
  const measure = () => {
    const largest = (keyOf: (delivery: Taken) => unknown) => {
      const counts = new Map<unknown, number>()
      for (const { delivery } of pending) counts.set(keyOf(delivery), (counts.get(keyOf(delivery)) ?? 0) + 1)
      return Math.max(0, ...counts.values())
    }
    most.all = Math.max(most.all, pending.size)
    most.receiver = Math.max(
      most.receiver,
      largest(({ receiver }) => receiver),
    )
    most.account = Math.max(
      most.account,
      largest(({ accountId }) => accountId),
    )
  }
  const attempt: AttemptOnce = (delivery, signal) =>
    new Promise(resolve => {
      const isSilent = new URL(delivery.url).hostname.startsWith('silent')
      const outcome = isSilent
        ? { status: null, error: 'timed out', delivered: false, final: false }
        : { status: 200, error: null, delivered: true, final: false }
      const endsAt = now() + (isSilent ? TIMEOUT_MS : ANSWER_MS)
      const mine = { delivery: delivery as Taken, endsAt, outcome, resolve }
      pending.add(mine)
      signal.addEventListener('abort', () => {
        pending.delete(mine)
        resolve({ status: null, error: 'given up', delivered: false, final: false })
      })
    })
  const bench = await openBench(engine, { attempt })
  benches.push(bench)
  now = bench.now
  const step = async () => {
    await bench.sender.round()
    measure()
    bench.advance(STEP_MS)
    for (const each of [...pending].filter(({ endsAt }) => endsAt <= now())) {
      pending.delete(each)
      if (each.outcome.delivered) {
        arrived.push({ url: each.delivery.url, accountId: each.delivery.accountId, at: now() })
      }
      each.resolve(each.outcome)
    }
    await turn()
  }
  return {
    bench,
    arrived,
    most,
    async run(ms: number) {
      for (const until = now() + ms; now() < until; ) await step()
    },
  }
}

const told = (count: number, urlOf: (i: number) => string, accountId = 12): Telling[] =>
  Array.from({ length: count }, (_, i) => ({ accountId, urls: [urlOf(i)] }))

describe.each(engines())('on %s', engine => {
  test('A14: a silent receiver with a hundred callbacks delays nobody else', async () => {
    const { bench, arrived, run } = await simulate(engine)
    await bench.happen(told(100, () => 'http://silent.example/'))
    await run(1_000)
    await bench.happen([{ accountId: 13, urls: ['http://well.example/'] }, { urls: ['http://other.example/'] }])
    const at = bench.now()
    await run(200)
    expect(arrived.map(({ url, at: then }) => [url, then - at <= 200])).toEqual([
      ['http://well.example/', true],
      ['http://other.example/', true],
    ])
    await bench.sender.stop()
  })

  test('A14: one account with a silent receiver of many names leaves room for others', async () => {
    const { bench, arrived, most, run } = await simulate(engine)
    await bench.happen(told(2_000, i => `http://silent${i}.example/`))
    await run(1_000)
    await bench.happen(told(20, i => `http://well${i}.example/`, 13))
    await run(1_000)
    expect(arrived).toHaveLength(20)
    expect(most.account).toBeLessThanOrEqual(LIMITS.account)
    expect(most.all).toBeLessThanOrEqual(LIMITS.total)
    await bench.sender.stop()
  })
})

test.each([
  ['one account', (_: number) => 12],
  ['ten accounts', (i: number) => 12 + (i % 10)],
])('10,000 waiting deliveries and 1,000 receivers of which half hang, of %s: the others get theirs within 2 s', async (_, accountOf) => {
  const { bench, arrived, most, run } = await simulate('sqlite')
  const receiver = (i: number) => `http://${i % 2 ? 'silent' : 'well'}${i % 1000}.example/${i}`
  await bench.happen(Array.from({ length: 10_000 }, (_, i) => ({ accountId: accountOf(i), urls: [receiver(i)] })))
  const at = bench.now()
  await run(2_000)
  expect(arrived).toHaveLength(5_000)
  expect(Math.max(...arrived.map(each => each.at - at))).toBeLessThanOrEqual(2_000)
  // and so it is while the silent ones are tried again and again
  for (let later = 0; later < 4; later++) {
    await run(6_000)
    arrived.length = 0
    await bench.happen(Array.from({ length: 500 }, (_, i) => ({ urls: [`http://well${i * 2}.example/later`] })))
    await run(2_000)
    expect(arrived).toHaveLength(500)
  }
  expect(most.all).toBeLessThanOrEqual(LIMITS.total)
  expect(most.receiver).toBeLessThanOrEqual(LIMITS.receiver)
  await bench.sender.stop()
  const { items } = await bench.core.outbox.deliveries({ status: 'waiting' }, { limit: 1_000, offset: 0 })
  // whoever hangs gets its attempts all the same, and all of them one after the other
  expect(items.length).toBeGreaterThan(0)
  expect(await bench.core.outbox.deliveries({ status: 'failed' }, { limit: 1, offset: 0 })).toMatchObject({
    total: 0,
  })
})
