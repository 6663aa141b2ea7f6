import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { AccountLink, Data, State, Table, Time } from '../parts.tsx'
import type { View } from '../view.ts'
import { Decide, REVIEW } from './decide.tsx'

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
      { name: 'Data', cell: each => <Data of={each.data} /> },
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
