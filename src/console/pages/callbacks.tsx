import type { JSX } from 'hono/jsx/jsx-runtime'
import { type Answer, queryText } from '../client.ts'
import { Choice } from '../fields.tsx'
import { laidOut } from '../format.ts'
import { Act, Filter, filtered } from '../forms.tsx'
import { AccountLink, Card, Code, type Column, Facts, Pager, Said, State, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'

const STATUSES = ['', 'waiting', 'delivered', 'failed', 'recorded', 'unworded'] as const

export const deliveryColumns = (view: View): Column<Answer>[] => [
  { name: 'Callback', cell: each => <a href={`${view.base}/callbacks/${each.id}`}>{each.id}</a> },
  { name: 'Status', cell: each => <State of={each.status} /> },
  { name: 'Dialect', cell: each => each.dialect },
  { name: 'Account', cell: each => <AccountLink view={view} id={each.account_id} /> },
  {
    name: 'To',
    cell: each => (
      <code>
        <Said text={each.url} />
      </code>
    ),
  },
  { name: 'Attempts', isNumeric: true, cell: each => each.attempts.length },
  { name: 'Made', cell: each => <Time at={each.created_at} /> },
  { name: 'Next', cell: each => <Time at={each.next_attempt_at} /> },
]

const Again = ({ view, of }: { view: View; of: Answer }): JSX.Element | null =>
  of.status === 'recorded' ? null : (
    <Act
      {...{ view, call: `POST /deliveries/${of.id}/redeliver`, verb: 'Deliver again', done: 'It is sent again now.' }}
    />
  )

const Attempts = ({ of }: { of: readonly Answer[] }): JSX.Element => (
  <Table<Answer>
    label="Attempts"
    items={of}
    empty="Nothing was sent yet."
    columns={[
      { name: 'At', cell: each => <Time at={each.at} /> },
      { name: 'Answer', cell: each => each.status ?? <span class="muted">none</span> },
      { name: 'Trouble', cell: each => each.error },
      { name: 'Took, ms', isNumeric: true, cell: each => each.duration_ms },
    ]}
  />
)

export const callbackPages = [
  page('/callbacks', async view => {
    const status = view.query('status')
    const ask = view.admin.get(`/deliveries${queryText({ status, limit: 50, offset: view.query('offset') })}`)
    const live = { 'hx-get': view.here, 'hx-select': '#live', 'hx-trigger': 'every 5s', 'hx-swap': 'outerHTML' }
    const filter = (
      <Filter action={`${view.base}/callbacks`}>
        <Choice name="status" label="Status" value={status} of={STATUSES} />
      </Filter>
    )
    const listed = await filtered(filter, ask, ({ deliveries, total, limit, offset }) => (
      <div id="live" {...live}>
        <Table
          label="Callbacks"
          items={deliveries}
          columns={deliveryColumns(view)}
          empty="No callback. They go out when a client sets a callback URL and something happens to its numbers or orders."
        />
        <Pager {...{ view, total, limit, offset }} />
      </div>
    ))
    return { title: 'Callbacks', ...listed }
  }),
  page('/callbacks/:id', async view => {
    const of = await view.admin.get(`/deliveries/${encodeURIComponent(view.c.req.param('id') ?? '')}`)
    const body = (
      <>
        <Again view={view} of={of} />
        <Card title="What is told">
          <Facts
            of={[
              ['Status', <State of={of.status} />],
              ['Dialect', of.dialect],
              ['Account', <AccountLink view={view} id={of.account_id} />],
              [
                'To',
                <code>
                  <Said text={`${of.method} ${of.url}`} most={2_000} />
                </code>,
              ],
              ['Made', <Time at={of.created_at} />],
              ['Next attempt', <Time at={of.next_attempt_at} />],
            ]}
          />
        </Card>
        <Card title="Attempts">
          <Attempts of={of.attempts} />
        </Card>
        <Card title="Headers">
          <Code label="Headers" text={laidOut(JSON.stringify(of.headers))} />
        </Card>
        <Card title="Body">
          <Code label="Body" text={laidOut(of.body)} />
        </Card>
      </>
    )
    return { title: `Callback ${of.id}`, body }
  }),
]
