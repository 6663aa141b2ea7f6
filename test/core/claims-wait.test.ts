/** "Any n numbers" while somebody else works on some of them: PostgreSQL alone, because SQLite has one writer. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { ACME, callerOf, market, numbers, sound } from '../support/market.ts'
import { locked } from '../support/under-way.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [FIRST, SECOND, THIRD] = numbers(3).map(({ e164 }) => e164 as string) as [string, string, string]

async function claim(w: TestWorld, quantity: number, partial: boolean): Promise<string[]> {
  const terms = { documents: 'allow', partial } as const
  const { owned } = await w.core.numbers.claim(await callerOf(w, ACME), [{ filter: {}, quantity }], terms)
  return owned.map(({ number }) => number.e164).sort()
}

const [engine] = engines(['postgres'])

describe.skipIf(engine === undefined)('any numbers on postgres', () => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds('postgres', { connections: 4 })
  })
  afterAll(() => worlds.drop())

  it('nobody waits for a number that somebody else works on while there are others', async () => {
    const w = await worlds.open(market(numbers(3)))
    const release = await locked(w, FIRST)
    expect(await claim(w, 2, false)).toEqual([SECOND, THIRD])
    await release()
    await sound(w)
  })

  it('who takes what there is does not wait for more', async () => {
    const w = await worlds.open(market(numbers(3)))
    const release = await locked(w, SECOND)
    expect(await claim(w, 3, true)).toEqual([FIRST, THIRD])
    await release()
    expect(await claim(w, 3, true)).toEqual([SECOND])
    await sound(w)
  })

  it('who needs all waits for those that are worked on, and gets each once', async () => {
    const w = await worlds.open(market(numbers(3)))
    const release = await locked(w, SECOND)
    let isOver = false
    const all = claim(w, 3, false).finally(() => {
      isOver = true
    })
    while ((await waiting(w)) === 0 && !isOver) await new Promise(resolve => setTimeout(resolve, 20))
    expect(isOver).toBe(false)
    await release()
    expect(await all).toEqual([FIRST, SECOND, THIRD])
    await sound(w)
  })

  it('two who name the same number at once: one gets it, whichever was first at its lock', async () => {
    const w = await worlds.open(market(numbers(3)))
    const release = await locked(w, FIRST)
    const caller = await callerOf(w, ACME)
    const named = [FIRST, [FIRST, SECOND]].map(each =>
      w.core.numbers.purchase(caller, [each].flat(), { documents: 'allow' }).then(
        ({ owned }) => owned.length,
        error => error.code as string,
      ),
    )
    while ((await waiting(w)) < 2) await new Promise(resolve => setTimeout(resolve, 20))
    await release()
    expect((await Promise.all(named)).filter(each => each === 'number_unavailable')).toHaveLength(1)
    await sound(w)
  })
})

/** Units that wait for a lock in this database. */
async function waiting({ store }: TestWorld): Promise<number> {
  const query = sql<{ n: number }>`SELECT count(*)::int AS n FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`
  return (await store.read(db => query.execute(db))).rows[0]?.n ?? 0
}
