import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { Choice, Field } from '../fields.tsx'
import { groupedNumber, words } from '../format.ts'
import { Act } from '../forms.tsx'
import { AccountLink, Card, Data, Empty, Facts, Money, Said, State, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'
import { deliveryColumns } from './callbacks.tsx'
import { transactionColumns } from './ledger.tsx'
import { Actions } from './number-actions.tsx'
import { exchangeColumns } from './requests.tsx'

const About = ({ of }: { of: Answer }): JSX.Element => (
  <Facts
    of={[
      ['State', <State of={of.state} />],
      ['Country, type', `${of.country}, ${words(of.type)}`],
      ['Place', [of.city, of.region].filter(Boolean).join(', ')],
      ['Rate center, LATA', [of.rate_center, of.lata].filter(Boolean).join(', ')],
      ['Can', of.capabilities.join(', ')],
      ['Papers needed', of.required_documents.join(', ') || 'none'],
      ['Set-up', <Money amount={of.setup_price} currency={of.currency} />],
      ['Monthly', <Money amount={of.monthly_price} currency={of.currency} />],
      ['Per minute', <Money amount={of.per_minute_price} currency={of.currency} />],
      ['Channels', String(of.channels)],
      ['Released at', of.releases_at && <Time at={of.releases_at} />],
      ['Rests until', of.cool_until && <Time at={of.cool_until} />],
      ['Last call', <Time at={of.last_call_at} />],
    ]}
  />
)

const Owner = ({ view, of }: { view: View; of: Answer }): JSX.Element => {
  const { owner } = of
  if (!owner) return <Empty>Nobody owns this number.</Empty>
  const { subscription } = owner
  return (
    <>
      <Facts
        of={[
          ['Account', <AccountLink view={view} id={owner.account_id} />],
          ['Paid by', <AccountLink view={view} id={owner.payer_id} />],
          ['Lease', String(owner.lease_id)],
          ['Label', owner.label],
          ['Since', <Time at={owner.started_at} />],
          ['Monthly', <Money amount={subscription.amount} currency={subscription.currency} />],
          ['Next due', <Time at={subscription.next_due_at} />],
          ['Unpaid since', subscription.unpaid_since && <Time at={subscription.unpaid_since} />],
        ]}
      />
      <Table<Answer>
        label="Routes"
        items={owner.routes}
        empty="Its calls go nowhere yet."
        columns={[
          { name: 'Order', isNumeric: true, cell: each => each.priority },
          { name: 'Kind', cell: each => each.kind },
          {
            name: 'Target',
            cell: each => (
              <code>
                <Said text={each.target} />
              </code>
            ),
          },
        ]}
      />
    </>
  )
}

const Hold = ({ view, of }: { view: View; of: Answer }): JSX.Element =>
  of.held_by === null ? (
    <Empty>Nobody holds it back.</Empty>
  ) : (
    <Facts
      of={[
        ['For', <AccountLink view={view} id={of.held_by} />],
        ['Until', <Time at={of.held_until} />],
      ]}
    />
  )

const Timeline = ({ view, events }: { view: View; events: readonly Answer[] }): JSX.Element => (
  <ol class="timeline">
    {[...events].reverse().map(each => (
      <li>
        <Time at={each.at} /> <b>{words(each.kind)}</b> <State of={each.state} />
        {each.owner_id !== null && (
          <>
            {' '}
            owner <AccountLink view={view} id={each.owner_id} />
          </>
        )}
        {each.actor_account_id !== null && each.actor_account_id !== each.owner_id && (
          <>
            {' '}
            by <AccountLink view={view} id={each.actor_account_id} />
          </>
        )}
        {Object.keys(each.data).length > 0 && <Data of={each.data} />}
      </li>
    ))}
  </ol>
)

export const numberPage = page('/numbers/:e164', async view => {
  const path = `/numbers/${encodeURIComponent(view.c.req.param('e164') ?? '')}`
  const of = await view.admin.get(path)
  const [money, told, asked] = await Promise.all([
    view.admin.get(`${path}/transactions`),
    view.admin.get(`${path}/deliveries`),
    view.admin.find(`/requests?e164=${encodeURIComponent(of.e164)}&limit=20`),
  ])
  const body = (
    <>
      <Actions view={view} of={of} />
      <div class="columns">
        <Card title="The number">
          <About of={of} />
        </Card>
        <Card title="Owner">
          <Owner view={view} of={of} />
        </Card>
      </div>
      <Card title="Its life" id="life">
        <Timeline view={view} events={of.events} />
      </Card>
      <Card title="Money">
        <Table
          label="Ledger lines"
          items={money.transactions}
          columns={transactionColumns(view)}
          empty="No money has moved for it."
        />
      </Card>
      <Card title="Held back">
        <Hold view={view} of={of} />
      </Card>
      <Card title="Callbacks">
        <Table
          label="Callbacks"
          items={told.deliveries}
          columns={deliveryColumns(view)}
          empty="Nothing was told about it."
        />
      </Card>
      {asked && (
        <Card title="Requests that touched it">
          <Table
            label="Requests"
            items={asked.requests}
            columns={exchangeColumns(view)}
            empty="No request that is kept has touched it."
          />
        </Card>
      )}
      <Card title="A call ended">
        <p>Tell the gateway of a call, which decides cool-offs and usage.</p>
        <Act view={view} call="POST /calls" verb="Record the call" done="The call is recorded.">
          <input type="hidden" name="e164" value={of.e164} />
          <Field name="n:duration_seconds" label="Seconds" type="number" value="30" required />
          <Choice name="direction" label="Direction" of={['inbound', 'outbound']} />
        </Act>
      </Card>
    </>
  )
  return { title: groupedNumber(of.e164), body }
})
