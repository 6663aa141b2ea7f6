/** Wishes of one account that wait at the same time, and what becomes of them when their unit fails. */
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Fault } from '../../core/ground/fault.ts'
import type { Caller } from '../../core/ground/model.ts'
import { createRunTogether, createTogether } from '../../core/ground/together.ts'
import type { Context, Unit } from '../../core/ground/unit.ts'

type Answers = readonly (string | undefined)[]

interface Group {
  wishes: readonly number[]
  answer(results?: Answers): void
  fail(error: unknown): void
}

/** Units stand still until a test says what becomes of them. */
function bench() {
  const groups: Group[] = []
  const alone: number[] = []
  const serveAlone = async (wish: number) => {
    alone.push(wish)
    if (wish < 0) throw new Error(`${wish} is refused`)
    return `${wish} alone`
  }
  const together = createTogether<number, string>(
    serveAlone,
    wishes =>
      new Promise<Answers>((resolve, reject) => {
        const answer = (results: Answers = wishes.map(wish => `${wish} together`)) => resolve(results)
        groups.push({ wishes, answer, fail: reject })
      }),
  )
  /** What each is told, in order. */
  const ask = (accountId: number, ...wishes: number[]) =>
    Promise.all(wishes.map(wish => together(accountId, wish).catch(error => error as Error)))
  return { groups, alone, ask, sizes: () => groups.map(({ wishes }) => wishes.length) }
}

const from = (first: number, count: number) => Array.from({ length: count }, (_, n) => first + n)

/** As long as anything could begin. */
async function settled() {
  for (let n = 0; n < 10; n++) await turn()
}

const away = () => new Fault('temporarily_unavailable', {})

it('one that nobody is in front of is served at once, and those that arrive meanwhile together, in order', async () => {
  const { groups, ask } = bench()
  const first = ask(1, 1)
  await settled()
  const others = [ask(1, 2), ask(1, 3, 4)]
  await settled()
  expect(groups.map(({ wishes }) => wishes)).toEqual([[1], [2, 3, 4]])
  groups[1]?.answer()
  expect(await Promise.all(others)).toEqual([['2 together'], ['3 together', '4 together']])
  groups[0]?.answer()
  expect(await first).toEqual(['1 together'])
})

it('no more than 32 are one unit, and no more than two units of an account are under way', async () => {
  const { groups, sizes, ask } = bench()
  const all = ask(1, ...from(0, 100))
  await settled()
  expect(sizes()).toEqual([32, 32])
  const late = ask(1, ...from(100, 5))
  await settled()
  expect(sizes()).toEqual([32, 32])
  groups[1]?.answer()
  await settled()
  expect(sizes()).toEqual([32, 32, 32])
  groups[0]?.answer()
  await settled()
  expect(sizes()).toEqual([32, 32, 32, 9])
  for (const each of groups.slice(2)) each.answer()
  expect([...(await all), ...(await late)]).toEqual(from(0, 105).map(n => `${n} together`))
  expect(groups.flatMap(({ wishes }) => wishes)).toEqual(from(0, 105))
})

it('who comes while two units are under way waits, also where nobody waited before', async () => {
  const { groups, sizes, ask } = bench()
  const all = [ask(1, 1)]
  await settled()
  all.push(ask(1, 2))
  await settled()
  all.push(ask(1, 3))
  await settled()
  expect(sizes()).toEqual([1, 1])
  for (let n = 0; n < 3; n++) {
    groups[n]?.answer()
    await settled()
  }
  expect((await Promise.all(all)).flat()).toEqual(['1 together', '2 together', '3 together'])
})

