import type { JSX } from 'hono/jsx/jsx-runtime'
import { type Answer, queryText } from '../client.ts'
import { Choice, Field } from '../fields.tsx'
import { words } from '../format.ts'
import { Filter, filtered } from '../forms.tsx'
import { type Column, Money, NumberLink, Pager, Said, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'

const KINDS = ['', 'purchase', 'renewal', 'release_fee', 'refund', 'topup', 'adjustment'] as const
const FILTERS = ['currency', 'kind', 'direction', 'from', 'until', 'note'] as const

export const transactionColumns = (view: View): Column<Answer>[] => [
  { name: 'At', cell: each => <Time at={each.created_at} /> },
  { name: 'Kind', cell: each => words(each.kind) },
  { name: 'Number', cell: each => each.e164 && <NumberLink view={view} e164={each.e164} /> },
  { name: 'Note', cell: each => each.note },
  { name: 'Amount', isNumeric: true, cell: each => <Money amount={each.amount} currency={each.currency} /> },
  {
    name: 'Balance after',
    isNumeric: true,
    cell: each => <Money amount={each.balance_after} currency={each.currency} />,
  },
]

const asked = (view: View) => Object.fromEntries(FILTERS.map(name => [name, view.query(name)]))

const CSV = ['created_at', 'kind', 'currency', 'amount', 'setup_amount', 'period_amount', 'balance_after', 'e164']
const COLUMNS = [...CSV, 'note', 'reference', 'guid']
const CSV_PAGE = 1000
/** More than anybody opens in a spreadsheet; the filter cuts it. */
const CSV_LINES = 100_000

/** A spreadsheet takes what begins so for a formula; amounts and numbers are of ours. */
const cell = (value: unknown, name: string): string => {
  const text = String(value ?? '')
  const harmless = name === 'note' || name === 'reference' ? text.replace(/^[=+\-@\t\r]/, "'$&") : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless
}

function csvOf(view: View, path: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let offset = 0
  return new ReadableStream({
    start: controller => controller.enqueue(encoder.encode(`${COLUMNS.join(',')}\r\n`)),
    async pull(controller) {
      const query = queryText({ ...asked(view), limit: CSV_PAGE, offset })
      const { transactions, total } = await view.admin.get(`${path}/transactions${query}`)
      const lines = transactions.map((each: Answer) => `${COLUMNS.map(name => cell(each[name], name)).join(',')}\r\n`)
      controller.enqueue(encoder.encode(lines.join('')))
      offset += CSV_PAGE
      if (offset >= Math.min(total, CSV_LINES)) controller.close()
    },
  })
}

const Choose = ({ action, of }: { action: string; of: Record<string, string> }): JSX.Element => (
  <Filter action={action}>
    <Choice name="kind" label="Kind" value={of.kind} of={KINDS} />
    <Choice name="direction" label="Direction" value={of.direction} of={['', 'debit', 'credit']} />
    <Field name="currency" label="Currency" value={of.currency} hint="USD" />
    <Field name="from" label="From" value={of.from} hint="2026-06-01" />
    <Field name="until" label="Until, not included" value={of.until} hint="2026-07-01" />
    <Field name="note" label="Note has" value={of.note} />
  </Filter>
)

export const ledgerPages = [
  page('/accounts/:id/ledger', async view => {
    const path = `/accounts/${encodeURIComponent(view.c.req.param('id') ?? '')}`
    const of = asked(view)
    const query = queryText({ ...of, limit: 100, offset: view.query('offset') })
    const ask = view.admin.get(`${path}/transactions${query}`)
    // both are asked at once; a filter that is refused is told below
    const [account] = await Promise.all([view.admin.get(path), ask.catch(() => undefined)])
    const filter = (
      <>
        <p class="lead">
          <a href={`${view.base}${path}`}>
            <Said text={account.name} />
          </a>{' '}
          ·{' '}
          <a href={`${view.base}${path}/ledger.csv${queryText(of)}`} download>
            These lines as CSV
          </a>
        </p>
        <Choose action={`${view.base}${path}/ledger`} of={of} />
      </>
    )
    const listed = await filtered(filter, ask, ({ transactions, total, limit, offset }) => (
      <>
        <Table label="Ledger" items={transactions} columns={transactionColumns(view)} empty="No money has moved so." />
        <Pager {...{ view, total, limit, offset }} />
      </>
    ))
    return { title: 'Ledger', ...listed }
  }),
  page('/accounts/:id/ledger.csv', async view => {
    const path = `/accounts/${encodeURIComponent(view.c.req.param('id') ?? '')}`
    const { id } = await view.admin.get(path)
    return view.c.body(csvOf(view, path), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="ledger-${id}.csv"`,
    })
  }),
]
