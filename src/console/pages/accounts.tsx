import type { JSX } from 'hono/jsx/jsx-runtime'
import { type Answer, queryText } from '../client.ts'
import { Act, Area, Ask, Choice, Field } from '../forms.tsx'
import { Card, type Column, Facts, Money, NumberLink, Pager, State, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'
import { Profiles } from './orders.tsx'

const YES_NO = [
  ['', 'as it is'],
  ['true', 'yes'],
  ['false', 'no'],
] as const

/** Below its parent where both are on the page. */
function inTree(accounts: readonly Answer[]): { account: Answer; depth: number }[] {
  const ids = new Set(accounts.map(({ id }) => id))
  const below = (parent: number | null, depth: number): { account: Answer; depth: number }[] =>
    depth > 20
      ? []
      : accounts
          .filter(each => (parent === null ? !ids.has(each.parent_id) : each.parent_id === parent))
          .flatMap(account => [{ account, depth }, ...below(account.id, depth + 1)])
  return below(null, 0)
}

const NewAccount = ({ view }: { view: View }): JSX.Element => (
  <Ask
    {...{ view, title: 'Open an account', verb: 'Open it', call: 'POST /accounts', done: 'The account is open.' }}
    explain="With a parent it is a sub-account, and the parent pays."
  >
    <Field name="name" label="Name" required />
    <Field name="currency" label="Currency" hint="USD" />
    <Field name="n:parent_id" label="Parent (id)" type="number" />
    <Choice name="role" label="Role" of={[['', 'owner'], 'operator']} />
  </Ask>
)

const columns = (view: View): Column<{ account: Answer; depth: number }>[] => [
  {
    name: 'Account',
    cell: ({ account, depth }) => (
      <a class={`depth-${Math.min(depth, 4)}`} href={`${view.base}/accounts/${account.id}`}>
        {account.name}
      </a>
    ),
  },
  { name: 'Id', isNumeric: true, cell: ({ account }) => account.id },
  { name: 'Handle', cell: ({ account }) => <code>{account.handle}</code> },
  { name: 'Currency', cell: ({ account }) => account.currency },
  { name: 'Role', cell: ({ account }) => account.role },
  { name: 'Active', cell: ({ account }) => (account.is_active ? 'yes' : <State of="blocked" />) },
  { name: 'Verified', cell: ({ account }) => (account.identity_verified ? 'yes' : 'no') },
  { name: 'Opened', cell: ({ account }) => <Time at={account.created_at} /> },
]

const Funds = ({ view, of }: { view: View; of: Answer }): JSX.Element => (
  <>
    <Table<Answer>
      label="Balances"
      items={of.balances}
      empty="No money yet."
      columns={[
        { name: 'Currency', cell: each => each.currency },
        { name: 'Balance', isNumeric: true, cell: each => <Money amount={each.balance} /> },
        { name: 'May owe', isNumeric: true, cell: each => <Money amount={each.credit_limit} /> },
        { name: 'Release fee', isNumeric: true, cell: each => <Money amount={each.release_fee} /> },
      ]}
    />
    <div class="asks">
      <Ask
        {...{ view, title: 'Top up', verb: 'Pay in', call: `POST /accounts/${of.id}/topups`, done: 'It is paid in.' }}
        explain="Money that the customer paid. Orders that wait for it are tried again."
      >
        <Field name="currency" label="Currency" value={of.currency} required />
        <Field name="amount" label="Amount" hint="25.00" required />
        <Field name="note" label="Note" wide />
      </Ask>
      <Ask
        {...{ view, title: 'Correct', verb: 'Correct it', done: 'The account is set right.' }}
        call={`POST /accounts/${of.id}/corrections`}
        explain="A signed amount that sets the account right. The note is shown to the customer."
        isDangerous
      >
        <Field name="currency" label="Currency" value={of.currency} required />
        <Field name="amount" label="Amount" hint="-2.50" required />
        <Field name="note" label="Note" required wide />
      </Ask>
      <Ask
        {...{ view, title: 'Credit limit', verb: 'Set the limit', done: 'The limit is set.' }}
        call={`PATCH /accounts/${of.id}`}
        explain="How far below zero the account may go."
      >
        <Field name="credit_limit.currency" label="Currency" value={of.currency} required />
        <Field name="credit_limit.amount" label="Amount" hint="100.00" required />
      </Ask>
    </div>
  </>
)

const Switches = ({ view, of }: { view: View; of: Answer }): JSX.Element => (
  <Ask
    {...{ view, title: 'Change', verb: 'Change it', call: `PATCH /accounts/${of.id}`, done: 'The account is changed.' }}
    explain="What is left empty stays as it is."
  >
    <Field name="name" label="Name" value={of.name} />
    <Choice name="b:is_active" label="Active" of={YES_NO} />
    <Choice name="b:identity_verified" label="Identity verified" of={YES_NO} />
    <Choice name="b:allow_unauthenticated" label="Calls without credentials" of={YES_NO} />
    <Field name="l:features_off" label="Features off" value={of.features_off.join(' ')} hint="numbers" />
    <Field name="release_fee.currency" label="Release fee in" hint="USD or *" />
    <Field name="release_fee.amount" label="Release fee" hint="1.00" />
    <Field name="quarantine_days.country" label="Rest in country" hint="NL or *" />
    <Field name="n:quarantine_days.days" label="Days of rest" type="number" />
  </Ask>
)

const Credentials = ({ view, id, of }: { view: View; id: number; of: readonly Answer[] }): JSX.Element => (
  <>
    <Table<Answer>
      label="Credentials"
      items={of}
      empty="Nobody may act for this account yet."
      columns={[
        { name: 'Dialect', cell: each => each.realm },
        { name: 'Name', cell: each => each.name },
        { name: 'Kind', cell: each => each.kind.replace('_', ' ') },
        { name: 'Public id', cell: each => <code class="id">{each.public_id}</code> },
        { name: 'Scopes', cell: each => each.scopes.join(' ') || 'all' },
        { name: 'State', cell: each => <State of={each.is_active ? 'active' : 'retired'} /> },
        { name: 'Made', cell: each => <Time at={each.created_at} /> },
        { name: 'Do', cell: each => (each.is_active ? <OneCredential view={view} id={id} of={each} /> : '') },
      ]}
    />
    <Ask
      {...{ view, title: 'Make a credential', verb: 'Make it', call: `POST /accounts/${id}/credentials` }}
      done="The credential is made. Its secret is shown this once."
      show="realm,public_id,secret,base_url,client"
      explain="As the clients of its dialect need it."
    >
      <Choice name="realm" label="Dialect" of={view.world.dialects} />
      <Field name="name" label="Name" hint="Test bed" />
      <Field name="l:scopes" label="Scopes" hint="all" />
      <Field name="n:user_id" label="For user (id)" type="number" />
    </Ask>
  </>
)

const OneCredential = ({ view, id, of }: { view: View; id: number; of: Answer }): JSX.Element => (
  <div class="asks">
    <Ask
      {...{ view, title: 'Rotate', verb: 'Give it a new secret', show: 'public_id,secret' }}
      call={`POST /accounts/${id}/credentials/${of.id}/rotate`}
      done="The old secret is void. The new one is shown this once."
      explain="Clients with the old secret are refused from now on."
      isDangerous
    />
    <Ask
      {...{ view, title: 'Revoke', verb: 'Revoke it', call: `DELETE /accounts/${id}/credentials/${of.id}` }}
      done="The credential is revoked."
      explain="For good. What was issued from it ends too."
      isDangerous
    />
  </div>
)

const People = ({ view, id, users, sessions }: { view: View; id: number; users: Answer; sessions: Answer }) => (
  <>
    <Table<Answer>
      label="Users"
      items={users.users}
      empty="No users."
      columns={[
        { name: 'User', cell: each => `${each.username}@${each.domain}` },
        { name: 'Logs in as', cell: each => <code>{each.auth_username}</code> },
        { name: 'Role', cell: each => each.role.replace('_', ' ') },
        { name: 'Enabled', cell: each => (each.is_enabled ? 'yes' : 'no') },
        { name: 'Do', cell: each => <OneUser view={view} id={id} of={each} /> },
      ]}
    />
    <Table<Answer>
      label="Sessions"
      items={sessions.sessions}
      empty="Nobody is logged in."
      columns={[
        { name: 'Session of', cell: each => each.auth_username },
        { name: 'Dialect', cell: each => each.realm },
        { name: 'Since', cell: each => <Time at={each.created_at} /> },
        { name: 'Until', cell: each => <Time at={each.expires_at} /> },
        {
          name: 'Do',
          cell: each => (
            <Act
              {...{ view, verb: 'End it', call: `DELETE /accounts/${id}/sessions/${each.id}`, done: 'It is over.' }}
            />
          ),
        },
      ]}
    />
  </>
)

const OneUser = ({ view, id, of }: { view: View; id: number; of: Answer }): JSX.Element => {
  const path = `/accounts/${id}/users/${of.id}`
  const verb = of.is_enabled ? 'Disable' : 'Enable'
  return (
    <div class="asks">
      <Ask
        {...{ view, title: verb, verb, call: `PATCH ${path}`, done: `${verb}d.` }}
        explain="Disabling ends the user's sessions."
      >
        <input type="hidden" name="b:is_enabled" value={String(!of.is_enabled)} />
      </Ask>
      <Ask
        {...{ view, title: 'New password', verb: 'Draw a new password', call: `POST ${path}/password` }}
        done="The password is new, and shown this once."
        show="password"
        explain="The old one is void, and the user's sessions end."
        isDangerous
      />
    </div>
  )
}

const Holds = ({ view, id, of }: { view: View; id: number; of: readonly Answer[] }): JSX.Element => (
  <>
    <Table<Answer>
      label="Holds"
      items={of}
      empty="No number is kept for this account."
      columns={[
        { name: 'Number', cell: each => <NumberLink view={view} e164={each.e164} /> },
        { name: 'Taken', cell: each => <Time at={each.taken_at} /> },
        { name: 'Until', cell: each => <Time at={each.until} /> },
        {
          name: 'Do',
          cell: each => (
            <Act
              {...{ view, verb: 'Give it up', call: `DELETE /accounts/${id}/holds/${each.id}`, done: 'Given up.' }}
            />
          ),
        },
      ]}
    />
    <Ask
      {...{
        view,
        title: 'Keep numbers',
        verb: 'Keep them',
        call: `POST /accounts/${id}/holds`,
        done: 'They are kept.',
      }}
      explain="All of them or none; until then this account alone may buy them."
    >
      <Area name="l:e164s" label="Numbers" hint="+12125550100 +12125550101" />
      <Field name="until" label="Until" hint="2026-06-01T00:00:00Z" required />
    </Ask>
  </>
)

export const accountPages = [
  page('/accounts', async view => {
    const { accounts, total, limit, offset } = await view.admin.get(
      `/accounts${queryText({ limit: 200, offset: view.query('offset') })}`,
    )
    const body = (
      <>
        <NewAccount view={view} />
        <Table label="Accounts" items={inTree(accounts)} columns={columns(view)} empty="No account yet." />
        <Pager {...{ view, total, limit, offset }} />
      </>
    )
    return { title: 'Accounts', body }
  }),
  page('/accounts/:id', async view => {
    const path = `/accounts/${encodeURIComponent(view.c.req.param('id') ?? '')}`
    const of = await view.admin.get(path)
    const [credentials, users, sessions, holds, profiles, owned] = await Promise.all([
      view.admin.get(`${path}/credentials`),
      view.admin.get(`${path}/users?limit=100`),
      view.admin.get(`${path}/sessions?limit=50`),
      view.admin.get(`${path}/holds?limit=50`),
      view.admin.get(`${path}/company-profiles?limit=50`),
      view.admin.get(`/numbers?account=${of.id}&limit=10`),
    ])
    const body = (
      <>
        <Card
          title="The account"
          aside={<a href={`${view.base}/numbers?account=${of.id}`}>Its {owned.total} numbers</a>}
        >
          <Facts
            of={[
              ['Id', String(of.id)],
              ['Handle', <code>{of.handle}</code>],
              ['Guid', <code>{of.guid}</code>],
              ['Parent', of.parent_id && <a href={`${view.base}/accounts/${of.parent_id}`}>Account {of.parent_id}</a>],
              [
                'Paid by',
                of.payer_id === of.id ? (
                  'itself'
                ) : (
                  <a href={`${view.base}/accounts/${of.payer_id}`}>Account {of.payer_id}</a>
                ),
              ],
              ['Currency', of.currency],
              ['Role', of.role],
              ['Active', of.is_active ? 'yes' : 'no'],
              ['Identity verified', of.identity_verified ? 'yes' : 'no'],
              ['Features off', of.features_off.join(', ') || 'none'],
              ['Profile', <code class="data">{JSON.stringify(of.profile)}</code>],
              ['Opened', <Time at={of.created_at} />],
            ]}
          />
          <Switches view={view} of={of} />
        </Card>
        <Card title="Money" aside={<a href={`${view.base}/accounts/${of.id}/ledger`}>Ledger</a>}>
          <Funds view={view} of={of} />
        </Card>
        <Card title="Credentials">
          <Credentials view={view} id={of.id} of={credentials.credentials} />
        </Card>
        <Card title="Users and sessions">
          <People view={view} id={of.id} users={users} sessions={sessions} />
        </Card>
        <Card title="Kept numbers">
          <Holds view={view} id={of.id} of={holds.holds} />
        </Card>
        <Card title="Company profiles">
          <Profiles view={view} of={profiles.company_profiles} />
        </Card>
      </>
    )
    return { title: of.name, body }
  }),
]
