import type { JSX } from 'hono/jsx/jsx-runtime'
import { type Answer, queryText } from '../client.ts'
import { Ask, Choice, Filter, Reason } from '../forms.tsx'
import { AccountLink, NumberLink, Pager, State, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'

interface Decision {
  verb: string
  title: string
  explain: string
  done: string
  isDangerous?: boolean
}

const ORDER: readonly Decision[] = [
  { verb: 'accept', title: 'Accept', explain: 'It is taken on; numbers come later.', done: 'The order is accepted.' },
  { verb: 'complete', title: 'Complete', explain: 'It is filled now and charged.', done: 'The order is completed.' },
  {
    ...{ verb: 'reject', title: 'Reject', explain: 'Its client is told so.', done: 'The order is rejected.' },
    isDangerous: true,
  },
]

const REVIEW: readonly Decision[] = [
  { verb: 'approve', title: 'Approve', explain: 'It is found right.', done: 'It is approved.' },
  { verb: 'reject', title: 'Reject', explain: 'It is found wrong.', done: 'It is rejected.', isDangerous: true },
]

const Decide = ({ view, path, of }: { view: View; path: string; of: readonly Decision[] }): JSX.Element => (
  <div class="asks">
    {of.map(({ verb, title, explain, done, isDangerous = false }) => (
      <Ask {...{ view, title, explain, done, isDangerous, verb: title, call: `POST ${path}/${verb}` }}>
        <Reason />
      </Ask>
    ))}
  </div>
)

const isOpen = ({ status }: Answer) => status === 'pending' || status === 'accepted'

export const orderPages = [
  page('/orders', async view => {
    const status = view.query('status')
    const listed = await view.admin.get(`/orders${queryText({ status, limit: 50, offset: view.query('offset') })}`)
    const { orders, total, limit, offset } = listed
    const body = (
      <>
        <Filter action={`${view.base}/orders`}>
          <Choice
            name="status"
            label="Status"
            value={status}
            of={['', 'pending', 'accepted', 'completed', 'rejected', 'cancelled']}
          />
        </Filter>
        <Table<Answer>
          label="Orders"
          items={orders}
          empty="No order. They come in through dialects whose requests for numbers may take time."
          columns={[
            { name: 'Order', cell: each => <span title={each.guid}>{each.id}</span> },
            { name: 'Status', cell: each => <State of={each.status} /> },
            { name: 'Account', cell: each => <AccountLink view={view} id={each.account_id} /> },
            { name: 'Dialect', cell: each => each.dialect },
            { name: 'Wanted', cell: each => <code class="data">{JSON.stringify(each.filter)}</code> },
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
          ]}
        />
        <Pager {...{ view, total, limit, offset }} />
      </>
    )
    return { title: 'Orders', body }
  }),
  page('/documents', async view => {
    const status = view.query('status')
    const wanted = status === '' ? 'pending' : status === 'all' ? '' : status
    const [papers, profiles] = await Promise.all([
      view.admin.get(`/documents${queryText({ status: wanted, limit: 50, offset: view.query('offset') })}`),
      view.admin.get(
        `/company-profiles${queryText({ status: wanted === 'pending' ? 'in_review' : wanted, limit: 50 })}`,
      ),
    ])
    const body = (
      <>
        <Filter action={`${view.base}/documents`}>
          <Choice
            name="status"
            label="Status"
            value={status}
            of={[['', 'to be decided'], 'approved', 'rejected', 'all']}
          />
        </Filter>
        <h2>Papers</h2>
        <Papers view={view} of={papers} />
        <h2>Company profiles</h2>
        <Profiles view={view} of={profiles.company_profiles} />
      </>
    )
    return { title: 'Documents', body }
  }),
  page('/documents/:id/content', async view => {
    const path = `/documents/${encodeURIComponent(view.c.req.param('id') ?? '')}`
    const answer = await view.admin.raw(`${path}/content`)
    // as the API answers it: a file to keep, never opened in this origin
    return answer.ok ? answer : view.admin.get(`${path}/content`)
  }),
]

const Papers = ({ view, of }: { view: View; of: Answer }): JSX.Element => (
  <>
    <Table<Answer>
      label="Papers"
      items={of.documents}
      empty="No paper is waiting."
      columns={[
        { name: 'Paper', cell: each => each.id },
        { name: 'Status', cell: each => <State of={each.status} /> },
        { name: 'Number', cell: each => <NumberLink view={view} e164={each.e164} /> },
        { name: 'Account', cell: each => <AccountLink view={view} id={each.account_id} /> },
        { name: 'Kind', cell: each => each.type },
        {
          name: 'File',
          cell: each => (
            <a href={`${view.base}/documents/${each.id}/content`} download>
              {each.file_name || `document-${each.id}`}
            </a>
          ),
        },
        { name: 'Why', cell: each => each.reason },
        { name: 'Handed in', cell: each => <Time at={each.created_at} /> },
        {
          name: 'Decide',
          cell: each =>
            each.status === 'pending' ? <Decide view={view} path={`/documents/${each.id}`} of={REVIEW} /> : '',
        },
      ]}
    />
    <Pager view={view} total={of.total} limit={of.limit} offset={of.offset} />
  </>
)

export const Profiles = ({ view, of }: { view: View; of: readonly Answer[] }): JSX.Element => (
  <Table<Answer>
    label="Company profiles"
    items={of}
    empty="No company profile is waiting."
    columns={[
      { name: 'Profile', cell: each => <code>{each.guid}</code> },
      { name: 'Status', cell: each => <State of={each.status} /> },
      { name: 'Account', cell: each => <AccountLink view={view} id={each.account_id} /> },
      { name: 'For', cell: each => `${each.country} ${each.types.join(', ')}` },
      { name: 'Data', cell: each => <code class="data">{JSON.stringify(each.data)}</code> },
      { name: 'Made', cell: each => <Time at={each.created_at} /> },
      {
        name: 'Decide',
        cell: each => (
          <Decide view={view} path={`/accounts/${each.account_id}/company-profiles/${each.guid}`} of={REVIEW} />
        ),
      },
    ]}
  />
)
