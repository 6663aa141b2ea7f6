/** Who gets the attempts that one process can have under way at once. */
import { expect, it } from 'vitest'
import { createSlots, type Limits } from '../../src/callbacks/slots.ts'

const due = (id: number, receiver: string, accountId = 1) => ({ id, receiver, accountId })

/** Room for everybody, but for what is named. */
function open(limits: Partial<Limits>) {
  const slots = createSlots({ total: 1000, account: 1000, silent: 1000, receiver: 1000, ...limits })
  return {
    ...slots,
    choose: (...waiting: ReturnType<typeof due>[]) =>
      slots
        .choose(waiting)
        .map(({ id }) => id)
        .sort((a, b) => a - b),
  }
}

it('no receiver gets a second callback while another waits for a first', () => {
  const { choose } = open({ total: 4 })
  expect(choose(due(1, 'a'), due(2, 'a'), due(3, 'b'), due(4, 'c'), due(5, 'd', 2))).toEqual([1, 3, 4, 5])
})

it('no receiver gets a second callback while another of its account waits for a first, however much room there is', () => {
  const { choose } = open({ account: 3 })
  expect(choose(due(1, 'a'), due(2, 'a'), due(3, 'b'), due(4, 'c'))).toEqual([1, 3, 4])
})

it('no account gets a second callback while another waits for a first, of however many receivers', () => {
  const { choose, free } = open({ total: 2 })
  expect(choose(due(1, 'a'), due(2, 'b'), due(3, 'c', 2))).toEqual([1, 3])
  free(3, true)
  expect(choose(due(4, 'd'), due(5, 'e', 3))).toEqual([5])
})

it('no account has more callbacks under way than it may, and no callback is under way twice', () => {
  const { choose, free } = open({ account: 2 })
  expect(choose(due(1, 'a'), due(2, 'b'), due(3, 'c'), due(4, 'd', 2))).toEqual([1, 2, 4])
  expect(choose(due(4, 'd', 2))).toEqual([])
  free(1, true)
  free(1, true)
  expect(choose(due(5, 'e'), due(6, 'f'))).toEqual([5])
})

it('no more callbacks are under way than there may be, and then nothing is worth looking at', () => {
  const { choose, depth, free } = open({ total: 2 })
  expect(depth()).toBe(1)
  expect(choose(due(1, 'a'), due(2, 'b', 2), due(3, 'c', 3))).toHaveLength(2)
  expect(depth()).toBe(0)
  expect(choose(due(4, 'd', 4))).toEqual([])
  free(1, true)
  expect(depth()).toBe(1)
})

it('one receiver has some callbacks under way at once, and fewer the more are under way', () => {
  const many = (from: number, receiver: string) => Array.from({ length: 20 }, (_, n) => due(from + n, receiver))
  const { choose } = open({ receiver: 8 })
  expect(choose(...many(0, 'a'))).toHaveLength(8)
  const crowded = open({ total: 100, receiver: 8 })
  const first = crowded.choose(...many(0, 'a')).length
  const others = Array.from({ length: 50 }, (_, n) => due(100 + n, `other ${n}`))
  expect([first > 1, first < 8, crowded.choose(...others).length]).toEqual([true, true, 50])
  expect(crowded.choose(...many(200, 'z'))).toHaveLength(1)
})

it('receivers that were silent get one callback at a time, and less room together, until they answer', () => {
  const { choose, free } = open({ silent: 1 })
  expect(choose(due(1, 'a'), due(2, 'b'))).toEqual([1, 2])
  for (const id of [1, 2]) free(id, false)
  expect(choose(due(3, 'a'), due(4, 'a'), due(5, 'b'), due(6, 'c'), due(7, 'c'))).toEqual([3, 6, 7])
  expect(choose(due(5, 'b'))).toEqual([])
  free(3, false)
  expect(choose(due(5, 'b'))).toEqual([5])
  expect(choose(due(8, 'a'))).toEqual([])
  free(5, true)
  expect(choose(due(8, 'a'), due(9, 'b'), due(10, 'b'))).toEqual([8, 9, 10])
  expect(open({ silent: 0 }).choose(due(1, 'a'))).toEqual([1])
})

it('a receiver that was silent gets none while as many are under way as there may be', () => {
  const { choose, free } = open({ total: 2 })
  choose(due(1, 'a'))
  free(1, false)
  expect(choose(due(2, 'b'), due(3, 'c'))).toEqual([2, 3])
  expect(choose(due(4, 'a'))).toEqual([])
  free(2, true)
  expect(choose(due(4, 'a'))).toEqual([4])
})

it('one silent receiver gets one callback at a time, however much room there is', () => {
  const { choose, free } = open({})
  choose(due(1, 'a'))
  free(1, false)
  expect(choose(due(2, 'a'), due(3, 'a'))).toEqual([2])
})

it('what was not tried tells nothing of its receiver', () => {
  const { choose, free } = open({})
  expect(choose(due(1, 'a'), due(2, 'b'))).toEqual([1, 2])
  free(1)
  free(2, false)
  expect(choose(due(3, 'a'), due(4, 'a'), due(5, 'b'), due(6, 'b'))).toEqual([3, 4, 5])
  free(5)
  expect(choose(due(6, 'b'), due(7, 'b'))).toEqual([6])
})

it('of ten thousand receivers is remembered whether they answered, and no more are kept in mind', () => {
  const { choose, free } = open({ total: 100_000, account: 100_000 })
  const fail = (...receivers: string[]) => {
    const ids = choose(...receivers.map((receiver, n) => due(n, receiver)))
    for (const id of ids) free(id, false)
  }
  fail('first', 'second', ...Array.from({ length: 9_998 }, (_, n) => `other ${n}`))
  fail('first') // the one that was heard of longest ago is the second
  fail('one more')
  const attempts = (receiver: string) => choose(due(-1, receiver), due(-2, receiver)).length
  expect(attempts('second')).toBe(2)
  for (const id of [-1, -2]) free(id)
  for (const receiver of ['first', 'other 1', 'other 9997', 'one more']) {
    expect([receiver, attempts(receiver)]).toEqual([receiver, 1])
    free(-1)
  }
})

it('the receiver whose last turn is longest ago is served first, so that a full house starves nobody', () => {
  const slots = createSlots({ total: 2, account: 9, silent: 9, receiver: 1 })
  const served: string[] = []
  let id = 0
  for (let round = 0; round < 3; round++) {
    const waiting = ['a', 'b', 'c', 'd', 'e', 'f'].map(receiver => due(++id, receiver))
    const chosen = slots.choose(waiting)
    served.push(...chosen.map(({ receiver }) => receiver))
    for (const each of chosen) slots.free(each.id, true)
  }
  expect(served.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
})
