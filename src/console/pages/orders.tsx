import { type Answer, queryText } from '../client.ts'
import { Choice } from '../fields.tsx'
import { Filter, filtered } from '../forms.tsx'
import { AccountLink, type Column, Data, NumberLink, Pager, State, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'
import { Decide, ORDER } from './decide.tsx'

const isOpen = ({ status }: Answer) => status === 'pending' || status === 'accepted'

const columns = (view: View): Column<Answer>[] => [
  { name: 'Order', cell: each => <span title={each.guid}>{each.id}</span> },
  { name: 'Status', cell: each => <State of={each.status} /> },
  { name: 'Account', cell: each => <AccountLink view={view} id={each.account_id} /> },
  { name: 'Dialect', cell: each => each.dialect },
  { name: 'Wanted', cell: each => <Data of={each.filter} /> },
  { name: 'Quantity', isNumeric: true, cell: each => each.quantity },
  {
    name: 'Got',
    cell: each =>
      each.ranges.slice(0, 3).map((range: Answer) => (
        <>
          <NumberLink view={view} e164={range.start} />
          {range.size > 1 ? ` and ${range.size - 1} more` : ''}{' '}
        </>
      )),
  },
  { name: 'Why', cell: each => each.reason },
  { name: 'Placed', cell: each => <Time at={each.created_at} /> },
  {
    name: 'Decide',
    cell: each => (isOpen(each) ? <Decide view={view} path={`/orders/${each.id}`} of={ORDER} /> : ''),
  },
]

export const orderPages = [
  page('/orders', async view => {
    const status = view.query('status')
    const ask = view.admin.get(`/orders${queryText({ status, limit: 50, offset: view.query('offset') })}`)
    const filter = (
      <Filter action={`${view.base}/orders`}>
        <Choice
          name="status"
          label="Status"
          value={status}
          of={['', 'pending', 'accepted', 'completed', 'rejected', 'cancelled']}
        />
      </Filter>
    )
    const listed = await filtered(filter, ask, ({ orders, total, limit, offset }) => (
      <>
        <Table<Answer>
          label="Orders"
          items={orders}
          empty="No order. They come in through dialects whose requests for numbers may take time."
          columns={columns(view)}
        />
        <Pager {...{ view, total, limit, offset }} />
      </>
    ))
    return { title: 'Orders', ...listed }
  }),
]
