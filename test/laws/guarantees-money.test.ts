/** What holds of money, whatever a customer does and however often a job runs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_MICROS } from '../../core/ground/money.ts'
import { engines } from '../support/engines.ts'
import {
  ACME,
  balanceOf,
  bring,
  buy,
  CHILD,
  callerOf,
  DAY,
  holding,
  iso,
  market,
  number,
  numbers,
  ON_CREDIT,
  OTHER,
  release,
  sound,
  stateOf,
  USD,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'
const M = '+12127890101'
const START = Date.parse('2026-06-01T00:00:00Z')
const ALL = { limit: 100, offset: 0 }
/** Number 100 costs 1 + 2 USD, the others likewise. */
const STOCK = numbers(9)

describe.each(engines())('money on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const limit = (w: TestWorld, amount: number, id = ON_CREDIT) =>
    w.core.accounts.update(null, id, { creditLimit: { currency: 'USD', amount } })
  const short = { code: 'insufficient_funds' }
  const ledger = async (w: TestWorld, id: number) =>
    (await w.core.ledger.transactions({ accountId: id }, ALL)).items.toReversed()

  it('an account with a limit buys down to minus the limit and no further', async () => {
    const w = await worlds.open(market(STOCK))
    await buy(w, ON_CREDIT, N)
    expect(await balanceOf(w, ON_CREDIT)).toBe(-3)
    await expect(buy(w, ON_CREDIT, M)).rejects.toMatchObject({
      ...short,
      details: { currency: 'USD', required: 3 * USD, available: 2 * USD },
      why: {
        sentence: 'account 4: balance -3.00 USD and credit 5.00 USD, needed 3.00',
        data: { account: ON_CREDIT, currency: 'USD', balance: -3 * USD, creditLimit: 5 * USD, required: 3 * USD },
      },
    })
    await w.core.numbers.reprice(null, M, { setup: 0, monthly: 2 * USD + 1 })
    await expect(buy(w, ON_CREDIT, M)).rejects.toMatchObject(short)
    await w.core.numbers.reprice(null, M, { monthly: 2 * USD })
    await buy(w, ON_CREDIT, M)
    expect(await balanceOf(w, ON_CREDIT)).toBe(-5)
    await w.core.numbers.reprice(null, '+12127890102', { setup: 0, monthly: 1 })
    await expect(buy(w, ON_CREDIT, '+12127890102')).rejects.toMatchObject(short)
    await w.core.numbers.reprice(null, '+12127890102', { monthly: 0 })
    await buy(w, ON_CREDIT, '+12127890102')
    expect(await balanceOf(w, ON_CREDIT)).toBe(-5)
    await sound(w)
  })

  it('the limit counts for months, for fees and for orders too, to the last micro', async () => {
    const w = await worlds.open(market(STOCK))
    await w.core.accounts.update(null, ON_CREDIT, { releaseFee: { currency: 'USD', amount: 2 * USD } })
    const caller = await callerOf(w, ON_CREDIT)
    const [owned] = await buy(w, ON_CREDIT, N)
    const fee = { kind: 'now', chargeFee: true } as const
    await limit(w, 5 * USD - 1)
    await expect(w.core.numbers.release(caller, [owned?.lease.id ?? 0], fee)).rejects.toMatchObject(short)
    expect(await stateOf(w, N)).toBe('active')
    await w.setClock('2026-07-01T00:00:00Z')
    expect([await stateOf(w, N), await balanceOf(w, ON_CREDIT)]).toEqual(['suspended', -3])
    await limit(w, 5 * USD)
    await w.setClock('2026-07-02T00:00:00Z')
    expect([await stateOf(w, N), await balanceOf(w, ON_CREDIT)]).toEqual(['active', -5])
    await limit(w, 8 * USD - 1)
    const order = { dialect: 'cm', filter: { country: 'US' }, quantity: 1, rangeSize: 0, data: {} }
    await expect(w.core.orders.place(caller, order)).rejects.toMatchObject(short)
    await limit(w, 8 * USD)
    expect(await w.core.orders.place(caller, order)).toMatchObject({ status: 'completed' })
    expect(await balanceOf(w, ON_CREDIT)).toBe(-8)
    await sound(w)
  })

  it('the limit of one currency or account is none of another', async () => {
    const w = await worlds.open(market([number(N, { currency: 'EUR' }), number(M)]))
    const data = { balance: 0, creditLimit: 0, required: 3 * USD }
    const why = { sentence: 'account 4: balance 0.00 EUR, needed 3.00', data }
    const none = { ...short, why, details: { currency: 'EUR', required: 3 * USD, available: 0 } }
    await expect(buy(w, ON_CREDIT, N)).rejects.toMatchObject(none)
    await w.core.accounts.update(null, ON_CREDIT, { creditLimit: { currency: 'EUR', amount: 2 * USD } })
    const some = { ...short, why: { data: { balance: 0, creditLimit: 2 * USD } }, details: { available: 2 * USD } }
    await expect(buy(w, ON_CREDIT, N)).rejects.toMatchObject(some)
    const limits = (await w.core.ledger.balances(ON_CREDIT)).map(each => [each.currency, each.creditLimit / USD])
    expect(limits).toEqual([
      ['EUR', 2],
      ['USD', 5],
    ])
    await w.core.ledger.topUp(null, OTHER, 'EUR', 2 * USD)
    const sentence = 'account 3: balance 2.00 EUR, needed 3.00'
    await expect(buy(w, OTHER, N)).rejects.toMatchObject({ ...short, why: { sentence } })
    await w.core.ledger.topUp(null, OTHER, 'EUR', 8 * USD)
    await expect(buy(w, ACME, N)).rejects.toMatchObject(short)
    await buy(w, OTHER, N)
    expect([await balanceOf(w, OTHER, 'EUR'), await balanceOf(w, OTHER)]).toEqual([7, 1000])
    await w.setClock('2026-07-01T00:00:00Z')
    expect([await balanceOf(w, OTHER, 'EUR'), await balanceOf(w, OTHER)]).toEqual([5, 1000])
    await sound(w)
  })

  it('A9: a limit is not lowered below what is owed', async () => {
    const w = await worlds.open(market(STOCK))
    await w.core.ledger.topUp(null, ON_CREDIT, 'EUR', 1)
    await buy(w, ON_CREDIT, N)
    await expect(limit(w, 0)).rejects.toMatchObject({
      code: 'wrong_state',
      message: expect.stringContaining('owing 3.00 USD'),
    })
    await expect(limit(w, 3 * USD - 1)).rejects.toMatchObject({ code: 'wrong_state' })
    w.setClockOnly(START + 1)
    await limit(w, 3 * USD)
    expect(await w.core.ledger.balance(ON_CREDIT, 'USD')).toMatchObject({ creditLimit: 3 * USD, updatedAt: START + 1 })
    await sound(w)
    await w.core.ledger.topUp(null, ON_CREDIT, 'USD', 3 * USD)
    await limit(w, 0)
    expect(await w.core.ledger.balance(ON_CREDIT, 'USD')).toMatchObject({ balance: 0, creditLimit: 0 })
  })

  it('A25: a balance takes no more than it can hold, whoever puts it in', async () => {
    const w = await worlds.open(market(STOCK))
    const full = { code: 'limit_reached', details: { limit: MAX_MICROS } }
    const room = MAX_MICROS - 1000 * USD
    await expect(w.core.ledger.topUp(null, ACME, 'USD', room + 1)).rejects.toMatchObject(full)
    await w.core.ledger.topUp(null, ACME, 'USD', room)
    expect(await w.core.ledger.balance(ACME, 'USD')).toMatchObject({ balance: MAX_MICROS })
    await expect(w.core.ledger.topUp(null, ACME, 'USD', 1)).rejects.toMatchObject(full)
    for (const wrong of [0, -1, 0.5, MAX_MICROS + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const issues = [{ field: 'amount', problem: 'format' }]
      const refused = { code: 'invalid_input', details: { issues } }
      await expect(w.core.ledger.topUp(null, ACME, 'USD', wrong)).rejects.toMatchObject(refused)
    }
    const nobody = { code: 'not_found', details: { what: 'account', id: '999' } }
    await expect(w.core.ledger.topUp(null, 999, 'USD', 1)).rejects.toMatchObject(nobody)
    await sound(w)
  })

  it('what is paid in or set right by somebody is told with its amount, and on which side of the books it stands', async () => {
    const w = await worlds.open(market([]))
    const by = { administrator: 'ann' }
    const paid = await w.core.ledger.topUp(by, ACME, 'USD', 5 * USD, 'by bank')
    await w.core.ledger.topUp(null, ACME, 'USD', USD) // by nobody
    const set = await w.core.ledger.correct(by, ACME, 'USD', -2 * USD, 'too much')
    for (const wrong of [0, 0.5, Number.NaN, MAX_MICROS + 1]) {
      const refused = { code: 'invalid_input', details: { issues: [{ field: 'amount', problem: 'format' }] } }
      await expect(w.core.ledger.correct(by, ACME, 'USD', wrong, 'x')).rejects.toMatchObject(refused)
    }
    const told = (await w.core.audit.list({ limit: 100 })).filter(({ action }) => /topped_up|corrected/.test(action))
    expect(told).toMatchObject([
      { accountId: ACME, action: 'account.topped_up', subject: paid.guid, administrator: 'ann' },
      { accountId: ACME, action: 'account.corrected', subject: set.guid, administrator: 'ann' },
    ])
    expect(told.map(({ data }) => data)).toEqual([
      { currency: 'USD', amount: 5 * USD, note: 'by bank' },
      { currency: 'USD', amount: -2 * USD, note: 'too much' },
    ])
    const books = await w.store.read(db =>
      db.selectFrom('ledger_entries').select(['transaction_id', 'book', 'amount']).orderBy('id').execute(),
    )
    const ours = books.filter(({ transaction_id: id, book }) => id >= paid.id && book !== 'customer')
    expect(ours.map(({ book, amount }) => [book, amount / USD])).toEqual([
      ['cash', -5],
      ['cash', -1],
      ['revenue', 2],
    ])
    await sound(w)
  })

  it('A25: what no balance can pay is not paid, alone, together, or by an order that waits', async () => {
    const dear = { setup_price: '40000000', monthly_price: '40000000' }
    const half = { setup_price: '40000000', monthly_price: '0' }
    const rows = [number(N, dear), number(M, half), number('+12127890102', half)]
    const beyond = [number(N, { setup_price: '40000000.000001', monthly_price: '0' })]
    const w = await worlds.open(market([]))
    const caller = await callerOf(w, ON_CREDIT)
    await limit(w, 50_000_000 * USD)
    const wanted = (e164: string) => ({ dialect: 'cm', filter: { e164 }, quantity: 1, rangeSize: 0, data: {} })
    await w.core.orders.place(caller, wanted(N))
    expect((await bring(w, beyond)).imported).toBe(0)
    expect((await bring(w, rows)).imported).toBe(3)
    await expect(buy(w, ON_CREDIT, N)).rejects.toMatchObject(short)
    await expect(buy(w, ON_CREDIT, M, '+12127890102')).rejects.toMatchObject(short)
    await expect(w.core.orders.place(caller, wanted(N))).rejects.toMatchObject(short)
    await buy(w, ON_CREDIT, M)
    expect(await balanceOf(w, ON_CREDIT)).toBe(-40_000_000)
    await expect(buy(w, ON_CREDIT, '+12127890102')).rejects.toMatchObject(short)
    const many = numbers(120, '212555', dear)
    await bring(w, many)
    const details = { currency: 'USD', required: 120 * 80_000_000 * USD, available: 10_000_000 * USD }
    await expect(buy(w, ON_CREDIT, ...many.map(row => String(row.e164)))).rejects.toMatchObject({ ...short, details })
    await sound(w)
  })

  it('a purchase is one debit with its parts, the books say the opposite, and the balance is told after each', async () => {
    const w = await worlds.open(market(STOCK))
    await buy(w, ACME, N, M)
    await w.setClock('2026-07-01T00:00:00Z')
    const rows = await ledger(w, ACME)
    expect(
      rows.map(({ kind, amount, setupAmount, periodAmount, balanceAfter, e164 }) => [
        ...[kind, amount / USD, setupAmount / USD, periodAmount / USD, balanceAfter / USD, e164],
      ]),
    ).toEqual([
      ['topup', 1000, 0, 1000, 1000, null],
      ['purchase', -3, -1, -2, 997, N],
      ['purchase', -3, -1, -2, 994, M],
      ['renewal', -2, 0, -2, 992, N],
      ['renewal', -2, 0, -2, 990, M],
    ])
    const books = await w.store.read(db =>
      db
        .selectFrom('ledger_entries')
        .select(e => ['book', e.fn.sum<number>('amount').as('total')])
        .groupBy('book')
        .orderBy('book')
        .execute(),
    )
    expect(books).toEqual([
      { book: 'cash', total: -2000 * USD },
      { book: 'customer', total: 1990 * USD },
      { book: 'revenue', total: 10 * USD },
    ])
    await sound(w)
  })

  it('a purchase that can be paid only in part is not made', async () => {
    const w = await worlds.open(market(STOCK))
    await limit(w, 6 * USD)
    await expect(buy(w, ON_CREDIT, ...STOCK.slice(0, 3).map(row => String(row.e164)))).rejects.toMatchObject(short)
    const lines = [{ filter: { npaNxx: '212789' }, quantity: 3 }]
    const caller = await callerOf(w, ON_CREDIT)
    await expect(w.core.numbers.claim(caller, lines, { documents: 'allow', partial: true })).rejects.toMatchObject(
      short,
    )
    expect((await ledger(w, ON_CREDIT)).length).toBe(0)
    expect((await w.core.numbers.search({}, ALL)).items).toHaveLength(9)
    const { total } = await w.core.numbers.owned({ accountIds: [ON_CREDIT] }, ALL)
    expect(total).toBe(0)
    await sound(w)
  })

  it('the parent pays for its child: purchase, month, fee and what comes back', async () => {
    const w = await worlds.open(market(STOCK))
    await w.core.accounts.update(null, CHILD, { releaseFee: { currency: 'USD', amount: 7 * USD } })
    const [owned] = await buy(w, CHILD, N)
    const caller = await callerOf(w, CHILD)
    expect(await balanceOf(w, ACME)).toBe(997)
    await w.setClock('2026-07-01T00:00:00Z')
    expect(await balanceOf(w, ACME)).toBe(995)
    const id = owned?.lease.id ?? 0
    const [released] = await w.core.numbers.release(caller, [id], { kind: 'window', ms: DAY, chargeFee: true })
    expect([released?.fee, await balanceOf(w, ACME)]).toEqual([7 * USD, 988])
    expect((await w.core.numbers.cancelRelease(caller, id)).fee).toBe(7 * USD)
    expect(await balanceOf(w, ACME)).toBe(995)
    expect(await ledger(w, CHILD)).toEqual([])
    await sound(w)
  })

  it('a fee is taken once, comes back once, and is not taken where none is asked', async () => {
    const w = await worlds.open(market(STOCK))
    await w.core.accounts.update(null, ACME, { releaseFee: { currency: 'USD', amount: 7 * USD } })
    const caller = await callerOf(w, ACME)
    const [a, b] = await buy(w, ACME, N, M)
    const [one, two] = [a?.lease.id ?? 0, b?.lease.id ?? 0]
    const window = { kind: 'window', ms: DAY, chargeFee: true } as const
    await w.core.numbers.release(caller, [one], window)
    const wrong = (id: number, state: string) => ({
      code: 'wrong_state',
      details: { what: 'lease', id: `${id}`, state },
    })
    await expect(w.core.numbers.release(caller, [one], window)).rejects.toMatchObject(wrong(one, 'releasing'))
    await w.core.numbers.cancelRelease(caller, one)
    const kept = { ends_at: null, release_fee: 0, release_mode: null, closed_at: null }
    const row = await w.store.read(db => db.selectFrom('leases').selectAll().where('id', '=', one).executeTakeFirst())
    expect(row).toMatchObject(kept)
    await expect(w.core.numbers.cancelRelease(caller, one)).rejects.toMatchObject(wrong(one, 'active'))
    expect(await balanceOf(w, ACME)).toBe(994)
    await w.core.numbers.release(caller, [one], window)
    const [ended] = await w.core.numbers.release(caller, [one], { kind: 'now', chargeFee: true })
    expect([ended?.fee, await balanceOf(w, ACME)]).toEqual([7 * USD, 987])
    await w.core.numbers.release(caller, [two], { kind: 'periodEnd' })
    await expect(w.core.numbers.cancelRelease(caller, two)).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await balanceOf(w, ACME)).toBe(987)
    await sound(w)
  })

  it('months are charged at their very instant, at the price of the purchase, and never after a release', async () => {
    const w = await worlds.open(market(STOCK))
    await buy(w, ACME, N, M)
    await w.core.numbers.reprice(null, N, { monthly: 500 * USD })
    await w.setClock(Date.parse('2026-07-01T00:00:00Z') - 1)
    expect(await balanceOf(w, ACME)).toBe(994)
    await w.setClock('2026-07-01T00:00:00Z')
    expect(await balanceOf(w, ACME)).toBe(990)
    await release(w, ACME, N)
    await w.setClock('2026-09-01T00:00:00Z')
    expect(await balanceOf(w, ACME)).toBe(986)
    const renewals = (await ledger(w, ACME)).filter(({ kind }) => kind === 'renewal')
    expect(renewals.map(({ e164, createdAt }) => [e164, new Date(createdAt).toISOString().slice(0, 10)])).toEqual([
      [N, '2026-07-01'],
      [M, '2026-07-01'],
      [M, '2026-08-01'],
      [M, '2026-09-01'],
    ])
    await sound(w)
  })

  it('who pays after a miss has thirty days again at the next', async () => {
    const w = await worlds.open(market(STOCK))
    await limit(w, 3 * USD)
    await buy(w, ON_CREDIT, N)
    const first = Date.parse('2026-07-01T00:00:00Z')
    await w.setClock(first)
    expect(await stateOf(w, N)).toBe('suspended')
    await w.setClock(first + 20 * DAY)
    await w.core.ledger.topUp(null, ON_CREDIT, 'USD', 2 * USD)
    await w.setClock(first + 21 * DAY - 1)
    expect(await stateOf(w, N)).toBe('suspended')
    await w.setClock(first + 21 * DAY)
    expect([await stateOf(w, N), await balanceOf(w, ON_CREDIT)]).toEqual(['active', -3])
    const second = Date.parse('2026-08-01T00:00:00Z')
    await w.setClock(second)
    expect(await stateOf(w, N)).toBe('suspended')
    await w.setClock(second + 30 * DAY - 1)
    expect(await stateOf(w, N)).toBe('suspended')
    await w.setClock(second + 30 * DAY)
    expect(await stateOf(w, N)).toBe('available')
    const kinds = (await w.core.numbers.events({ e164: N, limit: 20 })).map(({ kind }) => kind)
    expect(kinds).toEqual(['imported', 'purchased', 'suspended', 'resumed', 'suspended', 'released'])
    expect(await balanceOf(w, ON_CREDIT)).toBe(-3)
    await sound(w)
  })

  it('what is released for debts rests as its country says, and is charged no more', async () => {
    const w = await worlds.open(market(STOCK, { quarantine_days: { '*': 5 } }))
    await limit(w, 3 * USD)
    await buy(w, ON_CREDIT, N)
    await w.setClock('2026-07-31T00:00:00Z')
    expect(await stateOf(w, N)).toBe('quarantined')
    await w.core.ledger.topUp(null, ON_CREDIT, 'USD', 100 * USD)
    await w.setClock(Date.parse('2026-08-05T00:00:00Z') - 1)
    expect(await stateOf(w, N)).toBe('quarantined')
    await w.setClock('2026-08-05T00:00:00Z')
    expect([await stateOf(w, N), await balanceOf(w, ON_CREDIT)]).toEqual(['available', 97])
  })

  it('one customer without money holds up nobody, and everything due is done in its order', async () => {
    const w = await worlds.open(market(STOCK))
    await limit(w, 3 * USD)
    await buy(w, ON_CREDIT, N)
    await buy(w, ACME, M)
    const ran = await (async () => {
      w.setClockOnly('2026-09-15T00:00:00Z')
      return w.core.jobs.runDue()
    })()
    expect(await w.core.jobs.runDue()).toEqual([])
    expect(await balanceOf(w, ACME)).toBe(1000 - 3 - 6)
    expect(await stateOf(w, N)).toBe('available')
    // three of the one, thirty days and a first miss of the other
    expect(ran).toEqual([{ job: 'renewal', count: 3 + 31 }])
    await sound(w)
  })

  it('a list of transactions holds its own account, currency, kinds and time only', async () => {
    const w = await worlds.open(market(STOCK))
    await buy(w, ACME, N)
    await buy(w, OTHER, M)
    await w.core.ledger.topUp(null, ACME, 'EUR', USD)
    await w.setClock(START + 1)
    await w.core.ledger.topUp(null, ACME, 'USD', 5 * USD, 'Second 100%')
    const list = async (filter: Omit<Parameters<typeof w.core.ledger.transactions>[0], 'accountId'>) => {
      const { items, total } = await w.core.ledger.transactions({ accountId: ACME, ...filter }, ALL)
      expect(total).toBe(items.length)
      return items.map(({ kind, currency, amount }) => `${kind} ${amount / USD} ${currency}`)
    }
    expect(await list({})).toEqual(['topup 5 USD', 'topup 1 EUR', 'purchase -3 USD', 'topup 1000 USD'])
    expect(await list({ currency: 'EUR' })).toEqual(['topup 1 EUR'])
    expect(await list({ from: START + 1 })).toEqual(['topup 5 USD'])
    expect(await list({ until: START + 1, kinds: ['topup'] })).toEqual(['topup 1 EUR', 'topup 1000 USD'])
    expect(await list({ direction: 'debit' })).toEqual(['purchase -3 USD'])
    expect(await list({ direction: 'credit' })).toEqual(['topup 5 USD', 'topup 1 EUR', 'topup 1000 USD'])
    expect(await list({ kinds: [] })).toEqual([])
    expect(await list({ note: 'second 100%' })).toEqual(['topup 5 USD'])
    expect(await list({ note: 'sec%100' })).toEqual([])
    const [newest, next] = (await w.core.ledger.transactions({ accountId: ACME }, ALL)).items
    expect((await w.core.ledger.transactions({ accountId: ACME }, { limit: 1, offset: 1 })).items).toEqual([next])
    expect(await list({ guid: newest?.guid ?? '' })).toEqual(['topup 5 USD'])
    expect(await list({ reference: N })).toEqual(['purchase -3 USD'])
    expect(await list({ reference: M })).toEqual([])
    expect((await w.core.ledger.balances(ACME)).map(({ currency }) => currency)).toEqual(['EUR', 'USD'])
    expect(await w.core.ledger.summary({ accountId: ACME })).toEqual([
      { currency: 'EUR', kind: 'topup', debit: 0, credit: USD, count: 1 },
      { currency: 'USD', kind: 'purchase', debit: 3 * USD, credit: 0, count: 1 },
      { currency: 'USD', kind: 'topup', debit: 0, credit: 1005 * USD, count: 2 },
    ])
  })

  it('an order that lacks money is filled by a payment, or by a higher limit', async () => {
    const w = await worlds.open(market([]))
    const caller = await callerOf(w, ON_CREDIT)
    const any = { dialect: 'cm', filter: { country: 'US' }, quantity: 1, rangeSize: 0, data: {} }
    for (let n = 0; n < 3; n++) await w.core.orders.place(caller, any)
    await bring(w, STOCK)
    const owned = async () => (await w.core.numbers.owned({ accountIds: [ON_CREDIT] }, ALL)).total
    expect(await owned()).toBe(1)
    await w.core.ledger.topUp(null, ON_CREDIT, 'USD', 1 * USD)
    expect(await owned()).toBe(2)
    await limit(w, 8 * USD)
    expect([await owned(), await balanceOf(w, ON_CREDIT)]).toEqual([3, -8])
    await sound(w)
  })

  it('a charge names the number, the ownership and the month that it is for', async () => {
    const w = await worlds.open(market(STOCK))
    const [owned] = await buy(w, ACME, N)
    await w.setClock('2026-07-01T00:00:00Z')
    await w.core.accounts.update(null, ACME, { releaseFee: { currency: 'USD', amount: 7 * USD } })
    const fee = { kind: 'window', ms: DAY, chargeFee: true } as const
    await w.core.numbers.release(await callerOf(w, ACME), [owned?.lease.id ?? 0], fee)
    await w.core.numbers.cancelRelease(await callerOf(w, ACME), owned?.lease.id ?? 0)
    const columns = ['kind', 'number_id', 'lease_id', 'subscription_id', 'period'] as const
    const rows = await w.store.read(db => db.selectFrom('transactions').select(columns).orderBy('id').execute())
    const [number, lease] = [owned?.number.id, owned?.lease.id]
    const ids = await w.store.read(db => db.selectFrom('subscriptions').select('id').execute())
    expect(rows.filter(({ kind }) => kind !== 'topup').map(row => columns.map(column => row[column]))).toEqual([
      ['purchase', number, lease, ids[0]?.id, 0],
      ['renewal', number, lease, ids[0]?.id, 1],
      ['release_fee', number, lease, null, null],
      ['refund', number, lease, null, null],
    ])
  })

  it('who has no balance in a currency may take what is free in it, and gets none by what cannot be paid', async () => {
    const free = { currency: 'EUR', setup_price: '0', monthly_price: '0' }
    const dates = { account_id: ON_CREDIT, activated_at: '2026-05-01', paid_until: '2026-06-15' }
    const world = market([number(N, free)], { owned: [{ ...number(M, { currency: 'EUR' }), ...dates }] })
    const w = await worlds.open(world)
    await w.setClock('2026-06-15T00:00:00Z')
    const currencies = async () => (await w.core.ledger.balances(ON_CREDIT)).map(({ currency }) => currency)
    expect([await stateOf(w, M), await currencies()]).toEqual(['suspended', ['USD']])
    await buy(w, ON_CREDIT, N)
    expect(await currencies()).toEqual(['EUR', 'USD'])
    await sound(w)
  })

  it('a free number is a debit of nothing all the same', async () => {
    const w = await worlds.open(market([number(N, { setup_price: '0', monthly_price: '0' })]))
    await buy(w, ON_CREDIT, N)
    const { items } = await w.core.ledger.transactions({ accountId: ON_CREDIT, direction: 'debit' }, ALL)
    expect(items.map(({ kind, amount }) => [kind, Object.is(amount, 0)])).toEqual([['purchase', true]])
    await w.setClock('2026-07-01T00:00:00Z')
    expect((await ledger(w, ON_CREDIT)).map(({ kind }) => kind)).toEqual(['purchase', 'renewal'])
    await sound(w)
  })

  it('months that fall due together are paid in due order, each at its time, up to what an account can pay', async () => {
    const w = await worlds.open(market(STOCK))
    await limit(w, 8 * USD)
    const buyers = [ACME, ON_CREDIT, OTHER, ON_CREDIT, ACME]
    const e164s = buyers.map((_, n) => `+1212789010${n}`)
    for (const [n, e164] of e164s.entries()) {
      w.setClockOnly(START + n * 3_600_000)
      await buy(w, buyers[n] as number, e164)
    }
    await w.setClock('2026-07-02T00:00:00Z')
    expect(await Promise.all(e164s.map(e164 => stateOf(w, e164)))).toEqual([
      ...['active', 'active', 'active', 'suspended', 'active'],
    ])
    const paid = async (id: number) =>
      (await ledger(w, id))
        .filter(({ kind }) => kind === 'renewal')
        .map(({ e164, createdAt, balanceAfter }) => [e164, iso(createdAt)?.slice(0, 13), balanceAfter / USD])
    expect(await paid(ACME)).toEqual([
      [e164s[0], '2026-07-01T00', 992],
      [e164s[4], '2026-07-01T04', 990],
    ])
    expect(await paid(ON_CREDIT)).toEqual([[e164s[1], '2026-07-01T01', -8]])
    expect(await paid(OTHER)).toEqual([[e164s[2], '2026-07-01T02', 995]])
    const anchors = await Promise.all(e164s.map(async e164 => iso((await holding(w, e164)).subscription.paidUntil)))
    expect(anchors.map(text => text?.slice(5, 13))).toEqual([
      '08-01T00',
      '08-01T01',
      '08-01T02',
      '07-01T03',
      '08-01T04',
    ])
    await sound(w)
  })

  it('the months of an account are whole, over, its own, of one currency, and net of what came back', async () => {
    const free = number('+12127890121', { setup_price: '0', monthly_price: '0' })
    const w = await worlds.open(market([...STOCK, number('+12127890120', { currency: 'EUR' }), free]), {
      now: '2026-05-31T23:59:59.999Z',
    })
    await buy(w, ON_CREDIT, '+12127890121')
    await w.core.accounts.update(null, ACME, { releaseFee: { currency: 'USD', amount: 7 * USD } })
    await buy(w, ACME, N)
    await buy(w, OTHER, M)
    await w.core.ledger.topUp(null, ACME, 'EUR', 10 * USD)
    await buy(w, ACME, '+12127890120')
    await w.setClock('2026-06-01T00:00:00Z')
    const caller = await callerOf(w, ACME)
    await w.core.numbers.release(caller, [(await holding(w, N)).lease.id], { kind: 'window', ms: DAY, chargeFee: true })
    await w.core.numbers.cancelRelease(caller, (await holding(w, N)).lease.id)
    await buy(w, ACME, '+12127890102')
    const months = async () =>
      (await w.core.ledger.months(ACME, 'USD')).map(({ from, until, amount }) => [
        ...[from, until].map(at => new Date(at).toISOString().slice(0, 10)),
        amount / USD,
      ])
    expect(await months()).toEqual([['2026-05-01', '2026-06-01', 3]])
    await w.setClock(Date.parse('2026-07-01T00:00:00Z') - 1)
    expect(await months()).toHaveLength(1)
    await w.setClock('2026-07-01T00:00:00Z')
    expect(await months()).toEqual([
      ['2026-06-01', '2026-07-01', 5],
      ['2026-05-01', '2026-06-01', 3],
    ])
    expect(await w.core.ledger.months(ON_CREDIT, 'USD')).toEqual([])
  })
})
