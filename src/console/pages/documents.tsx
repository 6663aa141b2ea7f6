import type { JSX } from 'hono/jsx/jsx-runtime'
import { type Answer, queryText } from '../client.ts'
import { Choice } from '../fields.tsx'
import { Filter, filtered } from '../forms.tsx'
import { AccountLink, NumberLink, Pager, Said, State, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'
import { Decide, REVIEW } from './decide.tsx'
import { Profiles } from './profiles.tsx'

const Papers = ({ view, of }: { view: View; of: Answer }): JSX.Element => (
  <>
    <Table<Answer>
      label="Papers"
      items={of.documents}
      empty="No paper is waiting."
      columns={[
        { name: 'Paper', cell: each => each.id },
        { name: 'Status', cell: each => <State of={each.status} /> },
        { name: 'Number', cell: each => <NumberLink view={view} e164={each.e164} /> },
        { name: 'Account', cell: each => <AccountLink view={view} id={each.account_id} /> },
        { name: 'Kind', cell: each => each.type },
        {
          name: 'File',
          cell: each => (
            <a href={`${view.base}/documents/${each.id}/content`} download>
              <Said text={each.file_name || `document-${each.id}`} />
            </a>
          ),
        },
        { name: 'Why', cell: each => each.reason },
        { name: 'Handed in', cell: each => <Time at={each.created_at} /> },
        {
          name: 'Decide',
          cell: each =>
            each.status === 'pending' ? <Decide view={view} path={`/documents/${each.id}`} of={REVIEW} /> : '',
        },
      ]}
    />
    <Pager view={view} total={of.total} limit={of.limit} offset={of.offset} />
  </>
)

export const documentPages = [
  page('/documents', async view => {
    const status = view.query('status')
    const wanted = status === '' ? 'pending' : status === 'all' ? '' : status
    const papers = view.admin.get(`/documents${queryText({ status: wanted, limit: 50, offset: view.query('offset') })}`)
    const profiles = view.admin.get(
      `/company-profiles${queryText({ status: wanted === 'pending' ? 'in_review' : wanted, limit: 50 })}`,
    )
    const filter = (
      <Filter action={`${view.base}/documents`}>
        <Choice
          name="status"
          label="Status"
          value={status}
          of={[['', 'to be decided'], 'approved', 'rejected', 'all']}
        />
      </Filter>
    )
    const listed = await filtered(filter, Promise.all([papers, profiles]), ([found, { company_profiles }]) => (
      <>
        <h2>Papers</h2>
        <Papers view={view} of={found} />
        <h2>Company profiles</h2>
        <Profiles view={view} of={company_profiles} />
      </>
    ))
    return { title: 'Documents', ...listed }
  }),
  page('/documents/:id/content', async view => {
    const path = `/documents/${encodeURIComponent(view.c.req.param('id') ?? '')}`
    const answer = await view.admin.raw(`${path}/content`)
    // as the API answers it: a file to keep, never opened in this origin
    return answer.ok ? answer : view.admin.get(`${path}/content`)
  }),
]
