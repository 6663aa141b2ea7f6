import type { Instant, Micros } from '../../ground/model.ts'
import type { Reader, Store } from '../../store/store.ts'
import type { Forecast } from '../../verbs.ts'
import { firstDueAfter, monthsDue } from './billing.ts'
import type { Terms, ValidRow } from './validate.ts'

/** What the lines of a file will cost their owners, summed up while they are read. */
export interface Foreseen {
  add(row: ValidRow): void
  told(store: Pick<Store, 'read'>): Promise<Forecast[]>
}

type Sums = Omit<Forecast, 'funds'>

const earlier = (a: Instant | null, b: Instant) => (a === null ? b : Math.min(a, b))

function addTo(sums: Sums, price: Micros, paidUntil: Instant, now: Instant): void {
  const months = monthsDue(paidUntil, now)
  sums.numbers++
  sums.monthsDue += months
  sums.dueNow += months * price
  sums.monthly += price
  sums.nextDueAt = earlier(sums.nextDueAt, firstDueAfter(paidUntil, now))
}

async function fundsOf(db: Reader, accountId: number, currency: string): Promise<Micros> {
  const row = await db
    .selectFrom('balances')
    .innerJoin('accounts', 'accounts.payer_id', 'balances.account_id')
    .select(['balance', 'credit_limit'])
    .where('accounts.id', '=', accountId)
    .where('balances.currency', '=', currency)
    .executeTakeFirst()
  return row ? row.balance + row.credit_limit : 0
}

export function foresee({ now, billing }: Terms): Foreseen {
  const sums = new Map<string, Sums>()
  return {
    add({ owner_id, currency, monthly_price, paid_until }) {
      const key = `${owner_id} ${currency}`
      const none = { accountId: owner_id as number, currency, numbers: 0, monthsDue: 0, dueNow: 0, monthly: 0 }
      const sum = sums.get(key) ?? { ...none, nextDueAt: null }
      addTo(sum, billing === 'elsewhere' ? 0 : monthly_price, paid_until as number, now)
      sums.set(key, sum)
    },
    async told(store) {
      const told: Forecast[] = []
      for (const sum of sums.values()) {
        const funds = await store.read(db => fundsOf(db, sum.accountId, sum.currency))
        told.push({ ...sum, funds })
      }
      return told.sort((a, b) => a.accountId - b.accountId || (a.currency < b.currency ? -1 : 1))
    },
  }
}
