/** A24: what is gone is no destination, whichever dialect made it one and whichever shows it. */
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { isFault } from '../../core/ground/fault.ts'
import { createDestinations } from '../../core/store/destinations.ts'
import { dids, type OnsipBench, useBench } from '../adapters/onsip/bench.ts'
import { at, failure } from '../adapters/onsip/client.ts'
import { engines } from '../support/engines.ts'

const PHONE = { OrganizationId: 31, Username: '12125550100', Domain: 'example.onsip.com', Name: 'Mobile' }
const ADDRESS = '12125550100@example.onsip.com'
const RENAMED = '12125550177@example.onsip.com'

describe.each(engines())('destinations on %s', engine => {
  let bench: OnsipBench
  let did: string
  const open = useBench(engine)
  beforeEach(async () => {
    bench = await open()
    did = await bench.buy()
    expect(failure(await bench.as('ann', 'TelephoneNumberAddressAdd', PHONE))).toBeUndefined()
  })

  const lead = (Destination: string) =>
    bench.as('ann', 'DidEdit', { DidId: did, UserId: 501, Destination, CallerIdNumberRequired: 'false' })
  const destination = async () => {
    const read = at(await bench.as('ann', 'DidRead', { DidId: did }), 'Result.DidRead.Did.Destination')
    const [listed] = dids(await bench.as('ann', 'DidBrowse'))
    expect(listed?.Destination).toEqual(read)
    return read
  }
  const caller = async () => {
    const { accounts } = bench.world.core
    return accounts.callerFor((await accounts.get(12)) as never)
  }
  const routes = async () => (await bench.world.core.numbers.lease(Number(did)))?.routes ?? []
  const setRoutes = async (...targets: string[]) =>
    bench.world.core.numbers.configure(await caller(), Number(did), {
      routes: targets.map((target, i) => ({ priority: i + 1, kind: 'sip' as const, target })),
    })

  it('A24: an address that is deleted is no destination any more, and cannot be one again', async () => {
    await lead(ADDRESS)
    expect(await destination()).toBe(ADDRESS)
    await bench.as('ann', 'TelephoneNumberAddressDelete', { Address: ADDRESS })
    expect(await destination()).toEqual({})
    expect(failure(await lead(ADDRESS))).toBe('Request Destination Address.Unrecognized')
    // an address of the same name that is made later is another one
    await bench.as('ann', 'TelephoneNumberAddressAdd', PHONE)
    expect(await destination()).toEqual({})
  })

  it('A24: an address that is renamed is followed, and its old name is none', async () => {
    await lead(ADDRESS)
    await bench.as('ann', 'TelephoneNumberAddressEdit', { Address: ADDRESS, Username: '12125550177' })
    expect(await destination()).toBe(RENAMED)
    expect(failure(await lead(ADDRESS))).toBe('Request Destination Address.Unrecognized')
    await bench.as('ann', 'TelephoneNumberAddressEdit', { Address: RENAMED, Name: 'Other' })
    expect(await destination()).toBe(RENAMED)
  })

  it('A24: so it is where another dialect led calls there, in its own spelling; what is elsewhere stays', async () => {
    const elsewhere = 'sip:12125550100@pbx.example'
    await setRoutes('sip:12125550100@EXAMPLE.onsip.com', elsewhere, `${ADDRESS}:5060;transport=tcp`, ADDRESS)
    await bench.as('ann', 'TelephoneNumberAddressEdit', { Address: ADDRESS, Username: '12125550177' })
    const targets = async () => (await routes()).map(({ target }) => target)
    expect(await targets()).toEqual([`sip:${RENAMED}`, elsewhere, `${RENAMED}:5060;transport=tcp`, RENAMED])
    await bench.as('ann', 'TelephoneNumberAddressDelete', { Address: RENAMED })
    expect(await targets()).toEqual([elsewhere])
  })

  it('A24: other numbers, and addresses of other accounts, are left alone', async () => {
    await setRoutes('gil@globex.onsip.com')
    await bench.as('ann', 'TelephoneNumberAddressDelete', { Address: ADDRESS })
    expect((await routes()).map(({ target }) => target)).toEqual(['gil@globex.onsip.com'])
  })

  it('A24: a destination that goes while it is chosen is refused, and nothing is changed', async () => {
    const { core } = bench.world
    const found = await core.directory.address('12125550100', 'example.onsip.com')
    await lead('bob@example.onsip.com')
    await bench.as('ann', 'TelephoneNumberAddressDelete', { Address: ADDRESS })
    const route = { priority: 1, kind: 'sip' as const, target: ADDRESS, addressId: found?.id as number }
    const error = await core.numbers
      .configure(await caller(), Number(did), { label: 'x', routes: [route] })
      .catch((fault: unknown) => fault)
    expect(isFault(error, 'not_found') && error.details.what).toBe('address')
    expect(await destination()).toBe('bob@example.onsip.com')
    expect((await core.numbers.lease(Number(did)))?.lease.label).toBeNull()
  })

  it('A24: deleting an address and leading calls to it at once leaves nothing that leads nowhere', async () => {
    const answers = await Promise.all([
      lead(ADDRESS),
      bench.as('ann', 'TelephoneNumberAddressDelete', { Address: ADDRESS }),
      lead('bob@example.onsip.com'),
      lead(ADDRESS),
    ])
    for (const answer of answers) expect(failure(answer) ?? '').not.toContain('Exception')
    expect([{}, 'bob@example.onsip.com']).toContainEqual(await destination())
  })

  it('A24: a trunk that goes is no destination either, and none of another account can be one', async () => {
    const { core } = bench.world
    const trunk = await core.trunks.create(await caller(), { accountId: 12, name: 'Main' })
    const route = { priority: 1, kind: 'trunk' as const, target: 'main', trunkId: trunk.id }
    await core.numbers.configure(await caller(), Number(did), { trunkId: trunk.id, routes: [route] })
    await core.trunks.remove(await caller(), trunk.id)
    const owned = await core.numbers.lease(Number(did))
    expect([owned?.routes, owned?.lease.trunkId]).toEqual([[], null])
    const error = await core.numbers
      .configure(await caller(), Number(did), { routes: [route] })
      .catch((fault: unknown) => fault)
    expect(isFault(error, 'not_found') && error.details.what).toBe('trunk')
  })

  it('A24: routes from before are told by their text; those that lost their address are gone', async () => {
    const { store } = bench.world
    const targets = [ADDRESS, `sip:${ADDRESS}`, 'gone@example.onsip.com', 'gil@globex.onsip.com', 'x@pbx.example']
    await store.write(async db => {
      const row = { lease_id: Number(did), kind: 'sip', trunk_id: null, address_id: null, is_active: 1 }
      const values = targets.map((target, priority) => ({ ...row, target, priority }))
      await db.insertInto('routes').values(values).execute()
      const [, ...changes] = createDestinations()
      for (const statement of changes.filter(each => !each.startsWith('CREATE'))) await sql.raw(statement).execute(db)
    })
    expect((await routes()).map(({ target }) => target)).toEqual(targets.filter(each => !each.startsWith('gone')))
    await bench.as('ann', 'TelephoneNumberAddressEdit', { Address: ADDRESS, Username: '12125550177' })
    expect((await routes()).map(({ target }) => target)).toEqual([
      ...[RENAMED, `sip:${RENAMED}`, 'gil@globex.onsip.com', 'x@pbx.example'],
    ])
  })
})
