/** Replays the kept exchanges of the vobiz dialect. `UPDATE_FIXTURES=1` writes their answers anew, to be reviewed. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../adapters/vobiz/index.ts'
import type { World } from '../src/world.ts'
import { fromResponse, keepAnswer, readExchanges, toRequest } from './support/exchange.ts'
import { checkShape } from './support/vobiz.ts'
import { openWorlds, type TestWorld } from './support/world.ts'

const exchanges = readExchanges(fileURLToPath(new URL('../fixtures/vobiz', import.meta.url)))
const N = '+919876543210'
const TRUNK = '00000000-0000-4000-8000-000000000301'
const guid = (id: number) => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`

const account = (id: number, handle: string, secret: string) => ({
  ...{ id, guid: guid(id), handle, name: `Account ${id}`, currency: 'INR' },
  credentials: [{ realm: 'vobiz', kind: 'key_pair' as const, public_id: handle, secret }],
})
const rich = { balances: { INR: '2000' }, release_fees: { INR: '700' } }

const world: World = {
  quarantine_days: { '*': 45 },
  accounts: [
    { ...account(1, 'MA_TEST0001', 'test-token'), ...rich, trunks: [{ guid: TRUNK, name: 'Main office' }] },
    { ...account(2, 'SA_TEST0001', 'sub-token'), parent: 1 },
    { ...account(3, 'MA_OTHR0001', 'other-token'), ...rich },
    { ...account(4, 'MA_IDLE0001', 'idle-token'), is_active: false },
    { ...account(5, 'MA_ADMN0001', 'admin-token'), role: 'operator' },
  ],
  numbers: [N, '+919876543211', '+918012345678', '+919200000001'].map(e164 => ({
    ...{ e164, country: 'IN', type: 'local', region: 'Karnataka', capabilities: 'voice;sms', currency: 'INR' },
    setup_price: '100',
    monthly_price: e164 === '+919200000001' ? '5000' : '300',
  })),
}

/** What an exchange may ask to be there first, in order. */
function givenIn({ core }: TestWorld): Record<string, () => Promise<unknown>> {
  const callerOf = async (id: number) => core.accounts.callerFor((await core.accounts.get(id)) as never)
  const buy = async (id: number) => core.numbers.purchase(await callerOf(id), [N], { documents: 'allow' })
  const lease = async () => (await core.numbers.leaseOf(N))?.lease.id as number
  return {
    owned: () => buy(1),
    'owned-by-other': () => buy(3),
    async 'handed-over'() {
      await buy(1)
      await core.numbers.move(await callerOf(1), await lease(), 2)
    },
    pending: async () =>
      core.numbers.release(await callerOf(1), [await lease()], { kind: 'window', ms: 86_400_000, chargeFee: true }),
    async 'on-trunk'() {
      const trunk = await core.trunks.byGuid(TRUNK)
      await core.numbers.configure(await callerOf(1), await lease(), { trunkId: trunk?.id as number })
    },
    called: () =>
      core.calls.record({
        ...{ e164: N, direction: 'inbound', answered: true, durationSeconds: 90 },
        endedAt: Date.parse('2026-06-01T00:00:00Z'),
      }),
    // the fee costs more than is left
    poor: () => core.accounts.update(null, 1, { releaseFee: { currency: 'INR', amount: 9_000_000_000 } }),
  }
}

/** What is drawn: random ids, tokens, handles of new sub-accounts. */
function masked(text: string): string {
  return text
    .replace(/(?!00000000-)[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/g, '{{guid}}')
    .replace(/(_token": ")[A-Za-z0-9]{40}"/g, '$1{{token}}"')
    .replace(/SA_(?!TEST0001)[A-Z0-9]{8}/g, '{{auth_id}}')
}

describe('vobiz exchanges', () => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    // the vectors run on both engines; what is checked here is form
    worlds = await openWorlds('sqlite')
  })
  afterAll(() => worlds.drop())
  /** Operations and statuses that were seen. */
  const seen = new Set<string>()

  it.each(exchanges.map(each => [`${each.operation}.${each.case}`, each] as const))('%s', async (_, exchange) => {
    const w = await worlds.open(world)
    const given = givenIn(w)
    for (const name of exchange.given) await given[name]?.()
    expect(exchange.given.filter(name => !(name in given))).toEqual([])
    const response = await w.send(toRequest(exchange, w.base('vobiz'), new Map()))
    const { inbound, cause } = w.answered.at(-1) ?? {}
    expect(cause).toBeUndefined()
    checkShape(inbound?.operation, response.status, await response.clone().text())
    seen.add(`${inbound?.operation?.on[0]} ${response.status}`)
    const text = masked(await fromResponse(response, ['content-type']))
    if (process.env.UPDATE_FIXTURES) keepAnswer(exchange, text)
    else expect(text).toBe(exchange.answer)
  })

  it('are kept for every operation and documented status', () => {
    const documented = operations.flatMap(({ on, answers }) => Object.keys(answers).map(status => `${on[0]} ${status}`))
    expect(documented.filter(each => !seen.has(each))).toEqual([])
  })
})
