import type { Row } from '../ground/rows.ts'
import { covers } from '../money/index.ts'
import type { Reader } from '../store/store.ts'
import type { Candidate } from './shelf.ts'

/** What a payer has, by currency. */
export type Purse = ReadonlyMap<string, Pick<Row<'balances'>, 'balance' | 'credit_limit'>>

export async function readPurse(db: Reader, payerId: number): Promise<Purse> {
  const rows = await db.selectFrom('balances').selectAll().where('account_id', '=', payerId).execute()
  return new Map(rows.map(row => [row.currency, row]))
}

/** Micros. */
export function canPay(purse: Purse, currency: string, amount: number): boolean {
  const funds = purse.get(currency)
  return amount === 0 || (funds !== undefined && covers(funds, amount))
}

/** Those of which so many can be paid, whichever they are. */
export function payable(purse: Purse, quantity: number, found: readonly Candidate[]): Candidate[] {
  const prices = new Map<string, boolean>()
  return found.filter(({ currency, price }) => {
    const key = `${price} ${currency}`
    const known = prices.get(key) ?? canPay(purse, currency, price * quantity)
    prices.set(key, known)
    return known
  })
}
