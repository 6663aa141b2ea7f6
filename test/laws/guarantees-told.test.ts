/** What is told of a number: to who is refused something, to who asks what a request changed, and to receivers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LeaseChange, LeaseTerms } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, DAY, holding, market, number, numbers, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'
const M = '+12127890101'
const START = Date.parse('2026-06-01T00:00:00Z')

describe.each(engines())('what is told of numbers on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const leaseId = async (w: TestWorld, e164 = N) => (await holding(w, e164)).lease.id

  it('whoever is refused something of a number, it is told which rule and which fact decided', async () => {
    const stock = [
      ...numbers(4),
      number('+12127890150', { currency: 'EUR' }),
      number('+12127890151', { required_documents: 'id' }),
    ]
    const w = await worlds.open(market(stock))
    const { core } = w
    await buy(w, ACME, N)
    await buy(w, OTHER, M)
    const [caller, id, foreign] = [await callerOf(w, ACME), await leaseId(w), await leaseId(w, M)]
    const call = { e164: N, endedAt: START, durationSeconds: 1, direction: 'inbound', answered: true } as const
    await core.calls.record(call)
    const buying = (e164: string, terms: Partial<LeaseTerms>) => () =>
      core.numbers.purchase(caller, [e164], { documents: 'allow', ...terms })
    const lines = [{ filter: { areaCode: '999' }, quantity: 2 }]
    const refusals: [() => Promise<unknown>, string][] = [
      [() => core.numbers.claim(caller, lines, { documents: 'allow', partial: false }), '2 wanted'],
      [buying('+12127890150', { currency: 'USD' }), 'priced in EUR'],
      [buying('+12127890151', { documents: 'refuse' }), 'is not offered here'],
      [buying('+12127890151', { documents: 'verified' }), 'account 1 is not verified'],
      [buying(M, {}), `${M} is owned by account ${OTHER}`],
      [() => core.numbers.release(caller, [foreign], { kind: 'now' }), `held by account ${OTHER}`],
      [() => core.numbers.move(caller, id, CHILD, { coolOffMs: DAY }), 'had its last call'],
      [() => core.numbers.cancelRelease(caller, id), 'only a release that has not taken effect'],
      [
        () => core.numbers.block(null, N, 'x').then(() => core.numbers.move(caller, id, CHILD)),
        'only an active number',
      ],
      [() => core.numbers.release(caller, [id], { kind: 'now' }), 'only a number in service'],
    ]
    for (const [act, why] of refusals) {
      const told = { why: { sentence: expect.stringContaining(why) } }
      await expect(act(), why).rejects.toMatchObject(told)
    }
  })

  it('what a request changed is told to who asks to be told, and nothing of what was taken back', async () => {
    const w = await worlds.open(market(numbers(2)))
    await buy(w, ACME, N)
    await buy(w, OTHER, M)
    const trace = { changes: [], eventIds: [] }
    const [caller, id] = [{ ...(await callerOf(w, ACME)), trace }, await leaseId(w)]
    const both = w.core.numbers.release(caller, [id, await leaseId(w, M)], { kind: 'now' })
    await expect(both).rejects.toMatchObject({ code: 'not_found' })
    expect(trace.changes).toEqual([])
    await w.core.numbers.release(caller, [id], { kind: 'now' })
    expect(trace.changes).toEqual([{ e164: N, version: expect.any(Number), kind: 'released', state: 'available' }])
  })

  it('what became of a number is told with the settings of that number alone, in every dialect', async () => {
    const w = await worlds.open(market(numbers(2)))
    w.core.outbox.subscribe(['number.released'])
    const caller = await callerOf(w, ACME)
    await buy(w, ACME, N, M)
    const [one, two] = [await leaseId(w, N), await leaseId(w, M)]
    const set = (id: number, dialect: string, more: Partial<LeaseChange> = {}) =>
      w.core.numbers.configure(caller, id, { settings: { dialect, value: { of: id } }, ...more })
    await set(two, 'vobiz')
    await set(one, 'wavix')
    await set(one, 'sinch', { event: 'number.released' })
    await w.core.numbers.release(caller, [one], { kind: 'now' })
    const events = await w.store.read(db => db.selectFrom('outbox').selectAll().orderBy('id').execute())
    const settings = { wavix: { of: one }, sinch: { of: one } }
    const told = { e164: N, leaseId: one, accountId: ACME, settings }
    expect(events.map(({ kind, account_id, data }) => [kind, account_id, JSON.parse(data)])).toEqual([
      ['number.released', ACME, told],
      ['number.released', ACME, told],
    ])
  })
})
