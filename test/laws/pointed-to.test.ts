/** What a number leads to goes: one rule, whichever dialect takes it away and whichever shows the number. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isFault } from '../../core/ground/fault.ts'
import { engines } from '../support/engines.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const E164 = '+12135550101'
const TRUNK = '00000000-0000-4000-8000-000000000301'
const ME = '/api/v1/Account/MA_TEST0001'
const NUMBER = `${ME}/numbers/%2B12135550101`

const world = {
  accounts: [
    {
      ...{ id: 1, handle: 'MA_TEST0001', name: 'Acme', currency: 'USD', balances: { USD: '100' } },
      credentials: [
        { realm: 'vobiz', kind: 'key_pair' as const, public_id: 'MA_TEST0001', secret: 'test-token' },
        { realm: 'wavix', kind: 'key' as const, secret: 'KEY' },
      ],
      trunks: [{ id: 301, guid: TRUNK, name: '32882', label: 'Main office' }],
    },
  ],
  numbers: [
    {
      ...{ e164: E164, country: 'US', type: 'local', region: 'CA', city: 'Los Angeles', capabilities: 'voice;sms' },
      ...{ currency: 'USD', setup_price: '1', monthly_price: '2' },
    },
  ],
}

describe.each(engines())('what numbers lead to on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let lease: number
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  beforeEach(async () => {
    w = await worlds.open(world)
    const { owned } = await w.core.numbers.purchase(await caller(), [E164], { documents: 'allow' })
    lease = owned[0]?.lease.id as number
  })

  const caller = async () => w.core.accounts.callerFor((await w.core.accounts.get(1)) as never)

  async function ask(dialect: 'vobiz' | 'wavix', method: string, path: string, body?: unknown) {
    const own = { 'x-auth-id': 'MA_TEST0001', 'x-auth-token': 'test-token' }
    const headers: Record<string, string> = dialect === 'vobiz' ? own : { authorization: 'Bearer KEY' }
    if (body !== undefined) headers['content-type'] = 'application/json'
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const response = await w.send(new Request(`${w.base(dialect)}${path}`, init))
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  }

  const vobizNumber = async () => (await ask('vobiz', 'GET', `${ME}/numbers`)).body.items[0]
  const wavixNumber = async () => (await ask('wavix', 'GET', `/v1/mydids/${lease}`)).body

  async function onTrunk() {
    expect((await ask('vobiz', 'POST', `${NUMBER}/assign`, { trunk_group_id: TRUNK })).status).toBe(204)
    const destinations = [
      { transport: 5, destination: '32882', trunk_id: 301, priority: 1 },
      { transport: 4, destination: '12135550199', priority: 2 },
    ]
    expect((await ask('wavix', 'PUT', `/v1/mydids/${lease}`, { destinations })).status).toBe(200)
    expect((await vobizNumber()).trunk_group_id).toBe(TRUNK)
    expect((await wavixNumber()).destination).toHaveLength(2)
  }

  async function application(): Promise<string> {
    const sent = { app_name: 'Reception', answer_url: 'https://app.example/answer', answer_method: 'POST' }
    return (await ask('vobiz', 'POST', `${ME}/Application/`, sent)).body.app_id
  }
  const attach = (application_id: string) => ask('vobiz', 'POST', `${NUMBER}/application`, { application_id })

  it.each([
    ['vobiz', `${ME}/trunks/${TRUNK}`],
    ['wavix', '/v1/trunks/301'],
  ] as const)('a trunk that %s takes away is no destination in any dialect; others stay', async (dialect, path) => {
    await onTrunk()
    expect((await ask(dialect, 'DELETE', path)).status).toBeLessThan(300)
    expect((await vobizNumber()).trunk_group_id).toBeUndefined()
    const left = (await wavixNumber()).destination
    expect(left.map((each: { destination: string }) => each.destination)).toEqual(['12135550199'])
    expect((await ask(dialect, 'DELETE', path)).status).toBe(404)
  })

  it('an application stays while a number leads to it, and goes once none does', async () => {
    const id = await application()
    expect((await attach(id)).status).toBe(204)
    expect((await vobizNumber()).application_id).toBe(id)
    expect((await ask('vobiz', 'DELETE', `${ME}/Application/${id}/`)).status).toBe(409)
    expect((await vobizNumber()).application_id).toBe(id)
    // given back through another dialect: nobody is in the way any more
    expect((await ask('wavix', 'DELETE', `/v1/mydids?ids[]=${lease}`)).status).toBe(200)
    expect((await ask('vobiz', 'DELETE', `${ME}/Application/${id}/`)).status).toBe(204)
  })

  it('another application takes its place, a trunk too, and not the other way round', async () => {
    const [first, second] = [await application(), await application()]
    await attach(first)
    await attach(second)
    expect((await vobizNumber()).application_id).toBe(second)
    await ask('vobiz', 'POST', `${NUMBER}/assign`, { trunk_group_id: TRUNK })
    expect(await vobizNumber()).toMatchObject({ trunk_group_id: TRUNK })
    expect((await vobizNumber()).application_id).toBeUndefined()
    expect((await attach(first)).status).toBe(400)
    expect((await vobizNumber()).trunk_group_id).toBe(TRUNK)
  })

  it('what the core takes away for a surface that does not ask is led to by nothing', async () => {
    const id = Number(await application())
    await attach(String(id))
    await w.core.resources.remove(await caller(), id)
    expect((await w.core.numbers.lease(lease))?.lease.handlerId).toBeNull()
    const again = w.core.numbers.configure(await caller(), lease, { handlerId: id })
    await expect(again).rejects.toSatisfy(cause => isFault(cause, 'not_found'))
  })

  it('taken away while a number is led there: one of the two is refused', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await application()
      const [attached, removed] = await Promise.all([attach(id), ask('vobiz', 'DELETE', `${ME}/Application/${id}/`)])
      expect([
        [204, 409],
        [404, 204],
      ]).toContainEqual([attached.status, removed.status])
      expect((await vobizNumber()).application_id).toBe(attached.status === 204 ? id : undefined)
      await ask('vobiz', 'DELETE', `${NUMBER}/application`)
    }
  })
})
