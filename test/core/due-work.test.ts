/** The runner of due work: each thing once, in due order, and none for the sake of another undone. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../core/ground/clock.ts'
import type { Due, JobSource } from '../../core/ground/due.ts'
import type { Context, RunUnit, Unit } from '../../core/ground/unit.ts'
import { createJobs } from '../../core/upkeep/jobs.ts'

const NEVER = Number.MAX_SAFE_INTEGER

/** A database answers in a later turn. */
async function read(fn: (db: undefined) => unknown) {
  await nextTurn()
  return fn(undefined)
}

/** Things that are due until they are done, and what was done with them in its order. */
function work(engine: string) {
  const log: string[] = []
  const due = new Map<string, Due[]>()
  const engineOf = { name: engine }
  const store = { engine: engineOf, read }
  const run = async (_: unknown, fn: (unit: Unit) => unknown, { at }: { at: number }) => fn({ now: at } as Unit)
  const add = (name: string, ...things: Due[]) => {
    const all = [...(due.get(name) ?? []), ...things]
    due.set(
      name,
      all.sort((a, b) => a.at - b.at || a.id - b.id),
    )
  }
  const finish = (name: string, id: number) => {
    const left = due.get(name) ?? []
    due.set(
      name,
      left.filter(each => each.id !== id),
    )
  }
  const source = (name: string, more: Partial<JobSource> = {}): JobSource => ({
    name,
    due: async (_, until, limit) => (due.get(name) ?? []).filter(({ at }) => at <= until).slice(0, limit),
    async run(unit, id) {
      log.push(`${name} ${id} at ${unit.now}`)
      finish(name, id)
      return true
    },
    ...more,
  })
  const jobs = (sources: JobSource[], now = NEVER) => {
    const context = { store, clock: { now: () => now } } as unknown as Context
    return createJobs(context, run as RunUnit, sources, async () => {})
  }
  return { log, add, finish, source, jobs }
}

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
