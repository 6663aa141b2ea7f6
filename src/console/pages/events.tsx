import { type Answer, queryText } from '../client.ts'
import { Field, Filter } from '../forms.tsx'
import { AccountLink, NumberLink, Table, Time, withQuery } from '../parts.tsx'
import { page } from '../view.ts'

export const eventPages = [
  page('/events', async view => {
    const after = view.query('after')
    const found = await view.admin.get(`/events${queryText({ after, limit: 100 })}`)
    const body = (
      <>
        <p class="lead">What happened to numbers and accounts, and what administrators did, oldest first.</p>
        <Filter action={`${view.base}/events`}>
          <Field name="after" label="After event" value={after} hint="12.0" />
        </Filter>
        <Table<Answer>
          label="Events"
          items={found.events}
          empty="Nothing has happened after that."
          columns={[
            { name: 'Id', cell: each => each.id },
            { name: 'At', cell: each => <Time at={each.at} /> },
            { name: 'What', cell: each => each.kind ?? each.action },
            {
              name: 'About',
              cell: each => (each.e164 ? <NumberLink view={view} e164={each.e164} /> : <code>{each.subject}</code>),
            },
            {
              name: 'Account',
              cell: each => <AccountLink view={view} id={each.owner_id ?? each.account_id ?? null} />,
            },
            { name: 'With', cell: each => <code class="data">{JSON.stringify(each.data)}</code> },
          ]}
        />
        {found.has_more && (
          <nav class="pager" aria-label="Pages">
            <a href={withQuery(view, { after: found.next_after })}>Next →</a>
          </nav>
        )}
      </>
    )
    return { title: 'Events', body }
  }),
]
