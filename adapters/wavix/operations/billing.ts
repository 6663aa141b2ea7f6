import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Transaction } from '../../../core/ground/model.ts'
import type { Core, TransactionFilter } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { twoDecimals } from '../../kit/money-text.ts'
import { invalid, optionalDate, optionalFlag, optionalText, optionalWhole, paging, pagingOf } from '../fields/common.ts'
import * as shape from '../schemas.ts'
import { invoicePdf } from '../views/invoice-pdf.ts'
import { pagination } from '../views/numbers.ts'
import { postingsOf, TOPUP, transactionView } from '../views/transactions.ts'
import { wireProfile } from '../wire/profile.ts'

const common = { caller: 'required', evidence: 'E1', scope: 'billing:read' } as const
const DAY_MS = 86_400_000
const BATCH = 1000

/** Rows of one list are made from a purchase each, so pages are cut after all of the period is read. */
async function everyTransaction(core: Core, filter: TransactionFilter): Promise<Transaction[]> {
  const all: Transaction[] = []
  for (;;) {
    const { items } = await core.ledger.transactions(filter, { limit: BATCH, offset: all.length })
    all.push(...items)
    if (items.length < BATCH) return all
  }
}

const transactionInput = v.object({
  ...paging,
  from_date: optionalDate,
  to_date: optionalDate,
  from: optionalDate,
  to: optionalDate,
  type: optionalWhole,
  details_contains: optionalText,
  payments: optionalFlag,
})

/** Year 1 is the old Go client's way to leave a date out. */
function dates(input: v.InferOutput<typeof transactionInput>, isRequired: boolean) {
  const real = (at: number | undefined) => (at === undefined || new Date(at).getUTCFullYear() <= 1 ? undefined : at)
  const [from, to] = [real(input.from_date ?? input.from), real(input.to_date ?? input.to)]
  if (isRequired && from === undefined) throw invalid('from_date')
  if (isRequired && to === undefined) throw invalid('to_date')
  return { ...(from !== undefined && { from }), ...(to !== undefined && { until: to + DAY_MS }) }
}

const transactions = operation({
  ...common,
  on: 'GET /v1/billing/transactions',
  input: transactionInput,
  answers: {
    200: v.strictObject({
      is_empty: v.boolean(),
      transactions: v.array(shape.transaction),
      pagination: shape.pagination,
    }),
    ...shape.errors,
  },
  async handle({ core, caller, inbound }, input) {
    const profile = wireProfile(inbound)
    const { id: accountId, currency } = caller.account
    const all = await everyTransaction(core, { accountId, currency, ...dates(input, profile === 'current') })
    const wanted = all
      .flatMap(postingsOf)
      .filter(row => input.type === undefined || row.type === input.type)
      .filter(row => input.payments !== true || row.type === TOPUP)
      .filter(row => row.details.toLowerCase().includes((input.details_contains ?? '').toLowerCase()))
    const page = pagingOf(input)
    const rows = wanted.slice(page.core.offset, page.core.offset + page.core.limit)
    const body = { is_empty: wanted.length === 0, transactions: rows.map(row => transactionView(row, profile)) }
    return { body: { ...body, pagination: pagination(page, wanted.length) } }
  },
})

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

/** An invoice is a month that is over: its id says which one, `202606`. */
async function invoicesOf(core: Core, accountId: number, currency: string) {
  const months = await core.ledger.months(accountId, currency)
  return months.map(({ from, until, amount }) => ({
    id: Number(dayOf(from).slice(0, 7).replace('-', '')),
    amount: twoDecimals(amount),
    from_date: dayOf(from),
    to_date: dayOf(until - DAY_MS),
  }))
}

const invoices = operation({
  ...common,
  on: 'GET /v1/billing/invoices',
  input: v.object(paging),
  answers: {
    200: v.strictObject({ is_empty: v.boolean(), invoices: v.array(shape.invoice), pagination: shape.pagination }),
    ...shape.errors,
  },
  async handle({ core, caller }, input) {
    const all = await invoicesOf(core, caller.account.id, caller.account.currency)
    const page = pagingOf(input)
    const rows = all.slice(page.core.offset, page.core.offset + page.core.limit)
    return { body: { is_empty: all.length === 0, invoices: rows, pagination: pagination(page, all.length) } }
  },
})

const invoice = operation({
  ...common,
  on: 'GET /v1/billing/invoices/:id',
  input: v.object({ id: v.string() }),
  answers: { 200: 'binary', ...shape.errors },
  async handle({ core, caller }, { id }) {
    const { id: accountId, name, currency } = caller.account
    const found = (await invoicesOf(core, accountId, currency)).find(each => String(each.id) === id)
    if (!found) throw new Fault('not_found', { what: 'invoice', id })
    const lines = [name, `Period: ${found.from_date} to ${found.to_date}`, `Amount: ${found.amount} ${currency}`]
    const headers = {
      'content-type': 'application/pdf',
      // without "attachment" the old Go client fails; the old Ruby client takes the file's name from here
      'content-disposition': `attachment; filename="invoice_${found.id}.pdf"`,
    }
    return { headers, body: await invoicePdf({ title: `Invoice ${found.id}`, lines }, core.clock.now()) }
  },
})

export const billingOperations: readonly Operation[] = [transactions, invoices, invoice]
