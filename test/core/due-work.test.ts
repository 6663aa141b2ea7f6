/** The runner of due work: each thing once, in due order, and none for the sake of another undone. */
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../core/ground/clock.ts'
import type { JobSource } from '../../core/ground/due.ts'
import { work } from '../support/due-work.ts'

const many = (count: number, at: (n: number) => number) =>
  Array.from({ length: count }, (_, n) => ({ id: n, at: at(n) }))

describe.each(['sqlite', 'postgres'])('due work, as on %s', engine => {
  it('what is due is done once, at its time and in due order, however much there is of whatever kind', async () => {
    const { log, add, source, jobs } = work(engine)
    add('a', ...many(450, n => n))
    add('b', { id: 1, at: 100.5 }, { id: 2, at: 225.5 }, { id: 3, at: 1000 })
    const ran = await jobs([source('a'), source('b')], 900).runDue()
    const expected = many(450, n => n).map(({ id, at }) => `a ${id} at ${at}`)
    expected.splice(226, 0, 'b 2 at 225.5')
    expected.splice(101, 0, 'b 1 at 100.5')
    expect(log).toEqual(expected)
    expect(ran).toEqual([
      { job: 'a', count: 450 },
      { job: 'b', count: 2 },
    ])
  })

  it('of many things that are due at one instant none is left', async () => {
    const { log, add, source, jobs } = work(engine)
    add('a', ...many(450, () => 7))
    expect(await jobs([source('a')]).runDue()).toEqual([{ job: 'a', count: 450 }])
    expect(log).toHaveLength(450)
  })

  it('what falls due by what is done has its place in the order', async () => {
    const { log, add, source, jobs } = work(engine)
    add('a', { id: 1, at: 0 }, { id: 8, at: DAY_MS }, { id: 9, at: DAY_MS + 1 })
    const monthly = source('a')
    const first: JobSource = {
      ...monthly,
      run: async (unit, id) => {
        if (id === 1) add('a', { id: 2, at: DAY_MS })
        return monthly.run(unit, id)
      },
    }
    await jobs([first]).runDue()
    expect(log.map(each => each.split(' ')[1])).toEqual(['1', '2', '8', '9'])
  })

  it('however many things cannot be done, all others are, and each failure is told once', async () => {
    const { log, add, source, jobs } = work(engine)
    add('a', ...many(450, n => n), { id: 1000, at: 500 })
    add('b', { id: 1, at: 600 })
    let tries = 0
    const a = source('a')
    const broken: JobSource = {
      ...a,
      run: async (unit, id) => {
        if (id === 1000) return a.run(unit, id)
        tries++
        throw new Error(`broken ${id}`)
      },
    }
    const both = jobs([broken, source('b')])
    const error = await both.runDue().catch((failure: AggregateError) => failure)
    expect(error).toBeInstanceOf(AggregateError)
    const { errors } = error as AggregateError
    expect(errors.map(({ message }: Error) => message)).toEqual(many(450, n => n).map(({ id }) => `broken ${id}`))
    expect([tries, log]).toEqual([450, ['a 1000 at 500', 'b 1 at 600']])
    // and again by the next run
    await expect(both.runDue()).rejects.toThrow('450 due items failed')
    expect(tries).toBe(900)
  })

  it('what somebody else is at is passed over, and is not counted', async () => {
    const { add, source, jobs } = work(engine)
    add('a', ...many(3, n => n))
    let asked = 0
    const held = source('a', { run: async () => ++asked < 0 })
    expect(await jobs([held]).runDue()).toEqual([])
    expect(asked).toBe(3)
  })

  it('what is due again at the same instant once it is done is done again', async () => {
    const { add, source, finish, jobs } = work(engine)
    add('a', { id: 1, at: 5 })
    let months = 3
    const late = source('a', {
      run: async (_, id) => {
        if (--months === 0) finish('a', id)
        return true
      },
    })
    expect(await jobs([late]).runDue()).toEqual([{ job: 'a', count: 3 }])
  })
})
