import type { JSX } from 'hono/jsx/jsx-runtime'
import { type Answer, queryText } from '../client.ts'
import { Choice, Field } from '../fields.tsx'
import { words } from '../format.ts'
import { Filter, filtered } from '../forms.tsx'
import { AccountLink, type Column, Money, NumberLink, Pager, State, Table, withQuery } from '../parts.tsx'
import { page, type View } from '../view.ts'

const STATES = ['available', 'active', 'suspended', 'releasing', 'quarantined', 'blocked', 'retired'] as const
const TYPES = ['', 'local', 'national', 'mobile', 'toll_free'] as const

const MORE = [
  ['npa_nxx', 'Exchange', 'six digits'],
  ['region', 'Region', 'NY'],
  ['city', 'City', ''],
  ['city_id', 'City id', ''],
  ['rate_center', 'Rate center', ''],
  ['lata', 'LATA', ''],
  ['postal_code', 'Postal code', ''],
  ['capabilities', 'Can', 'voice sms'],
  ['without', 'Cannot', 'fax'],
  ['currency', 'Priced in', 'USD'],
  ['setup_price', 'Set-up price', '1.00'],
  ['monthly_price', 'Monthly price', '1.00'],
  ['channels', 'Channels, at least', ''],
  ['latitude', 'Near latitude', ''],
  ['longitude', 'Near longitude', ''],
  ['miles', 'Within miles', '25'],
] as const

const FILTERS = ['state', 'account', 'country', 'type', 'area_code', 'starts', 'contains', 'ends', 'documents'] as const
const SIMPLE = new Set<string>([...FILTERS, 'offset', 'after'])

function asked(view: View): Record<string, string> {
  const names = [...FILTERS, ...MORE.map(([name]) => name), 'offset', 'after']
  return Object.fromEntries(names.map(name => [name, view.query(name)]))
}

const Search = ({ view, of }: { view: View; of: Record<string, string> }): JSX.Element => (
  <Filter action={`${view.base}/numbers`}>
    <Choice name="state" label="State" value={of.state || 'available'} of={STATES} />
    <Field name="country" label="Country" value={of.country} hint="US" />
    <Choice name="type" label="Type" value={of.type} of={TYPES} />
    <Field name="area_code" label="Area code" value={of.area_code} hint="212" />
    <Field name="starts" label="Starts with" value={of.starts} hint="+1212" />
    <Field name="contains" label="Contains" value={of.contains} hint="555" />
    <Field name="ends" label="Ends with" value={of.ends} hint="00" />
    <Field name="account" label="Owned by account" value={of.account} hint="12" />
    <Choice
      name="documents"
      label="Papers"
      value={of.documents}
      of={['', ['none', 'none needed'], ['some', 'needed']]}
    />
    <details class="more" open={Object.entries(of).some(([name, value]) => value !== '' && !SIMPLE.has(name))}>
      <summary>More filters</summary>
      <div class="fields">
        {MORE.map(([name, label, hint]) => (
          <Field name={name} label={label} value={of[name]} hint={hint} />
        ))}
      </div>
    </details>
  </Filter>
)

const columns = (view: View): Column<Answer>[] => [
  { name: 'Number', cell: each => <NumberLink view={view} e164={each.e164} /> },
  { name: 'State', cell: each => <State of={each.state} /> },
  { name: 'Country', cell: each => each.country },
  { name: 'Type', cell: each => words(each.type) },
  { name: 'Place', cell: each => [each.city, each.region].filter(Boolean).join(', ') },
  { name: 'Can', cell: each => each.capabilities.join(' ') },
  { name: 'Set-up', isNumeric: true, cell: each => <Money amount={each.setup_price} currency={each.currency} /> },
  { name: 'Monthly', isNumeric: true, cell: each => <Money amount={each.monthly_price} currency={each.currency} /> },
  { name: 'Held for', cell: each => each.held_by && <AccountLink view={view} id={each.held_by} /> },
]

const Found = ({ view, of }: { view: View; of: Answer }): JSX.Element => (
  <div id="found">
    <Table
      label="Numbers"
      items={of.numbers}
      columns={columns(view)}
      empty={of.next_after ? 'None in this stretch of the inventory.' : 'No number matches.'}
    />
    {of.total === null ? (
      of.next_after && (
        <nav class="pager" aria-label="Pages">
          <a href={withQuery(view, { after: of.next_after })}>Go on →</a>
        </nav>
      )
    ) : (
      <Pager view={view} total={of.total} limit={of.limit} offset={of.offset} />
    )}
  </div>
)

export const numberPages = [
  page('/numbers', async view => {
    const of = asked(view)
    // among owned ones the state narrows only where somebody chose it
    const state = of.account !== '' && of.state === 'available' ? '' : of.state
    const ask = view.admin.get(`/numbers${queryText({ ...of, state, limit: 50 })}`)
    const listed = await filtered(<Search view={view} of={of} />, ask, found => <Found view={view} of={found} />)
    return { title: 'Numbers', ...listed }
  }),
]
