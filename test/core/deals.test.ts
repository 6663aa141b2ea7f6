/** Numbers of several orders that one unit takes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../core/ground/model.ts'
import { insertOrders, takeAll } from '../../core/numbers/take.ts'
import { engines } from '../support/engines.ts'
import { ACME, market, numbers, within } from '../support/market.ts'
import { openWorlds } from '../support/world.ts'

const STOCK = numbers(4).map(({ e164 }) => String(e164))

describe.each(engines())('several orders in one unit on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  it('each takes its own numbers, with the settings and routes that it was given, and no other', async () => {
    const w = await worlds.open(market(numbers(4)))
    const account = (await w.core.accounts.get(ACME)) as Account
    const taker = { account, user: null }
    const sizes = [2, 1, 1]
    const orders = await within(w, async unit => {
      const rows = await unit.db.selectFrom('numbers').selectAll().orderBy('id').execute()
      const orderIds = await insertOrders(unit, taker, sizes)
      const deals = orderIds.map((orderId, n) => ({
        ...{ unit, orderId, rows: rows.splice(0, sizes[n]) },
        terms: {
          settings: { dialect: 'any', value: { order: n } },
          routes: n === 2 ? [] : [{ priority: 1, kind: 'sip' as const, target: `sip:order${n}@example.net` }],
        },
      }))
      return takeAll(unit, taker, deals)
    })
    const told = (owned: (typeof orders)[number]) =>
      owned.map(({ number, settings, routes }) => [number.e164, settings, routes.map(({ target }) => target)])
    const ofFirst = [{ order: 0 }, ['sip:order0@example.net']]
    expect(orders.map(told)).toEqual([
      [
        [STOCK[0], ...ofFirst],
        [STOCK[1], ...ofFirst],
      ],
      [[STOCK[2], { order: 1 }, ['sip:order1@example.net']]],
      [[STOCK[3], { order: 2 }, []]],
    ])
    const shown = await Promise.all(STOCK.map(e164 => w.core.numbers.leaseOf(e164, 'any')))
    expect(told(shown.flatMap(each => each ?? []))).toEqual(orders.flatMap(told))
  })
})
