/** Buyers of one account wait for its balance in the process: the connections are there for the others. */
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { createTurns } from '../../core/store/turns.ts'
import { shopWorld } from '../adapters/onsip/shop.ts'
import { account } from '../contract/world.ts'
import { postgresIsHere } from '../support/engines.ts'
import { openWorlds } from '../support/world.ts'

const PATIENCE_MS = 60_000

describe('turns', () => {
  /** Takes and notes its name when it is its turn. */
  function market(most: number) {
    const turns = createTurns(most, PATIENCE_MS)
    const had: string[] = []
    return {
      ...{ turns, had },
      ask: (lane: number, name: string) => turns.take(lane).then(() => void had.push(name)),
      settle: () => new Promise(resolve => setImmediate(resolve)),
    }
  }

  it('a lane gets half of all, and what is given back goes round the lanes', async () => {
    const { turns, had, ask, settle } = market(4)
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) void ask(1, name)
    await settle()
    expect(had).toEqual(['a1', 'a2'])
    for (const name of ['b1', 'b2', 'b3']) void ask(2, name)
    for (const name of ['c1', 'c2']) void ask(3, name)
    await settle()
    expect(had).toEqual(['a1', 'a2', 'b1', 'b2'])
    for (const lane of [1, 2, 1, 2, 2, 3, 1, 3, 1, 1]) {
      turns.give(lane)
      await settle()
    }
    // c, who came last, waited for one of each of the others at most
    expect(had).toEqual(['a1', 'a2', 'b1', 'b2', 'a3', 'b3', 'c1', 'a4', 'c2', 'a5'])
    await Promise.all([1, 2, 3, 4].map(lane => turns.take(lane))) // nothing is lost
  })

  it('one connection alone is everybody’s', async () => {
    const { turns, had, ask, settle } = market(1)
    for (const name of ['a1', 'a2']) void ask(1, name)
    void ask(2, 'b1')
    await settle()
    turns.give(1)
    await settle()
    expect(had).toEqual(['a1', 'a2'])
    turns.give(1)
    await settle()
    expect(had).toEqual(['a1', 'a2', 'b1'])
  })

  it('whoever waits is told when there is nothing to wait for', async () => {
    const { turns, ask, settle } = market(1)
    void ask(1, 'a1')
    const waiting = [ask(1, 'a2'), ask(2, 'b1')]
    turns.refuse(new Error('gone'))
    const ends = await Promise.allSettled(waiting)
    expect(ends.map(end => end.status)).toEqual(['rejected', 'rejected'])
    turns.give(1)
    await ask(2, 'b2')
    await settle()
  })
})

describe.skipIf(!postgresIsHere)('buyers that wait for a balance on PostgreSQL', () => {
  it('of one account leave connections to all others', async () => {
    const worlds = await openWorlds('postgres', { connections: 4 })
    const shop = shopWorld(200, '1000.00')
    const world = await worlds.open({ ...shop, accounts: [...(shop.accounts ?? []), account(13, '1000.00')] })
    const { core } = world
    const callerOf = async (id: number) => core.accounts.callerFor((await core.accounts.get(id)) as never)
    const [acme, other] = [await callerOf(12), await callerOf(13)]
    const line = { filter: { npaNxx: '212789' }, quantity: 1 }
    const claim = (caller: typeof acme) => core.numbers.claim(caller, [line], { partial: false, documents: 'refuse' })
    const outside = new pg.Client(worlds.url)
    await outside.connect()
    await outside.query('BEGIN; SELECT 1 FROM balances WHERE account_id = 12 FOR UPDATE')
    const waiting = Array.from({ length: 20 }, () => claim(acme))
    let bought = 0
    const all = Promise.all(waiting.map(each => each.then(() => bought++)))
    await claim(other)
    expect((await core.numbers.search({ npaNxx: '212789' }, { limit: 5, offset: 0 })).items).toHaveLength(5)
    expect(bought).toBe(0)
    await outside.query('COMMIT')
    await outside.end()
    await all
    expect(await core.invariants()).toMatchObject({ ok: true })
    await worlds.drop()
  })
})
