/** Papers of numbers and of orders: one of a type, handed in by who holds the number, read as it was handed in. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller, DocumentType } from '../../core/ground/model.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, callerOf, market, numbers, OTHER, release } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [A, B] = ['+12127890100', '+12127890101'] as const
const HOUR = 3_600_000
const missing = { code: 'not_found', details: { what: 'document' } }

const paper = (text: string, type: DocumentType = 'id') => ({
  ...{ type, fileName: `${text}.pdf`, contentType: 'application/pdf' },
  content: new TextEncoder().encode(text),
})

describe.each(engines())('papers on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let acme: Caller
  let other: Caller
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(market(numbers(3)))
    acme = await callerOf(w, ACME)
    other = await callerOf(w, OTHER)
  })
  afterAll(() => worlds.drop())

  const leaseOf = async (caller: Caller, e164: string) => (await buy(w, caller.account.id, e164))[0]?.lease.id as number
  const upload = async (caller: Caller, leaseIds: number[], text: string, type?: DocumentType) =>
    (await w.core.documents.upload(caller, leaseIds, paper(text, type))).map(({ id }) => id)
  const listed = async (...leaseIds: number[]) =>
    (await w.core.documents.list(leaseIds)).map(each => [each.leaseId, each.type, each.fileName, each.status])
  const text = async (id: number) => new TextDecoder().decode(await w.core.documents.content(id))
  const audited = (action: string) =>
    w.store.read(db =>
      db
        .selectFrom('audit_events')
        .select(['account_id', 'subject'])
        .where('action', '=', action)
        .orderBy('id')
        .execute(),
    )

  it('each number has its own copy, listed for the numbers that are asked for, in order of their coming', async () => {
    const [a, b] = [await leaseOf(acme, A), await leaseOf(acme, B)]
    const ids = await upload(acme, [b, a], 'passport')
    await upload(acme, [a], 'letter', 'address')
    expect(await listed(a, b)).toEqual([
      [b, 'id', 'passport.pdf', 'pending'],
      [a, 'id', 'passport.pdf', 'pending'],
      [a, 'address', 'letter.pdf', 'pending'],
    ])
    expect(await listed(b)).toEqual([[b, 'id', 'passport.pdf', 'pending']])
    expect(await listed()).toEqual([])
    expect(await Promise.all(ids.map(text))).toEqual(['passport', 'passport'])
    const events = await audited('document.handed_in')
    expect(events.slice(0, 2)).toEqual(ids.map(id => ({ account_id: ACME, subject: String(id) })))
    expect(events).toHaveLength(3)
  })

  it('a new one takes the place of one that was refused or not looked at, and of no other', async () => {
    const [a, b] = [await leaseOf(acme, A), await leaseOf(acme, B)]
    await upload(acme, [a, b], 'first')
    await upload(acme, [a], 'letter', 'address')
    const [second] = await upload(acme, [a], 'second')
    await w.core.documents.review(null, second as number, 'rejected', 'cannot be read')
    await upload(acme, [a], 'third')
    expect(await listed(a, b)).toEqual([
      [b, 'id', 'first.pdf', 'pending'],
      [a, 'address', 'letter.pdf', 'pending'],
      [a, 'id', 'third.pdf', 'pending'],
    ])
    await expect(w.core.documents.content(second as number)).rejects.toMatchObject(missing)
  })

  it('one that was approved stays, and with it all that was to come in the same call', async () => {
    const [a, b] = [await leaseOf(acme, A), await leaseOf(acme, B)]
    const [first] = await upload(acme, [a], 'first')
    await w.core.documents.review(null, first as number, 'approved', 'fine')
    const approved = { code: 'wrong_state', details: { what: 'document', id: String(first), state: 'approved' } }
    await expect(upload(acme, [b, a], 'second')).rejects.toMatchObject(approved)
    expect(await listed(a, b)).toEqual([[a, 'id', 'first.pdf', 'approved']])
    // of another type it is another paper
    expect(await upload(acme, [a], 'letter', 'address')).toHaveLength(1)
  })

  it('is handed in by who holds the number now, and by nobody else', async () => {
    const [a, b] = [await leaseOf(acme, A), await leaseOf(other, B)]
    await expect(upload(acme, [a, b], 'passport')).rejects.toMatchObject({ code: 'not_found' })
    expect(await listed(a, b)).toEqual([])
    await release(w, ACME, A)
    await expect(upload(acme, [a], 'passport')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('a decision is that of one paper, with its reason, told and written down', async () => {
    const [a, b] = [await leaseOf(acme, A), await leaseOf(acme, B)]
    w.core.outbox.subscribe(['document.reviewed'])
    const [first, second] = (await upload(acme, [a, b], 'passport')) as [number, number]
    const answer = await w.core.documents.review(null, second, 'rejected', 'cannot be read')
    expect(answer).toMatchObject({ id: second, leaseId: b, status: 'rejected', reason: 'cannot be read' })
    expect(await listed(a, b)).toEqual([
      [a, 'id', 'passport.pdf', 'pending'],
      [b, 'id', 'passport.pdf', 'rejected'],
    ])
    expect((await w.core.documents.list([b]))[0]).toEqual(answer)
    expect(await audited('document.rejected')).toEqual([{ account_id: ACME, subject: String(second) }])
    const told = await w.store.read(db =>
      db.selectFrom('outbox').select(['kind', 'account_id', 'data']).where('kind', '=', 'document.reviewed').execute(),
    )
    expect(told.map(each => [each.account_id, JSON.parse(each.data)])).toMatchObject([
      [ACME, { documentId: second, leaseId: b, type: 'id', status: 'rejected', reason: 'cannot be read' }],
    ])
    await expect(w.core.documents.review(null, 999_999, 'approved', 'x')).rejects.toMatchObject(missing)
    await expect(w.core.documents.content(999_999)).rejects.toMatchObject(missing)
    expect(await text(first)).toBe('passport')
  })

  describe('of an order', () => {
    const keep = (caller: Caller, e164: string) =>
      w.core.orders.keep(caller, {
        ...{ dialect: 'd', wish: { e164s: [e164] }, keepMs: HOUR, data: () => ({ city: 'Oslo' }) },
        ...{ settings: {}, schedule: [], callbackUrl: null },
      })

    it('comes beside what the order says, in place of a former one of its type, while its customer may say more', async () => {
      const [order, beside] = [await keep(acme, A), await keep(acme, B)]
      await w.core.documents.attach(acme, beside.id, paper('beside'))
      await w.core.documents.attach(acme, order.id, paper('first'), { name: 'Ann' })
      await w.core.documents.attach(acme, order.id, paper('letter', 'address'))
      await w.core.documents.attach(acme, order.id, paper('second'))
      const of = async (id: number) => (await w.core.documents.ofOrder(id)).map(({ fileName }) => fileName)
      expect([await of(order.id), await of(beside.id)]).toEqual([['letter.pdf', 'second.pdf'], ['beside.pdf']])
      expect((await w.core.orders.find(order.id))?.data).toEqual({ city: 'Oslo', name: 'Ann' })
      await expect(w.core.documents.attach(other, order.id, paper('x'))).rejects.toMatchObject({ code: 'not_found' })
      await w.core.orders.submit(acme, order.id)
      const over = { code: 'wrong_state', details: { what: 'order' } }
      await expect(w.core.documents.attach(acme, order.id, paper('late'))).rejects.toMatchObject(over)
      expect(await of(order.id)).toEqual(['letter.pdf', 'second.pdf'])
    })

    it('is that of its numbers once it is filled, approved, and reads as it was handed in', async () => {
      const order = await keep(acme, A)
      await w.core.documents.attach(acme, order.id, paper('passport'))
      await w.core.orders.submit(acme, order.id)
      await w.core.orders.complete(null, order.id, 'fine')
      const leaseId = (await w.core.numbers.leaseOf(A))?.lease.id as number
      expect(await listed(leaseId)).toEqual([[leaseId, 'id', 'passport.pdf', 'approved']])
      const [copy] = await w.core.documents.list([leaseId])
      expect(await text(copy?.id as number)).toBe('passport')
    })
  })
})
