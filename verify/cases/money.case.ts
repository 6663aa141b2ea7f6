import { expectEqual, expectTrue, notApplicable } from '../../adapters/kit/expect.ts'
import type { Bench, ContractCase } from './case.ts'

/** More purchases than this are not made to find out where an account's money ends. */
const MOST_PURCHASES = 12

async function balanceOf({ balance }: Bench, who: 'rich' | 'poor'): Promise<number> {
  if (!balance) throw notApplicable('no operation of the dialect shows a balance')
  return balance(who)
}

/** Buys until the money is gone; the number that could not be paid, and what was left then. */
async function spend(bench: Bench): Promise<{ dear: string; left: number | undefined }> {
  for (let i = 0; i < MOST_PURCHASES; i++) {
    const e164 = await bench.number()
    const left = await bench.balance?.('poor')
    const outcome = await bench.poor.buy(e164)
    if (outcome === 'unaffordable') return { dear: e164, left }
    expectEqual(outcome, 'bought', 'purchase while the money lasts')
  }
  throw notApplicable(`the second account can pay more than ${MOST_PURCHASES} numbers`)
}

export const moneyCases: readonly ContractCase[] = [
  {
    name: 'a purchase costs set-up and first period, once',
    changes: true,
    async run(bench) {
      const before = await balanceOf(bench, 'rich')
      const e164 = await bench.number()
      expectEqual(await bench.rich.buy(e164), 'bought', 'purchase')
      const after = await balanceOf(bench, 'rich')
      const price = bench.price(e164)
      expectTrue(after < before, `the balance ${before} fell`)
      if (price !== undefined) expectEqual(after.toFixed(2), (before - price).toFixed(2), 'balance')
      await bench.rich.buy(e164)
      expectEqual(await balanceOf(bench, 'rich'), after, 'balance after a second attempt')
    },
  },
  {
    name: 'what cannot be paid is not bought',
    changes: true,
    async run(bench) {
      const { dear, left } = await spend(bench)
      const price = bench.price(dear)
      if (left !== undefined && price !== undefined) expectTrue(left < price, `${left} does not cover ${price}`)
      expectEqual(await bench.balance?.('poor'), left, 'balance after the refusal')
      expectTrue(!(await bench.owned('poor')).includes(dear), `${dear} is not owned`)
      expectEqual(await bench.rich.buy(dear), 'bought', 'somebody else buys it')
    },
  },
  {
    name: 'a release gives no money back',
    changes: true,
    needs: ['release'],
    async run(bench) {
      await balanceOf(bench, 'rich')
      const e164 = await bench.number()
      await bench.rich.buy(e164)
      const before = await balanceOf(bench, 'rich')
      await bench.rich.release(e164)
      const after = await balanceOf(bench, 'rich')
      expectTrue(after <= before, `the balance ${before} did not grow: ${after}`)
    },
  },
]
