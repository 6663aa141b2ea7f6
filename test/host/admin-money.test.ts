/** Money and orders on the admin plane: what cannot be is refused in its words, never with a 5xx. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { World } from '../../src/worlds/world-file.ts'
import { adminOf, LOCAL } from '../support/admin.ts'
import { engines } from '../support/engines.ts'
import { ACME, bring, buy, CHILD, callerOf, market, number, numbers, ON_CREDIT, sound } from '../support/market.ts'
import { openWorlds } from '../support/world.ts'

const N = '+12127890100'

describe.each(engines())('the admin plane on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  async function open(world: World) {
    const w = await worlds.open(world)
    const app = adminOf(w.core)
    const ask = async (method: string, path: string, body?: object | string) => {
      const isText = typeof body === 'string'
      const headers = { 'content-type': isText ? 'text/csv' : 'application/json' }
      const sent = isText || body === undefined ? body : JSON.stringify(body)
      const init = { method, headers, ...(sent !== undefined && { body: sent }) }
      const response = await app.request(`http://127.0.0.1/admin/v1${path}`, init, LOCAL)
      // biome-ignore lint/suspicious/noExplicitAny: tests read freely
      return { status: response.status, body: (await response.json()) as any }
    }
    return { w, ask }
  }

  it('A9: a credit limit below what is owed is a 409 that says how much, and changes nothing else', async () => {
    const { w, ask } = await open(market(numbers(1)))
    await buy(w, ON_CREDIT, N)
    const change = { name: 'New name', credit_limit: { currency: 'USD', amount: '0.00' } }
    const { status, body } = await ask('PATCH', `/accounts/${ON_CREDIT}`, change)
    expect([status, body.error.code]).toEqual([409, 'wrong_state'])
    expect(body.error.message).toContain('owing 3.00 USD')
    expect((await w.core.accounts.get(ON_CREDIT))?.name).toBe('On credit')
    const enough = { credit_limit: { currency: 'USD', amount: '3.00' } }
    expect((await ask('PATCH', `/accounts/${ON_CREDIT}`, enough)).status).toBe(200)
    await sound(w)
  })

  it('A25: amounts that nothing can hold are 400, sums that a balance cannot are 409', async () => {
    const { w, ask } = await open(market(numbers(1)))
    const big = '999999999.999999'
    const statuses = []
    for (let n = 0; n < 10; n++) {
      statuses.push((await ask('POST', `/accounts/${ACME}/topups`, { currency: 'USD', amount: big })).status)
    }
    expect(statuses).toEqual([...Array(9).fill(201), 409])
    const many = ['9007199254.740992', '9999999999', '99999999999999999999', '1e30', '-1']
    for (const amount of many) {
      const money = { currency: 'USD', amount }
      const answers = [
        await ask('POST', `/accounts/${ACME}/topups`, money),
        await ask('PATCH', `/accounts/${ACME}`, { credit_limit: money }),
        await ask('PATCH', `/accounts/${ACME}`, { release_fee: money }),
        await ask('POST', `/numbers/${N}/reprice`, { setup_price: amount }),
        await ask('POST', `/numbers/${N}/reprice`, { monthly_price: amount }),
      ]
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
      const csv = `e164,country,type,region,currency,setup_price,monthly_price\n+12127890177,US,local,NY,USD,${amount},1`
      const imported = await ask('POST', '/numbers/import', csv)
      expect(imported.status).toBeLessThan(500)
      expect(imported.body.imported ?? 0).toBe(0)
    }
    await sound(w)
  })

  it('A25: a fee that comes back to a full balance is refused, and the release stays', async () => {
    const { w } = await open(market(numbers(1)))
    await w.core.accounts.update(null, ACME, { releaseFee: { currency: 'USD', amount: 7_000_000 } })
    const [owned] = await buy(w, ACME, N)
    const caller = await callerOf(w, ACME)
    const id = owned?.lease.id ?? 0
    await w.core.numbers.release(caller, [id], { kind: 'window', ms: 86_400_000, chargeFee: true })
    const room = Number.MAX_SAFE_INTEGER - ((await w.core.ledger.balance(ACME, 'USD'))?.balance ?? 0)
    await w.core.ledger.topUp(null, ACME, 'USD', room)
    await expect(w.core.numbers.cancelRelease(caller, id)).rejects.toMatchObject({ code: 'limit_reached' })
    await sound(w)
  })

  it.each([
    'balances',
    'credit_limits',
    'release_fees',
  ])('A25: a world whose %s nothing can hold is refused by name', async field => {
    const world = market([])
    const [first, ...others] = world.accounts ?? []
    const accounts = [{ ...first, name: 'Acme', [field]: { USD: '9999999999' } }, ...others] as World['accounts']
    await expect(worlds.open({ ...world, accounts } as World)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('A3: completing an order of a stopped account, or below one, is a 409 that names it', async () => {
    const { w, ask } = await open(market([]))
    const request = { dialect: 'cm', filter: { country: 'US' }, quantity: 1, rangeSize: 0, data: {} }
    const order = await w.core.orders.place(await callerOf(w, CHILD), request)
    await ask('PATCH', `/accounts/${ACME}`, { is_active: false })
    await bring(w, [number(N)])
    const { status, body } = await ask('POST', `/orders/${order.guid}/complete`, {})
    expect([status, body.error.code]).toEqual([409, 'wrong_state'])
    expect(body.error.message).toContain('inactive')
    expect((await ask('PATCH', `/accounts/${ACME}`, { is_active: true })).status).toBe(200)
    expect((await w.core.orders.byGuid(order.guid))?.status).toBe('completed')
    await sound(w)
  })

  it('an order that cannot be paid is told with what it needs and what there is', async () => {
    const { w, ask } = await open(market([]))
    const request = { dialect: 'cm', filter: { country: 'US' }, quantity: 2, rangeSize: 0, data: {} }
    const order = await w.core.orders.place(await callerOf(w, ON_CREDIT), request)
    await bring(w, numbers(2))
    const { status, body } = await ask('POST', `/orders/${order.id}/complete`, {})
    expect([status, body.error.message]).toEqual([402, 'needs 6.00 USD, has 5.00'])
    await sound(w)
  })

  it('an order that keeps its numbers is shown with its papers, blocked with a reason, and completed with what it keeps', async () => {
    const { w, ask } = await open(market(numbers(2)))
    const caller = await callerOf(w, ACME)
    const kept = {
      dialect: 'sinch',
      keepMs: 3_600_000,
      settings: {},
      schedule: [],
      callbackUrl: null,
      data: () => ({}),
    }
    const { id, guid } = await w.core.orders.keep(caller, { ...kept, wish: { e164s: [N] } })
    expect((await ask('POST', `/orders/${id}/complete`, {})).status).toBe(409)
    const file = {
      type: 'id',
      fileName: 'id.pdf',
      contentType: 'application/pdf',
      content: Buffer.from('%PDF'),
    } as const
    await w.core.documents.attach(caller, id, file)
    await w.core.orders.submit(caller, id)
    const shown = await ask('GET', `/orders/${guid}`)
    expect([shown.status, shown.body]).toMatchObject([
      200,
      { id, status: 'pending', kept: [N], documents: [{ file_name: 'id.pdf', status: 'pending', lease_id: 0 }] },
    ])
    const blocked = await ask('POST', `/orders/${id}/block`, { reason: 'A newer one, please' })
    expect([blocked.status, blocked.body]).toMatchObject([
      200,
      { status: 'blocked', notes: [{ message: 'A newer one, please' }], expires_at: expect.any(String) },
    ])
    expect((await ask('POST', `/orders/${id}/complete`, {})).status).toBe(409)
    await w.core.orders.submit(caller, id)
    expect((await ask('POST', `/orders/${id}/complete`, {})).body).toMatchObject({ status: 'completed' })
    expect((await w.core.numbers.leaseOf(N))?.lease.accountId).toBe(ACME)
    expect((await ask('GET', '/orders/999')).status).toBe(404)
    const waiting = { dialect: 'cm', filter: { country: 'DE' }, quantity: 1, rangeSize: 0, data: {} }
    const other = await w.core.orders.place(caller, waiting)
    expect((await ask('POST', `/orders/${other.id}/block`, {})).status).toBe(409)
    await sound(w)
  })
})
