import type { Driver } from '../../adapters/kit/driver.ts'
import { expectEqual, expectTrue } from '../../adapters/kit/expect.ts'
import type { Bench, ContractCase } from './case.ts'

async function refusesListing({ owned }: Driver): Promise<boolean> {
  try {
    await owned()
    return false
  } catch (error) {
    // an answer without a list that is not called a refusal is none
    if (error instanceof TypeError || error instanceof SyntaxError) throw error
    return true
  }
}

async function buysNothing({ rich, number }: Bench, intruder: Driver): Promise<void> {
  const e164 = await number()
  expectEqual(await intruder.buy(e164), 'refused', 'purchase')
  expectTrue(await rich.isAvailable(e164), `${e164} is still on the shelf`)
}

const MAX_CLIENT_STATUS = 499

export const accessCases: readonly ContractCase[] = [
  {
    name: 'without credentials nothing is shown',
    needs: ['owned'],
    async run({ anonymous }) {
      expectTrue(await refusesListing(anonymous), 'a list of numbers was shown without credentials')
    },
  },
  {
    name: 'with wrong credentials nothing is shown',
    needs: ['owned'],
    async run({ stranger }) {
      expectTrue(await refusesListing(stranger), 'a list of numbers was shown for wrong credentials')
    },
  },
  {
    name: 'without credentials nothing is bought',
    changes: true,
    run: bench => buysNothing(bench, bench.anonymous),
  },
  {
    name: 'with wrong credentials nothing is bought',
    changes: true,
    run: bench => buysNothing(bench, bench.stranger),
  },
  {
    name: "another account's number is neither seen, changed nor released",
    changes: true,
    needs: ['release', 'configure'],
    async run({ rich, poor, number, owned }) {
      const e164 = await number()
      await rich.buy(e164)
      await rich.configure(e164, 'mine')
      expectTrue(!(await owned('poor')).includes(e164), `${e164} is not shown to another account`)
      expectEqual(await poor.configure(e164, 'theirs'), 'not_owned', 'configuring')
      expectEqual(await poor.release(e164), 'not_owned', 'release')
      expectEqual(await rich.configured(e164), 'mine', 'what its owner configured')
    },
  },
  {
    name: 'an unknown operation is answered in the dialect as the mistake of its sender',
    async run({ rich }) {
      const { status, body } = await rich.unknownOperation()
      expectTrue(status <= MAX_CLIENT_STATUS, `status ${status} does not blame the server`)
      expectTrue(!/\bat .+:\d+:\d+/.test(body), 'no stack trace')
    },
  },
]
