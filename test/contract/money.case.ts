import { type Bench, type ContractCase, expectEqual, expectTrue, PRICE } from './case.ts'

const balanceOf = async ({ balance }: Bench, who: 'rich' | 'poor') => (balance ? balance(who) : undefined)

export const moneyCases: readonly ContractCase[] = [
  {
    name: 'a purchase costs set-up and first period, once',
    async run(bench) {
      const before = await balanceOf(bench, 'rich')
      const e164 = bench.number()
      await bench.rich.buy(e164)
      await bench.rich.buy(e164)
      if (before !== undefined) expectEqual(await balanceOf(bench, 'rich'), before - PRICE, 'balance')
    },
  },
  {
    name: 'what cannot be paid is not bought',
    async run(bench) {
      const [first, second] = [bench.number(), bench.number()]
      expectEqual(await bench.poor.buy(first), 'bought', 'the one that can be paid')
      const left = await balanceOf(bench, 'poor')
      expectEqual(await bench.poor.buy(second), 'unaffordable', 'the one that cannot')
      expectEqual(await balanceOf(bench, 'poor'), left, 'balance after the refusal')
      expectTrue(!(await bench.poor.owned()).includes(second), `${second} is not owned`)
      expectEqual(await bench.rich.buy(second), 'bought', 'somebody else buys it')
    },
  },
  {
    name: 'a release gives no money back',
    async run(bench) {
      const e164 = bench.number()
      await bench.rich.buy(e164)
      const before = await balanceOf(bench, 'rich')
      await bench.rich.release(e164)
      expectEqual(await balanceOf(bench, 'rich'), before, 'balance')
    },
  },
]
