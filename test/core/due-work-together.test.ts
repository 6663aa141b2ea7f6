/** The runner of due work: what shares a unit, and what a clock that is set does. */
import { describe, expect, it } from 'vitest'
import type { Context, RunUnit, Unit } from '../../core/ground/unit.ts'
import { createJobs } from '../../core/upkeep/jobs.ts'
import { read, work } from '../support/due-work.ts'

describe('work that can be done together', () => {
  /** As many as there are before the first whose id can be divided by seven; `isBroken`: none. */
  function together({ log, source, finish }: ReturnType<typeof work>, isBroken = false) {
    return source('a', {
      async runTogether(unit, dues) {
        if (isBroken) throw new Error('broken')
        const end = dues.findIndex(({ id }) => id % 7 === 0)
        const done = end < 0 ? dues : dues.slice(0, end)
        if (done.length > 0) log.push(`a ${done.map(({ id }) => id).join('+')} at ${unit.now}`)
        for (const { id } of done) finish('a', id)
        return done.length
      },
    })
  }
  const things = [1, 2, 3, 7, 8, 9, 10, 11, 14, 15].map(id => ({ id, at: id }))

  it('shares a unit up to what must go alone, or is of another kind, and keeps the order', async () => {
    const all = work('postgres')
    all.add('a', ...things)
    all.add('b', { id: 1, at: 9.5 }, { id: 2, at: 20 }, { id: 3, at: 21 })
    const ran = await all.jobs([together(all), all.source('b')]).runDue()
    expect(all.log).toEqual([
      ...['a 1+2+3 at 1', 'a 7 at 7', 'a 8+9 at 8', 'b 1 at 9.5', 'a 10+11 at 10', 'a 14 at 14', 'a 15 at 15'],
      ...['b 2 at 20', 'b 3 at 21'],
    ])
    expect(ran).toEqual([
      { job: 'a', count: 10 },
      { job: 'b', count: 3 },
    ])
  })

  it('goes one by one where it goes wrong together, and where units share commits anyway', async () => {
    for (const [engine, isBroken] of [
      ['postgres', true],
      ['sqlite', false],
    ] as const) {
      const all = work(engine)
      all.add('a', ...things)
      expect(await all.jobs([together(all, isBroken)]).runDue()).toEqual([{ job: 'a', count: 10 }])
      expect(all.log).toEqual(things.map(({ id, at }) => `a ${id} at ${at}`))
    }
  })
})

describe('a clock', () => {
  const bench = (isStored: boolean) => {
    const said: string[] = []
    let now = 0
    const clock = {
      now: () => now,
      ...(isStored && {
        refresh: async () => void said.push('refresh'),
        freeze: async (isFrozen: boolean) => void said.push(`freeze ${isFrozen}`),
        moveTo: async (at: number) => {
          now = at
        },
        moveBy: async (ms: number) => {
          now += ms
        },
      }),
    }
    const { log, add, source } = work('sqlite')
    add('a', { id: 1, at: 10 }, { id: 2, at: 20 })
    const store = { engine: { name: 'sqlite' }, read }
    const run = async (_: unknown, fn: (unit: Unit) => unknown, { at }: { at: number }) => fn({ now: at } as Unit)
    const context = { store, clock } as unknown as Context
    const tidy = async () => void said.push(`tidy after ${log.length}`)
    return { jobs: createJobs(context, run as RunUnit, [source('a')], tidy), said }
  }

  it('that is set does what falls due on the way, and then tidies', async () => {
    const { jobs, said } = bench(true)
    expect(await jobs.runDue()).toEqual([])
    expect(await jobs.advanceTo(10)).toEqual([{ job: 'a', count: 1 }])
    expect(await jobs.advanceBy(10)).toEqual([{ job: 'a', count: 1 }])
    await jobs.freeze(true)
    expect(said).toEqual(['refresh', 'tidy after 1', 'tidy after 2', 'freeze true'])
  })

  it('that cannot be set says so', async () => {
    const { jobs } = bench(false)
    expect(await jobs.runDue()).toEqual([])
    const settings = [() => jobs.advanceTo(1), () => jobs.advanceBy(1), async () => jobs.freeze(true)]
    for (const set of settings) await expect(set()).rejects.toThrow('cannot be set')
  })
})
