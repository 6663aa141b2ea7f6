import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { grouped } from '../format.ts'
import { Card, Count, Data, Facts, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'
import { Activity } from './activity.tsx'
import { Offered, Stock } from './stock.tsx'

const Traffic = ({ view, status }: { view: View; status: Answer }): JSX.Element => (
  <Table
    label="Requests by dialect"
    items={status.requests as readonly { dialect: string; requests: number; faults: number }[]}
    empty="No request has come in since the start."
    columns={[
      { name: 'Dialect', cell: each => <a href={`${view.base}/requests?dialect=${each.dialect}`}>{each.dialect}</a> },
      { name: 'Requests', isNumeric: true, cell: each => <Count of={each.requests} /> },
      {
        name: 'Faults',
        isNumeric: true,
        cell: each =>
          each.faults === 0 ? (
            <Count of={0} />
          ) : (
            <a href={`${view.base}/requests?dialect=${each.dialect}&fault=any`}>{grouped(each.faults)}</a>
          ),
      },
    ]}
  />
)

const Tiles = ({ view, status, total }: { view: View; status: Answer; total: number }): JSX.Element => (
  <div class="tiles">
    <a class="tile" href={`${view.base}/numbers`}>
      <b>{grouped(total)}</b> for sale
    </a>
    <a class="tile" href={`${view.base}/accounts`}>
      <b>{grouped(status.held)}</b> owned
    </a>
    <a class="tile" href={`${view.base}/callbacks?status=waiting`}>
      <b>{grouped(status.callbacks.waiting)}</b> callbacks waiting
    </a>
    <a class={status.callbacks.failed > 0 ? 'tile bad' : 'tile'} href={`${view.base}/callbacks?status=failed`}>
      <b>{grouped(status.callbacks.failed)}</b> callbacks failed
    </a>
  </div>
)

export const overviewPages = [
  page('', async view => {
    const [status, activity, { offers }] = await Promise.all([
      view.admin.get('/status'),
      view.admin.get('/activity?hours=1'),
      view.admin.get('/offers'),
    ])
    const total = status.stock.reduce((sum: number, each: Answer) => sum + each.available, 0)
    const live = { 'hx-get': view.here, 'hx-select': '#live', 'hx-trigger': 'every 3s', 'hx-swap': 'outerHTML' }
    const body = (
      <>
        <div id="live" {...live}>
          <Tiles view={view} status={status} total={total} />
          <Card title="Requests since the start" aside={<a href={`${view.base}/requests`}>All requests</a>}>
            <Traffic view={view} status={status} />
          </Card>
        </div>
        <Card title="Sold and released">
          <Activity slots={activity.slots} />
        </Card>
        <Card title="Stock" aside={<a href={`${view.base}/map`}>Map of the plan</a>}>
          <Stock view={view} stock={status.stock} />
        </Card>
        <Card title="Stock as each dialect offers it">
          <Offered offers={offers} />
        </Card>
        <Card title="This gateway">
          <Facts
            of={[
              ['Version', status.version],
              ['Mode', status.mode],
              ['Clock', <Time at={status.now} />],
              ['Data plane', status.data_plane && <code>{status.data_plane}</code>],
              ['Books', <a href={`${view.base}/invariants`}>Check the invariants</a>],
            ]}
          />
        </Card>
      </>
    )
    return { title: 'Overview', body }
  }),
  page('/invariants', async view => {
    const { ok, checked, violations } = await view.admin.get('/invariants')
    const body = (
      <Card title={ok ? 'The books are right' : 'The books are wrong'}>
        <p>{checked} invariants were checked just now, over everything there is.</p>
        <Table<Answer>
          label="Violations"
          items={violations}
          empty="No invariant is violated."
          columns={[
            { name: 'Invariant', cell: each => `${each.invariant} ${each.name}` },
            { name: 'Rows', isNumeric: true, cell: each => <Count of={each.rows} /> },
            { name: 'One of them', cell: each => <Data of={each.sample} /> },
          ]}
        />
      </Card>
    )
    return { title: 'Invariants', body }
  }),
  page('/find', async view => {
    const digits = view.query('q').replace(/[^\d]/g, '')
    const found = digits.length > 6 ? await view.admin.find(`/numbers/${digits}`) : undefined
    const to = found ? `/numbers/${encodeURIComponent(found.e164)}` : `/numbers?contains=${digits}`
    return view.c.redirect(`${view.base}${digits === '' ? '/numbers' : to}`, 303)
  }),
]
