/** What a surface keeps stays while something leads to it, and only then. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../core/ground/model.ts'
import { engines } from '../support/engines.ts'
import { ACME, callerOf, DAY, holding, market, numbers, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const STOCK = numbers(2)
const [FIRST, SECOND] = STOCK.map(({ e164 }) => String(e164)) as [string, string]
const NAMED = { dialect: 'bandwidth', key: 'peerId' }

describe.each(engines())('a resource on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let acme: Caller
  let other: Caller
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const open = async () => {
    w = await worlds.open(market(STOCK))
    acme = await callerOf(w, ACME)
    other = await callerOf(w, OTHER)
  }
  const keep = async (parentId: number | null = null) => {
    const { id } = await w.core.resources.create(acme, { kind: 'peer', parentId })
    return id
  }
  /** What keeps it, or that nothing did. */
  const end = (id: number, by: boolean | typeof NAMED = NAMED) =>
    w.core.resources.remove(acme, id, { unlessInUse: by }).then(
      () => 'ended',
      error => `${error.code} ${error.details.state}`,
    )
  const buy = async (caller: Caller, e164: string, peerId: unknown, { dialect, key } = NAMED) => {
    const settings = { dialect, value: { before: 1, [key]: String(peerId) } }
    await w.core.numbers.purchase(caller, [e164], { documents: 'allow', settings })
    return (await holding(w, e164)).lease.id
  }
  const wait = (caller: Caller, peerId: unknown, { dialect, key } = NAMED) =>
    w.core.orders.place(caller, {
      ...{ dialect, filter: { areaCode: '999' }, quantity: 1, rangeSize: 0 },
      data: { before: 1, [key]: String(peerId) },
    })

  it('stays while there is anything below it, and does not while that is below another', async () => {
    await open()
    const [site, another] = [await keep(), await keep()]
    const part = await keep(site)
    expect([await end(site), await end(site, true), await end(another)]).toEqual([
      ...['wrong_state has_parts', 'wrong_state has_parts', 'ended'],
    ])
    expect([await end(part), await end(site)]).toEqual(['ended', 'ended'])
  })

  it('stays while a number leads to it, until that is given back', async () => {
    await open()
    const [peer, another] = [await keep(), await keep()]
    const lease = await buy(acme, FIRST, 'none')
    await w.core.numbers.configure(acme, lease, { handlerId: peer })
    expect([await end(peer), await end(peer, true), await end(another, true)]).toEqual([
      ...['wrong_state in_use', 'wrong_state in_use', 'ended'],
    ])
    await w.core.numbers.release(acme, [lease], { kind: 'periodEnd' }, 'test')
    expect(await end(peer)).toBe('wrong_state in_use')
    w.setClockOnly(w.core.clock.now() + 40 * DAY) // the clock alone has ended it
    expect(await end(peer)).toBe('ended')
  })

  it('stays while a number of its account names it, and no other number or name keeps it', async () => {
    await open()
    const peer = await keep()
    await buy(other, SECOND, peer)
    expect(await end(await keep())).toBe('ended')
    const lease = await buy(acme, FIRST, peer)
    expect([await end(peer), await end(await keep())]).toEqual(['wrong_state in_use', 'ended'])
    const name = (value: object, dialect = NAMED.dialect) =>
      w.core.numbers.configure(acme, lease, { settings: { dialect, value: { before: 1, ...value } } })
    await name({ siteId: String(peer) })
    await name({ peerId: String(peer) }, 'vobiz')
    expect(await end(peer)).toBe('ended')
  })

  it('stays while a number names it that is to be given back, and no longer', async () => {
    await open()
    const peer = await keep()
    const lease = await buy(acme, FIRST, peer)
    await w.core.numbers.release(acme, [lease], { kind: 'periodEnd' }, 'test')
    expect(await end(peer)).toBe('wrong_state in_use')
    w.setClockOnly(w.core.clock.now() + 40 * DAY) // the clock alone has ended it
    expect(await end(peer)).toBe('ended')
    const [second, late] = [await keep(), await buy(acme, SECOND, 'none')]
    const value = { peerId: String(second) }
    await w.core.numbers.configure(acme, late, { settings: { dialect: NAMED.dialect, value } })
    await w.core.numbers.release(acme, [late], { kind: 'now' }, 'test')
    expect(await end(second)).toBe('ended')
  })

  it('stays while an order of its account that waits names it, and is not kept by any other', async () => {
    await open()
    const [peer, another] = [await keep(), await keep()]
    for (const [caller, id, by] of [
      [other, another, NAMED],
      [acme, another, { ...NAMED, dialect: 'vobiz' }],
      [acme, another, { ...NAMED, key: 'siteId' }],
      [acme, peer, NAMED],
    ] as const) {
      expect((await wait(caller, id, by)).status).toBe('pending')
    }
    expect([await end(peer), await end(another)]).toEqual(['wrong_state awaited', 'ended'])
    expect(await end(peer, true)).toBe('ended')
  })
})
