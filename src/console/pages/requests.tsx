import type { JSX } from 'hono/jsx/jsx-runtime'
import { type Answer, queryText } from '../client.ts'
import { curlOf } from '../curl.ts'
import { grouped, laidOut } from '../format.ts'
import { Ask, Choice, Field, Filter } from '../forms.tsx'
import { AccountLink, Card, Code, type Column, Empty, Facts, NumberLink, State, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'
import { deliveryColumns } from './callbacks.tsx'

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

const Status = ({ of }: { of: number }): JSX.Element => (
  <span class={`state ${of >= 500 ? 'bad' : of >= 400 ? 'warn' : 'good'}`}>{of}</span>
)

export const exchangeColumns = (view: View): Column<Answer>[] => [
  { name: 'At', cell: each => <Time at={each.at} /> },
  {
    name: 'Request',
    cell: each => (
      <a href={`${view.base}/requests/${each.id}`}>{each.operation ?? `${each.request.method} (no operation)`}</a>
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

const Why = ({ of }: { of: Answer }): JSX.Element => (
  <section class="card why" id="why">
    <header>
      <h2>Why it was refused</h2>
      <State of={of.fault} />
    </header>
    <p>{of.why?.sentence ?? 'The rule has no sentence of its own.'}</p>
    {of.why && (
      <Facts
        of={[
          ['Rule', of.why.rule],
          ['What decided', <code class="data">{JSON.stringify(of.why.data)}</code>],
        ]}
      />
    )}
  </section>
)

const Side = ({ title, of, line }: { title: string; of: Answer; line: string }): JSX.Element => (
  <Card title={title} aside={<span class="muted small">{grouped(of.body_bytes)} bytes</span>}>
    <Code label={`${title}: headers`} text={[line, ...headersOf(of.headers)].join('\n')} />
    {of.body === null ? (
      <Empty>A body that is no text.</Empty>
    ) : (
      of.body !== '' && <Code label={`${title}: body`} text={laidOut(of.body)} />
    )}
    {of.body_cut && <p class="muted small">Only its beginning was kept.</p>}
  </Card>
)

const headersOf = (headers: Record<string, string>) =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`)

const Caused = ({ view, of }: { view: View; of: Answer }): JSX.Element => (
  <Card title="What it caused">
    <Table<Answer>
      label="Changes"
      items={of.changes}
      empty="It changed no number."
      columns={[
        { name: 'Number', cell: each => <NumberLink view={view} e164={each.e164} /> },
        { name: 'What', cell: each => each.kind.replace(/_/g, ' ') },
        { name: 'State then', cell: each => <State of={each.state} /> },
      ]}
    />
    {of.deliveries?.length > 0 && (
      <Table<Answer>
        label="Callbacks"
        items={of.deliveries}
        columns={deliveryColumns(view).filter(({ name }) => ['Callback', 'Status', 'Dialect', 'To'].includes(name))}
        empty=""
      />
    )}
  </Card>
)

const Nearest = ({ of }: { of: Answer }): JSX.Element | null =>
  of.nearest?.length > 0 ? (
    <Card title="Operations that are near to it">
      <Code label="Operations" text={laidOut(JSON.stringify(of.nearest))} />
    </Card>
  ) : null

export const requestPages = [
  page('/requests', async view => {
    const of = asked(view)
    const query = queryText({ ...sought(of), limit: SHOWN })
    const { requests, total } = await found(view, of)
    const stream = `${view.base}/requests/stream${queryText(sought(of))}`
    const live = { 'hx-get': view.here, 'hx-select': '#live', 'hx-trigger': 'journal from:body throttle:1s' }
    const body = (
      <>
        <Choose view={view} of={of} />
        <div id="live" {...live} hx-swap="outerHTML" data-stream={stream}>
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
    )
    return { title: 'Requests', body }
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
  page('/requests/:id', async view => {
    const path = `/requests/${encodeURIComponent(view.c.req.param('id') ?? '')}`
    const [of, { data_plane: origin }] = await Promise.all([view.admin.get(path), view.admin.get('/status')])
    const body = (
      <>
        {of.fault !== null && <Why of={of} />}
        <Card title="The request">
          <Facts
            of={[
              ['At', <Time at={of.at} />],
              ['Dialect', of.dialect],
              ['Operation', of.operation],
              ['Account', <AccountLink view={view} id={of.account} />],
              ['Status', <Status of={of.status} />],
              ['Took', `${of.ms} ms`],
              ['Numbers', of.numbers.slice(0, 20).map((e164: string) => <NumberLink view={view} e164={e164} />)],
              ['Fault on demand', of.dropped && <a href={`${view.base}/faults`}>{of.dropped}</a>],
              ['Replay of', of.replay_of && <a href={`${view.base}/requests/${of.replay_of}`}>{of.replay_of}</a>],
            ]}
          />
        </Card>
        <div class="columns">
          <Side title="Asked" of={of.request} line={`${of.request.method} ${of.request.url}`} />
          <Side title="Answered" of={of.response} line={String(of.response.status)} />
        </div>
        <Caused view={view} of={of} />
        <Nearest of={of} />
        <Card
          title="Again"
          aside={
            <button type="button" data-copy="curl">
              Copy as curl
            </button>
          }
        >
          <section class="scroll" tabindex={0} aria-label="As curl">
            <pre id="curl">{curlOf(of.request, origin)}</pre>
          </section>
          {view.world.mode === 'double' && (
            <div class="asks">
              <Ask
                {...{
                  view,
                  title: 'Replay',
                  verb: 'Send it again',
                  call: `POST ${path}/replay`,
                  show: 'id,status,fault',
                }}
                done="It was sent again, with the credentials that it had."
                back={`${view.base}/requests`}
                explain="It does again whatever it does: it may buy, or release, once more."
              />
            </div>
          )}
        </Card>
      </>
    )
    return { title: of.operation ?? `${of.request.method} ${of.request.url}`.slice(0, 80), body }
  }),
]
