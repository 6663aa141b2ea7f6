import { type ContractCase, expectEqual, expectTrue } from './case.ts'

async function refusesListing(owned: () => Promise<string[]>): Promise<boolean> {
  try {
    await owned()
    return false
  } catch {
    return true
  }
}

const MAX_CLIENT_STATUS = 499

export const accessCases: readonly ContractCase[] = [
  {
    name: 'without credentials nothing is shown and nothing is bought',
    async run({ anonymous, rich, number }) {
      const e164 = number()
      expectTrue(await refusesListing(anonymous.owned), 'listing is refused')
      expectEqual(await anonymous.buy(e164), 'refused', 'purchase')
      expectTrue(await rich.isAvailable(e164), `${e164} is still on the shelf`)
    },
  },
  {
    name: 'with wrong credentials nothing is shown and nothing is bought',
    async run({ stranger, rich, number }) {
      const e164 = number()
      expectTrue(await refusesListing(stranger.owned), 'listing is refused')
      expectEqual(await stranger.buy(e164), 'refused', 'purchase')
      expectTrue(await rich.isAvailable(e164), `${e164} is still on the shelf`)
    },
  },
  {
    name: "another account's number is neither seen, changed nor released",
    async run({ rich, poor, number }) {
      const e164 = number()
      await rich.buy(e164)
      await rich.configure(e164, 'mine')
      expectTrue(!(await poor.owned()).includes(e164), `${e164} is not shown`)
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
