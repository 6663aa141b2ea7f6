import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { openWorlds } from '../../support/world.ts'
import { B, N1, vobizClient, vobizWorld } from './client.ts'

const MICROS = 1_000_000

describe.each(engines())('sums of Vobiz transactions on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const inr = {
    ...{ total_debit: 400, total_credit: 1000, net_amount: 600 },
    by_reference_type: [
      { reference_type: 'did_rental', total_debit: 400, total_credit: 0, count: 1 },
      { reference_type: 'payment', total_debit: 0, total_credit: 1000, count: 1 },
    ],
  }
  const payment = (currency: string, amount: number, count: number) => ({
    ...{ currency, total_transactions: count, total_debit: 0, total_credit: amount, net_amount: amount },
    by_reference_type: [{ reference_type: 'payment', total_debit: 0, total_credit: amount, count }],
  })

  async function spent() {
    const w = await worlds.open(vobizWorld)
    const client = vobizClient(w)
    await client.buy(N1, B)
    for (const [currency, amount] of [
      ['USD', 20],
      ['USD', 5],
      ['EUR', 30],
    ] as const) {
      await w.core.ledger.topUp(null, 3, currency, amount * MICROS)
    }
    return client
  }

  it('E10: amounts of several currencies are never added: the account’s own, and each by itself', async () => {
    const client = await spent()
    const { summary, total } = (await client.transactions('', B)).body
    expect(total).toBe(5)
    expect(summary).toEqual({
      ...inr,
      total_transactions: 5,
      currency: 'INR',
      by_currency: [payment('EUR', 30, 1), { currency: 'INR', total_transactions: 2, ...inr }, payment('USD', 25, 2)],
    })
  })

  it('E10: a client that takes no other members gets the documented ones alone', async () => {
    const client = await spent()
    const headers = { 'x-fern-language': 'Python' }
    const { body } = await client.ask('GET', `/Account/${B}/transactions`, { as: B, headers })
    expect(body.summary).toEqual({ ...inr, total_transactions: 5 })
  })

  it('E10: of the currency asked for, in any case, and nothing else', async () => {
    const client = await spent()
    const { currency: _, ...usd } = payment('USD', 25, 2)
    for (const asked of ['USD', 'usd']) {
      expect((await client.transactions(`?currency=${asked}`, B)).body.summary).toEqual(usd)
    }
    expect((await client.transactions('?currency=INR', B)).body.summary).toEqual({ total_transactions: 2, ...inr })
    expect((await client.transactions('?currency=GBP', B)).body.summary).toMatchObject({
      total_transactions: 0,
      net_amount: 0,
    })
  })

  it('E10: where a filter leaves one foreign currency, the sums are of that', async () => {
    const client = await spent()
    const { summary } = (await client.transactions('?reference_type=payment&currency=EUR', B)).body
    expect(summary).toMatchObject({ total_credit: 30, net_amount: 30 })
  })
})
