import type { JSX } from 'hono/jsx/jsx-runtime'
import { type Answer, queryText } from '../client.ts'
import { Choice, Field } from '../fields.tsx'
import { Ask } from '../forms.tsx'
import { Card, type Column, Data, Facts, Pager, Said, State, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'
import { Credentials, People } from './account-access.tsx'
import { Holds } from './account-holds.tsx'
import { Funds, Switches } from './account-money.tsx'
import { Profiles } from './profiles.tsx'

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
        <Said text={account.name} />
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

const About = ({ view, of }: { view: View; of: Answer }): JSX.Element => (
  <Facts
    of={[
      ['Id', String(of.id)],
      ['Handle', <code>{of.handle}</code>],
      ['Guid', <code>{of.guid}</code>],
      ['Parent', of.parent_id && <a href={`${view.base}/accounts/${of.parent_id}`}>Account {of.parent_id}</a>],
      [
        'Paid by',
        of.payer_id === of.id ? 'itself' : <a href={`${view.base}/accounts/${of.payer_id}`}>Account {of.payer_id}</a>,
      ],
      ['Currency', of.currency],
      ['Role', of.role],
      ['Active', of.is_active ? 'yes' : 'no'],
      ['Identity verified', of.identity_verified ? 'yes' : 'no'],
      ['Features off', of.features_off.join(', ') || 'none'],
      ['Profile', <Data of={of.profile} most={2_000} />],
      ['Opened', <Time at={of.created_at} />],
    ]}
  />
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
          <About view={view} of={of} />
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
