import { type Answer, queryText } from '../client.ts'
import { Field } from '../fields.tsx'
import { Filter, filtered } from '../forms.tsx'
import { AccountLink, type Column, Data, NumberLink, Said, Table, Time, withQuery } from '../parts.tsx'
import { page, type View } from '../view.ts'

const columns = (view: View): Column<Answer>[] => [
  { name: 'Id', cell: each => each.id },
  { name: 'At', cell: each => <Time at={each.at} /> },
  { name: 'What', cell: each => each.kind ?? each.action },
  {
    name: 'About',
    cell: each =>
      each.e164 ? (
        <NumberLink view={view} e164={each.e164} />
      ) : (
        <code>
          <Said text={each.subject} />
        </code>
      ),
  },
  {
    name: 'Account',
    cell: each => <AccountLink view={view} id={each.owner_id ?? each.account_id ?? null} />,
  },
  { name: 'With', cell: each => <Data of={each.data} /> },
]

export const eventPages = [
  page('/events', async view => {
    const after = view.query('after')
    const ask = view.admin.get(`/events${queryText({ after, limit: 100 })}`)
    const filter = (
      <>
        <p class="lead">What happened to numbers and accounts, and what administrators did, oldest first.</p>
        <Filter action={`${view.base}/events`}>
          <Field name="after" label="After event" value={after} hint="12.0" />
        </Filter>
      </>
    )
    const listed = await filtered(filter, ask, found => (
      <>
        <Table label="Events" items={found.events} empty="Nothing has happened after that." columns={columns(view)} />
        {found.has_more && (
          <nav class="pager" aria-label="Pages">
            <a href={withQuery(view, { after: found.next_after })}>Next →</a>
          </nav>
        )}
      </>
    ))
    return { title: 'Events', ...listed }
  }),
]
