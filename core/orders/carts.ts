import { Fault, isFault } from '../ground/fault.ts'
import type { PhoneNumber } from '../ground/model.ts'
import { type Row, toNumber } from '../ground/rows.ts'
import { type Context, catchUp, failed, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import { purchasable, purchaseNumbers, whyNotForSale } from '../numbers/index.ts'
import { tell } from '../store/statements.ts'
import type { Reader } from '../store/store.ts'
import type { Carts, LeaseTerms } from '../verbs.ts'

/** What still can be bought of a cart, in the order it was filled. A cart reserves nothing. */
function selectLive(db: Reader, accountId: number, now: number) {
  return db
    .selectFrom('carts')
    .innerJoin('numbers', 'numbers.id', 'carts.number_id')
    .selectAll('numbers')
    .where('carts.account_id', '=', accountId)
    .where(purchasable(accountId, now))
    .orderBy('carts.added_at')
    .orderBy('numbers.e164')
    .execute()
}

async function selectEntries(db: Reader, accountId: number): Promise<Row<'numbers'>[]> {
  return db
    .selectFrom('carts')
    .innerJoin('numbers', 'numbers.id', 'carts.number_id')
    .selectAll('numbers')
    .where('carts.account_id', '=', accountId)
    .orderBy('carts.added_at')
    .orderBy('numbers.e164')
    .execute()
}

async function dropEntries(unit: Unit, accountId: number, numberIds: readonly number[]): Promise<void> {
  if (numberIds.length === 0) return
  const { db } = unit
  await tell(db, db.deleteFrom('carts').where('account_id', '=', accountId).where('number_id', 'in', numberIds))
}

/** A cart keeps its order although clocks differ and go back. */
async function afterOthers(unit: Unit, accountId: number): Promise<void> {
  const { last } = await unit.db
    .selectFrom('carts')
    .select(e => e.fn.max<number | null>('added_at').as('last'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  if (last !== null) catchUp(unit, [{ updated_at: last }])
}

/** All of them or none. Faults: number_unavailable. */
async function add(unit: Unit, accountId: number, e164s: readonly string[], currency: string): Promise<PhoneNumber[]> {
  if (e164s.length === 0) return []
  const rows = await unit.db
    .selectFrom('numbers')
    .selectAll()
    .where('e164', 'in', e164s)
    .where('currency', '=', currency)
    .where(purchasable(accountId, unit.now))
    .execute()
  const found = new Map(rows.map(row => [row.e164, row]))
  const gone = e164s.filter(e164 => !found.has(e164))
  if (gone.length > 0) {
    const there = await unit.db.selectFrom('numbers').selectAll().where('e164', 'in', gone).execute()
    throw new Fault('number_unavailable', { e164s: gone }, { why: whyNotForSale(unit, gone, there) })
  }
  await afterOthers(unit, accountId)
  await unit.db
    .insertInto('carts')
    .values(rows.map(row => ({ account_id: accountId, number_id: row.id, added_at: unit.now })))
    .onConflict(c => c.columns(['account_id', 'number_id']).doNothing())
    .execute()
  return e164s.map(e164 => toNumber(found.get(e164) as Row<'numbers'>))
}

/** The entries with these numbers; all of the cart when none are named. Faults: not_found. */
async function entriesOf(unit: Unit, accountId: number, e164s: readonly string[] | undefined) {
  const entries = await selectEntries(unit.db, accountId)
  if (!e164s) return entries
  const byNumber = new Map(entries.map(row => [row.e164, row]))
  return e164s.map(e164 => {
    const row = byNumber.get(e164)
    if (!row) throw missing('cart_entry', e164)
    return row
  })
}

type Caller = Parameters<Carts['checkout']>[0]

/**
 * Buy what is in the cart, one order, all or nothing. An entry that somebody else bought meanwhile leaves the cart
 * although the checkout fails.
 */
async function checkout(unit: Unit, caller: Caller, e164s: readonly string[] | undefined, terms: LeaseTerms) {
  const entries = await entriesOf(unit, caller.account.id, e164s)
  if (entries.length === 0) throw new Fault('wrong_state', { what: 'cart_entry', id: '', state: 'empty' })
  try {
    const purchase = await purchaseNumbers(
      unit,
      caller,
      entries.map(row => row.e164),
      terms,
    )
    await dropEntries(
      unit,
      caller.account.id,
      entries.map(row => row.id),
    )
    return purchase
  } catch (error) {
    // refused before anything was written for the buyer
    if (!isFault(error, 'number_unavailable')) throw error
    const dead = entries.filter(row => error.details.e164s.includes(row.e164))
    await dropEntries(
      unit,
      caller.account.id,
      dead.map(row => row.id),
    )
    return failed(error)
  }
}

export function createCarts({ store, clock }: Context, run: RunUnit): Carts {
  return {
    add: (caller, e164s, currency) => run(caller, unit => add(unit, caller.account.id, e164s, currency)),
    remove: (caller, e164s) =>
      run(caller, async unit => {
        const entries = await entriesOf(unit, caller.account.id, e164s)
        await dropEntries(
          unit,
          caller.account.id,
          entries.map(row => row.id),
        )
      }),
    list: accountId => store.read(async db => (await selectLive(db, accountId, clock.now())).map(toNumber)),
    checkout: (caller, e164s, terms) => run(caller, unit => checkout(unit, caller, e164s, terms)),
  }
}
