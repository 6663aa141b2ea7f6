import type { JSX } from 'hono/jsx/jsx-runtime'
import { type Answer, queryText } from '../client.ts'
import { Choice, Field } from '../fields.tsx'
import { grouped } from '../format.ts'
import { Ask, Filter, filtered } from '../forms.tsx'
import { AccountLink, type Column, Said, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'

const FILTERS = ['dialect', 'operation', 'account', 'e164', 'status', 'fault', 'since', 'path'] as const

const asked = (view: View) => Object.fromEntries(FILTERS.map(name => [name, view.query(name)]))

const SHOWN = 100
const LOOKED_AT = 1_000
const ANY = 'any'

/** What the API is asked: it knows single faults. */
const sought = (of: Record<string, string>) => (of.fault === ANY ? { ...of, fault: '' } : of)

/** Any fault at all is looked for among the newest. */
async function found(view: View, of: Record<string, string>): Promise<{ requests: Answer[]; total: number }> {
  const isAny = of.fault === ANY
  const listed = await view.admin.get(`/requests${queryText({ ...sought(of), limit: isAny ? LOOKED_AT : SHOWN })}`)
  if (!isAny) return listed
  const failed = listed.requests.filter((each: Answer) => each.fault !== null)
  return { requests: failed.slice(0, SHOWN), total: failed.length }
}

export const Status = ({ of }: { of: number }): JSX.Element => (
  <span class={`state ${of >= 500 ? 'bad' : of >= 400 ? 'warn' : 'good'}`}>{of}</span>
)

export const exchangeColumns = (view: View): Column<Answer>[] => [
  { name: 'At', cell: each => <Time at={each.at} /> },
  {
    name: 'Request',
    cell: each => (
      <a href={`${view.base}/requests/${each.id}`}>
        <Said text={each.operation ?? `${each.request.method} (no operation)`} />
      </a>
    ),
  },
  { name: 'Dialect', cell: each => each.dialect },
  { name: 'Account', cell: each => <AccountLink view={view} id={each.account} /> },
  { name: 'Status', cell: each => <Status of={each.status} /> },
  {
    name: 'Why',
    cell: each => (each.fault === null ? '' : (each.why?.sentence ?? each.fault.replace(/_/g, ' '))),
  },
  { name: 'Took, ms', isNumeric: true, cell: each => each.ms },
]

const Choose = ({ view, of }: { view: View; of: Record<string, string> }): JSX.Element => (
  <Filter action={`${view.base}/requests`}>
    <Choice name="dialect" label="Dialect" value={of.dialect} of={['', ...view.world.dialects]} />
    <Field name="operation" label="Operation" value={of.operation} hint="POST /v1/buy/cart/checkout" />
    <Field name="account" label="Account (id)" value={of.account} hint="12" />
    <Field name="e164" label="Number" value={of.e164} hint="+12125550100" />
    <Field name="status" label="Status" value={of.status} hint="422" />
    <Field name="fault" label="Fault" value={of.fault} hint="any, insufficient_funds" />
    <Field name="path" label="Path has" value={of.path} />
    <Field name="since" label="Since" value={of.since} hint="2026-06-01T00:00:00Z" />
  </Filter>
)

export const requestPages = [
  page('/requests', async view => {
    const of = asked(view)
    const query = queryText({ ...sought(of), limit: SHOWN })
    const stream = `${view.base}/requests/stream${queryText(sought(of))}`
    // the element stays: what comes in during a fetch waits at it, and would be lost with it
    const live = { 'hx-get': view.here, 'hx-select': '#live > *', 'hx-trigger': 'journal from:body' }
    const listed = await filtered(<Choose view={view} of={of} />, found(view, of), ({ requests, total }) => (
      <>
        <div id="live" {...live} hx-swap="innerHTML" data-stream={stream}>
          <p class="muted small">
            {grouped(requests.length)} of {grouped(total)}, newest first ·{' '}
            <a href={`${view.base}/requests.har${query}`} download>
              HAR
            </a>
          </p>
          <Table
            label="Requests"
            items={requests}
            columns={exchangeColumns(view)}
            empty="No request that is kept is like that. They appear here as they come in."
          />
        </div>
        <Ask
          {...{ view, title: 'Forget all', verb: 'Forget all requests', call: 'DELETE /requests', done: 'Forgotten.' }}
          explain="Those that are kept are dropped; nothing else changes."
          isDangerous
        />
      </>
    ))
    return { title: 'Requests', ...listed }
  }),
  page('/requests/stream', view => {
    const { signal } = view.c.req.raw
    return view.admin.raw(`/requests/stream${queryText(sought(asked(view)))}`, { signal })
  }),
  page('/requests.har', async view => {
    const har = await view.admin.get(`/requests.har${queryText({ ...sought(asked(view)), limit: 1000 })}`)
    return view.c.body(JSON.stringify(har), 200, {
      'content-type': 'application/json',
      'content-disposition': 'attachment; filename="requests.har"',
    })
  }),
]
