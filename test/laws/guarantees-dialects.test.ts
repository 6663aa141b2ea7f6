/** Rules of money and papers that no dialect may go round. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { World } from '../../src/worlds/world-file.ts'
import { account, CONTRACT_NUMBERS, contractWorld, credentialsOf, RICH } from '../contract/world.ts'
import { dialects } from '../support/dialects.ts'
import { engines } from '../support/engines.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const MICROS = 1_000_000
const [FIRST, SECOND, THIRD] = CONTRACT_NUMBERS as [string, string, string]

function worldOf(change: Partial<NonNullable<World['accounts']>[number]>, papers = ''): World {
  const numbers = (contractWorld.numbers as Record<string, string>[]).map(row => ({
    ...row,
    required_documents: papers,
  }))
  return { ...contractWorld, numbers, accounts: [{ ...account(RICH, '1000'), ...change }] }
}

describe.each(engines())('on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  describe.each(dialects)('$name', ({ name, driver }) => {
    const clientOf = ({ send, base }: TestWorld) =>
      driver.create({ send, base: base(name), credentials: credentialsOf(RICH)[name] ?? {} })
    const balance = async ({ core }: TestWorld) => ((await core.ledger.balance(RICH, 'USD'))?.balance ?? 0) / MICROS

    it('an account with a limit buys down to minus the limit and no further', async () => {
      const w = await worlds.open(worldOf({ balances: {}, credit_limits: { USD: '6' } }))
      const client = clientOf(w)
      expect(await client.buy(FIRST)).toBe('bought')
      expect(await client.buy(SECOND)).toBe('bought')
      expect(await client.buy(THIRD)).toBe('unaffordable')
      expect([await balance(w), await w.core.numbers.leaseOf(THIRD)]).toEqual([-6, undefined])
      expect(await w.core.invariants()).toMatchObject({ ok: true })
    })

    it('a micro less than the price buys nothing', async () => {
      const w = await worlds.open(worldOf({ balances: { USD: '2.999999' } }))
      expect(await clientOf(w).buy(FIRST)).toBe('unaffordable')
      await w.core.ledger.topUp(null, RICH, 'USD', 1)
      expect(await clientOf(w).buy(FIRST)).toBe('bought')
      expect(await balance(w)).toBe(0)
    })

    it('the dearest number is not sold to who has a thousand', async () => {
      const world = worldOf({})
      const dear = { setup_price: '40000000', monthly_price: '40000000' }
      const numbers = (world.numbers as Record<string, string>[]).map(row => ({ ...row, ...dear }))
      const w = await worlds.open({ ...world, numbers })
      expect(await clientOf(w).buy(FIRST)).toBe('unaffordable')
      expect(await balance(w)).toBe(1000)
    })

    it.each([
      false,
      true,
    ])('numbers that need papers go to whom the provider sells them: verified %s', async verified => {
      const w = await worlds.open(worldOf({ identity_verified: verified }, 'id'))
      const outcome = await clientOf(w)
        .buy(FIRST)
        .catch(() => 'refused')
      const sells = driver.papers === 'anybody' || (driver.papers === 'verified' && verified)
      expect(outcome === 'bought').toBe(sells)
      expect((await w.core.numbers.leaseOf(FIRST)) !== undefined).toBe(sells)
      expect(await balance(w)).toBe(sells ? 997 : 1000)
    })
  })

  it('in sinch any number is never one that needs papers', async () => {
    const { projectId, keyId, keySecret } = credentialsOf(RICH).sinch as Record<string, string>
    const headers = {
      authorization: `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`,
      'content-type': 'application/json',
    }
    const body = JSON.stringify({ regionCode: 'US', type: 'LOCAL' })
    const rentAny = (w: TestWorld) => {
      const url = `${w.base('sinch')}/v1/projects/${projectId}/availableNumbers:rentAny`
      return w.send(new Request(url, { method: 'POST', headers, body }))
    }
    expect((await rentAny(await worlds.open(worldOf({}, 'id')))).status).toBe(404)
    expect((await rentAny(await worlds.open(worldOf({})))).status).toBe(200)
  })
})
