import type { JSX } from 'hono/jsx/jsx-runtime'
import { table } from '../../../adapters/kit/table.ts'
import type { Answer } from '../client.ts'
import { countryName, grouped, words } from '../format.ts'
import { Count, Table } from '../parts.tsx'
import type { View } from '../view.ts'

export const Stock = ({ view, stock }: { view: View; stock: readonly Answer[] }): JSX.Element => (
  <Table
    label="Stock"
    items={stock}
    empty={
      <>
        The shelf is empty. <a href={`${view.base}/import`}>Import numbers</a>
      </>
    }
    columns={[
      {
        name: 'Country',
        cell: each => <a href={`${view.base}/numbers?country=${each.country}`}>{countryName(each.country)}</a>,
      },
      {
        name: 'Type',
        cell: each => <a href={`${view.base}/numbers?country=${each.country}&type=${each.type}`}>{words(each.type)}</a>,
      },
      { name: 'Priced in', cell: each => each.currency },
      { name: 'For sale', isNumeric: true, cell: each => <Count of={each.available} /> },
    ]}
  />
)

const DOCUMENTS = table<string>({
  anybody: '',
  verified: 'numbers that need papers, but for accounts that are verified',
  nobody: 'numbers that need papers',
})

/** What a dialect does not sell, in words. */
function leftOut({ countries, types, own_currency, documents, without }: Answer): string {
  const rules = [
    countries && `other countries than ${countries.map(countryName).join(' and ')}`,
    types && types.length < 4 && `other types than ${types.map(words).join(', ')}`,
    own_currency && "other currencies than the account's",
    DOCUMENTS[documents],
    without,
  ]
  return rules.filter(Boolean).join('; ') || 'nothing'
}

/** The same shelf through the rules of each provider. */
export const Offered = ({ offers }: { offers: readonly Answer[] }): JSX.Element => (
  <Table<Answer>
    label="Stock by dialect"
    items={offers}
    empty="No dialect is served."
    columns={[
      { name: 'Dialect', cell: each => each.dialect },
      {
        name: 'For sale',
        isNumeric: true,
        cell: each =>
          each.available.map((of: Answer) => (
            <div class="money">
              {grouped(of.available)} <span class="unit">in {of.currency}</span>
            </div>
          )),
      },
      { name: 'Leaves out', cell: leftOut },
    ]}
  />
)
