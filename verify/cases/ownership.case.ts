import { expectEqual, expectTrue } from '../../adapters/kit/expect.ts'
import type { ContractCase } from './case.ts'

export const ownershipCases: readonly ContractCase[] = [
  {
    name: 'a bought number is owned by its buyer and off the shelf',
    changes: true,
    async run({ rich, number, owned }) {
      const e164 = await number()
      expectTrue(await rich.isAvailable(e164), `${e164} is on the shelf`)
      expectEqual(await rich.buy(e164), 'bought', 'purchase')
      expectTrue((await owned('rich')).includes(e164), `${e164} is owned`)
      expectTrue(!(await rich.isAvailable(e164)), `${e164} has left the shelf`)
    },
  },
  {
    name: 'a number is sold once',
    changes: true,
    async run({ rich, poor, number, owned }) {
      const e164 = await number()
      expectEqual(await rich.buy(e164), 'bought', 'first purchase')
      expectEqual(await rich.buy(e164), 'unavailable', 'second purchase by the same account')
      expectEqual(await poor.buy(e164), 'unavailable', 'purchase by another account')
      expectEqual((await owned('rich')).filter(each => each === e164).length, 1, 'times owned')
    },
  },
  {
    name: 'a released number is gone from its owner and can be bought again',
    changes: true,
    needs: ['release'],
    async run({ rich, number, owned }) {
      const e164 = await number()
      await rich.buy(e164)
      expectEqual(await rich.release(e164), 'released', 'release')
      expectTrue(!(await owned('rich')).includes(e164), `${e164} is no longer owned`)
      expectEqual(await rich.release(e164), 'not_owned', 'second release')
      expectTrue(await rich.isAvailable(e164), `${e164} is back on the shelf`)
      expectEqual(await rich.buy(e164), 'bought', 'purchase after the release')
    },
  },
  {
    name: 'what an owner configures is read back',
    changes: true,
    needs: ['configure'],
    async run({ rich, number }) {
      const e164 = await number()
      await rich.buy(e164)
      expectEqual(await rich.configure(e164, 'Front desk'), 'configured', 'configuring')
      expectEqual(await rich.configured(e164), 'Front desk', 'read back')
    },
  },
  {
    name: 'parallel buyers of few numbers: each number is sold to exactly one',
    changes: true,
    async run({ rich, number, owned }) {
      const numbers = [await number(), await number(), await number()]
      const attempts = Array.from({ length: 12 }, (_, i) => rich.buy(numbers[i % numbers.length] as string))
      const outcomes = await Promise.all(attempts)
      expectEqual(outcomes.filter(outcome => outcome === 'bought').length, numbers.length, 'numbers sold')
      const mine = await owned('rich')
      for (const e164 of numbers) expectEqual(mine.filter(each => each === e164).length, 1, `${e164} owned`)
    },
  },
]
