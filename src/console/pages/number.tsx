import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { groupedNumber, words } from '../format.ts'
import { Act, Ask, Choice, Field, Reason } from '../forms.tsx'
import { AccountLink, Card, Empty, Facts, Money, State, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'
import { deliveryColumns } from './callbacks.tsx'
import { transactionColumns } from './ledger.tsx'
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
          { name: 'Target', cell: each => <code>{each.target}</code> },
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

const Actions = ({ view, of }: { view: View; of: Answer }): JSX.Element => {
  const call = (verb: string) => `POST /numbers/${encodeURIComponent(of.e164)}/${verb}`
  const shown = groupedNumber(of.e164)
  return (
    <div class="asks">
      {of.state === 'blocked' ? (
        <Ask
          {...{
            view,
            title: 'Unblock',
            call: call('unblock'),
            verb: `Unblock ${shown}`,
            done: 'It goes on as before.',
          }}
          explain="It goes on in the state that it was in before."
        >
          <Reason />
        </Ask>
      ) : (
        <Ask
          {...{ view, title: 'Block', call: call('block'), verb: `Block ${shown}`, done: 'It is blocked.' }}
          explain="It is neither sold nor in service until it is unblocked. Its owner keeps it."
          isDangerous
        >
          <Reason />
        </Ask>
      )}
      <Ask
        {...{ view, title: 'Reprice', call: call('reprice'), verb: 'Set the prices', done: 'Its prices are set.' }}
        explain="For its next buyer. Whoever has it keeps the price of the subscription."
      >
        <Field name="setup_price" label="Set-up" value={of.setup_price} />
        <Field name="monthly_price" label="Monthly" value={of.monthly_price} />
        <Field name="per_minute_price" label="Per minute" value={of.per_minute_price} />
      </Ask>
      {of.owner && <OwnedActions view={view} of={of} call={call} />}
      <Ask
        {...{ view, title: 'Retire', call: call('retire'), verb: `Retire ${shown} for ever`, done: 'It is retired.' }}
        explain="It is taken out for ever: it is never sold again, and nobody can bring it back."
        isDangerous
      >
        <Reason />
      </Ask>
    </div>
  )
}

const OwnedActions = ({ view, of, call }: { view: View; of: Answer; call: (verb: string) => string }): JSX.Element => (
  <>
    <Ask
      {...{ view, title: 'Label', call: call('label'), verb: 'Keep the label', done: 'The label is kept.' }}
      explain="A note that its owner sees; empty: none."
    >
      <Field name="z:label" label="Label" value={of.owner.label ?? ''} wide />
    </Ask>
    <Ask
      {...{ view, title: 'Move', call: call('move'), verb: 'Move it', done: 'It was moved.' }}
      explain="To another account of the same tree. The payer stays; what the old owner configured ends."
    >
      <Field name="n:account_id" label="To account (id)" type="number" required />
      <Choice
        name="b:force"
        label="Although a call was just made"
        of={[
          ['false', 'no'],
          ['true', 'yes, by force'],
        ]}
      />
    </Ask>
    <Ask
      {...{ view, title: 'Release', call: call('release'), verb: 'Give it back', done: 'The release is on its way.' }}
      explain="In its owner's name, without a fee. It rests as its country and account say."
      isDangerous
    >
      <Choice
        name="when"
        label="When"
        of={[
          ['now', 'now'],
          ['period_end', 'when the paid period ends'],
        ]}
      />
    </Ask>
  </>
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
        {Object.keys(each.data).length > 0 && <code class="data">{JSON.stringify(each.data)}</code>}
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
