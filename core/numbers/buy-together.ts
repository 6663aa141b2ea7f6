import type { Account, Caller } from '../ground/model.ts'
import { createTogether, type RunTogether } from '../ground/together.ts'
import type { Context, RunUnit, Unit } from '../ground/unit.ts'
import { covers } from '../money/index.ts'
import { run as query } from '../store/texts.ts'
import type { LeaseTerms, Numbers, Purchase } from '../verbs.ts'
import { checkTerms, purchaseNumbers } from './buy.ts'
import { isOnShelf, type NumberRow } from './lifecycle.ts'
import { insertOrders, reserveFor, takeAll } from './take.ts'

interface Wish {
  caller: Caller
  e164s: readonly string[]
  terms: LeaseTerms
}

/** Numbers of one wish that may be bought together with others'. */
const MOST_NUMBERS = 8

/** All that is to be found out about it is whether its numbers are there and paid for. */
function isPlain({ caller, e164s, terms }: Wish): boolean {
  const isOne = new Set(e164s).size === e164s.length && e164s.length > 0 && e164s.length <= MOST_NUMBERS
  const isForAccount = caller.account.payerId === caller.account.id && terms.userId === undefined
  return isOne && isForAccount && !caller.idempotency && !terms.routes?.length && !terms.schedule?.length
}

type Funds = Map<string, { balance: number; credit_limit: number }>

/** Nobody is waited for while the numbers of many are held: what another unit has is not found. */
async function lockFree(unit: Unit, wishes: readonly Wish[], payerId: number) {
  const e164s = wishes.flatMap(wish => wish.e164s)
  const numbers = 'SELECT * FROM numbers WHERE e164 = ANY (?::text[]) ORDER BY id FOR UPDATE SKIP LOCKED'
  const money = 'SELECT currency, balance, credit_limit FROM balances WHERE account_id = ?'
  const [rows, balances] = await Promise.all([
    query<NumberRow>(unit.db, unit.engine, numbers, [e164s]),
    query<{ currency: string; balance: number; credit_limit: number }>(unit.db, unit.engine, money, [payerId]),
  ])
  const free = rows.filter(row => isOnShelf(row) && row.updated_at <= unit.now)
  const funds: Funds = new Map(balances.map(({ currency, ...each }) => [currency, each]))
  return { free: new Map(free.map(row => [row.e164, row])), funds }
}

function suits(rows: readonly NumberRow[], terms: LeaseTerms, account: Account): boolean {
  try {
    checkTerms(rows, terms, account)
    return true
  } catch {
    return false
  }
}

/** Takes the price from the funds, where they cover it. */
function pays(rows: readonly NumberRow[], funds: Funds): boolean {
  const before = new Map(funds)
  for (const { currency, setup_price, monthly_price } of rows) {
    const has = before.get(currency)
    const price = setup_price + monthly_price
    if (!has || !covers(has, price)) return false
    before.set(currency, { ...has, balance: has.balance - price })
  }
  for (const [currency, left] of before) funds.set(currency, left)
  return true
}

/** The wishes that can be fulfilled without further ado, in order, each with its numbers. */
function chosen(wishes: readonly Wish[], { free, funds }: Awaited<ReturnType<typeof lockFree>>) {
  const plain: { n: number; rows: NumberRow[] }[] = []
  for (const [n, { caller, e164s, terms }] of wishes.entries()) {
    const rows = e164s.flatMap(e164 => free.get(e164) ?? [])
    if (rows.length < e164s.length || !suits(rows, terms, caller.account) || !pays(rows, funds)) continue
    for (const e164 of e164s) free.delete(e164)
    plain.push({ n, rows })
  }
  return plain
}

/** Undefined for those that are to be tried alone, which tells what is in their way. */
async function purchaseAll(units: readonly Unit[], wishes: readonly Wish[]): Promise<(Purchase | undefined)[]> {
  const [unit] = units as [Unit]
  const { account } = (wishes.at(-1) as Wish).caller
  const numbers = wishes.reduce((sum, { e164s }) => sum + e164s.length, 0)
  reserveFor(unit, numbers, wishes.length)
  const plain = chosen(wishes, await lockFree(unit, wishes, account.payerId))
  const results: (Purchase | undefined)[] = wishes.map(() => undefined)
  if (plain.length === 0) return results
  const taker = { account, user: null }
  const quantities = plain.map(({ rows }) => rows.length)
  const orderIds = await insertOrders(unit, taker, quantities)
  const deals = plain.map(({ n, rows }, index) => ({
    ...{ unit: units[n] as Unit, orderId: orderIds[index] as number },
    ...{ rows, terms: (wishes[n] as Wish).terms },
  }))
  const owned = await takeAll(unit, taker, deals)
  for (const [index, { n }] of plain.entries()) {
    results[n] = { orderId: orderIds[index] as number, owned: owned[index] ?? [] }
  }
  return results
}

/** Purchases of one account that wait for each other are made together; SQLite's units share their commit in any case. */
export function createPurchase({ store }: Context, run: RunUnit, runTogether: RunTogether): Numbers['purchase'] {
  const alone = ({ caller, e164s, terms }: Wish) => run(caller, unit => purchaseNumbers(unit, caller, e164s, terms))
  const together = createTogether(alone, wishes =>
    runTogether(
      wishes.map(({ caller }) => caller),
      units => purchaseAll(units, wishes),
    ),
  )
  return (caller, e164s, terms) => {
    const wish = { caller, e164s, terms }
    const mayShare = store.engine.name === 'postgres' && isPlain(wish)
    return mayShare ? together(caller.account.id, wish) : alone(wish)
  }
}