it('a unit of several: whose it is, what they share, and what it guesses but once', async () => {
  const [one, two] = [1, 2].map(userId => ({
    ...{ account: { payerId: 7 }, actor: { accountId: 7, userId }, trace: { changes: [], eventIds: [] } },
  })) as unknown as [Caller, Caller]
  const lanes: unknown[] = []
  // what was guessed wrong the first time is run again
  const write = async (body: (db: unknown) => Promise<unknown>, { lane }: { lane?: unknown } = {}) => {
    lanes.push(lane)
    await body({})
    return body({})
  }
  const flushed: unknown[] = []
  const tallies: unknown[] = []
  const context = {
    store: { write, engine: {} },
    clock: { now: () => 5 },
    onCommitted: [(each: unknown) => tallies.push(each)],
  }
  const run = createRunTogether(context as unknown as Context, async unit => void flushed.push(unit))
  const seen: Unit[][] = []
  const result = await run([one, two], async units => {
    seen.push([...units])
    for (const unit of units) unit.trace?.eventIds.push(Number(unit.actor.userId))
    return 'done'
  })
  expect([result, lanes, seen.length]).toEqual(['done', [7], 2])
  for (const units of seen) {
    const [first, second] = units as [Unit, Unit]
    expect([second.ids, second.stock, second.arrivals]).toEqual([first.ids, first.stock, first.arrivals])
    expect(second.ids === first.ids && second.stock === first.stock && second.arrivals === first.arrivals).toBe(true)
  }
  expect(seen.map(units => units.map(({ mayGuess }) => mayGuess))).toEqual([
    [true, true],
    [false, false],
  ])
  expect(flushed).toEqual(seen.map(([first]) => first))
  expect(tallies).toEqual(seen[1]?.map(({ tally }) => tally))
  expect([one, two].map(({ trace }) => trace?.eventIds)).toEqual([[1], [2]])
})

it('accounts do not wait for each other, and one that was done with begins anew', async () => {
  const { groups, ask } = bench()
  const one = ask(1, ...from(0, 70))
  const two = ask(2, 1000)
  await settled()
  expect(groups.map(({ wishes }) => wishes[0])).toEqual([0, 1000, 32])
  for (const each of groups) each.answer()
  await settled()
  for (const each of groups) each.answer()
  await Promise.all([one, two])
  await settled()
  const again = ask(1, 5)
  await settled()
  groups.at(-1)?.answer()
  expect(await again).toEqual(['5 together'])
})

it('what could not be done with the others is done alone, and holds up nobody', async () => {
  const { groups, alone, ask } = bench()
  const asked = ask(1, 1, -2, 3, 4)
  await settled()
  groups[0]?.answer(['1 together', undefined, undefined, '4 together'])
  expect((await asked).map(String)).toEqual(['1 together', 'Error: -2 is refused', '3 alone', '4 together'])
  expect(alone).toEqual([-2, 3])
})

it('what is refused to all of them is asked for each, and what of them is right is done', async () => {
  const { groups, alone, ask } = bench()
  const asked = ask(1, 1, -2, 3)
  await settled()
  groups[0]?.fail(new Fault('forbidden', { reason: 'inactive' }))
  expect((await asked).map(String)).toEqual(['1 alone', 'Error: -2 is refused', '3 alone'])
  expect(alone).toEqual([1, -2, 3])
})

it('where the database is away, those that wait hear it with those that were under way, and nothing is tried again', async () => {
  const { groups, sizes, alone, ask } = bench()
  const asked = ask(1, ...from(0, 70))
  const other = ask(2, 1000)
  await settled()
  const fault = away()
  groups[0]?.fail(fault)
  await settled()
  groups.find(({ wishes }) => wishes[0] === 32)?.answer()
  groups.find(({ wishes }) => wishes[0] === 1000)?.answer()
  const told = await asked
  expect(told.filter(each => each === fault)).toHaveLength(32 + 6)
  expect(told.slice(32, 64)).toEqual(from(32, 32).map(n => `${n} together`))
  expect(await other).toEqual(['1000 together'])
  expect([alone, sizes()]).toEqual([[], [32, 1, 32]])
})

it('what else fails is told to those it happened to, and is not tried again; who waits is served', async () => {
  const { groups, alone, ask } = bench()
  const asked = ask(1, ...from(0, 70))
  await settled()
  const error = new Error('a broken unit')
  groups[0]?.fail(error)
  await settled()
  for (const each of groups.slice(1)) each.answer()
  const told = await asked
  expect(told.filter(each => each === error)).toHaveLength(32)
  expect(told.slice(32)).toEqual(from(32, 38).map(n => `${n} together`))
  expect(alone).toEqual([])
})
