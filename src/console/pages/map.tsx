import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { countryName, grouped, words } from '../format.ts'
import { InTurns } from '../in-turns.tsx'
import { Card, Empty, Table } from '../parts.tsx'
import { page, type View } from '../view.ts'
import { CELLS } from './regions.ts'

/** As many as take some tenths of a millisecond. */
const TILES = 20

interface Stocked {
  key: string
  available: number
}

/** Five shades of stock, of the largest; none is its own. */
function shade(available: number, most: number): string {
  if (available === 0) return 'shade-0'
  return `shade-${1 + Math.min(4, Math.floor(5 * Math.sqrt(available / Math.max(most, 1))))}`
}

function summed(areas: readonly Answer[], keyOf: (area: Answer) => string): Stocked[] {
  const all = new Map<string, number>()
  for (const area of areas) all.set(keyOf(area), (all.get(keyOf(area)) ?? 0) + area.available)
  return [...all].map(([key, available]) => ({ key, available }))
}

const most = (all: readonly Stocked[]) => all.reduce((top, { available }) => Math.max(top, available), 0)

/** States and provinces where they lie, one square each. */
const Grid = ({ regions }: { regions: readonly Stocked[] }): JSX.Element => {
  const top = most(regions)
  const of = new Map(regions.map(({ key, available }) => [key, available]))
  return (
    <ul class="grid-map" aria-label="Stock by state and province">
      {Object.entries(CELLS).map(([code, [column, row]]) => {
        const available = of.get(code)
        const place = `col-${column} row-${row}`
        if (available === undefined) return <li class={`cell none ${place}`}>{code}</li>
        return (
          <li class={`cell ${place} ${shade(available, top)}`}>
            <a href={`#region-${code}`}>
              <b>{code}</b> <span>{short(available)}</span>
            </a>
          </li>
        )
      })}
    </ul>
  )
}

/** 12,345 is 12k: a square has little room. */
function short(count: number): string {
  if (count < 1_000) return String(count)
  return count < 1_000_000 ? `${Math.floor(count / 1_000)}k` : `${(count / 1_000_000).toFixed(1)}M`
}

const Tiles = ({
  all,
  top,
  to,
}: {
  all: readonly Stocked[]
  top: number
  to: (key: string) => string
}): JSX.Element => (
  <ul class="plan">
    <InTurns
      of={all}
      atOnce={TILES}
      each={({ key, available }) => (
        <li class={shade(available, top)}>
          <a href={to(key)}>
            <b>{key}</b> <span>{grouped(available)}</span>
          </a>
        </li>
      )}
    />
  </ul>
)

const Areas = ({ view, areas }: { view: View; areas: readonly Answer[] }): JSX.Element => {
  const top = most(summed(areas, ({ country, region, npa }) => `${country} ${region} ${npa}`))
  const regions = [...new Set(areas.map(({ country, region }) => `${country} ${region}`))].sort()
  return (
    <div class="regions">
      <InTurns
        of={regions}
        each={key => {
          const [country = '', region = ''] = key.split(' ')
          const inside = areas.filter(area => area.country === country && area.region === region)
          return (
            <section id={region === '' ? undefined : `region-${region}`} class="region">
              <h3>{region === '' ? `${countryName(country)}, no region` : `${region}, ${countryName(country)}`}</h3>
              <Tiles top={top} all={summed(inside, ({ npa }) => npa)} to={npa => `${view.base}/map/${npa}`} />
            </section>
          )
        }}
      />
    </div>
  )
}

/** Of one length per country, against the largest. */
const Bars = ({ view, stock }: { view: View; stock: readonly Answer[] }): JSX.Element => {
  const countries = summed(stock, ({ country }) => country)
  return (
    <Table<Stocked>
      label="Other countries"
      items={countries}
      empty="There is no stock outside of the North American plan."
      columns={[
        { name: 'Country', cell: ({ key }) => <a href={`${view.base}/numbers?country=${key}`}>{countryName(key)}</a> },
        { name: 'For sale', isNumeric: true, cell: ({ available }) => grouped(available) },
        {
          name: 'Share',
          cell: ({ key, available }) => (
            <meter min={0} max={Math.max(most(countries), 1)} value={available} aria-label={`Stock of ${key}`} />
          ),
        },
        {
          name: 'Types',
          cell: ({ key }) =>
            [...new Set(stock.filter(each => each.country === key).map(each => words(each.type)))].join(', '),
        },
      ]}
    />
  )
}

export const mapPages = [
  page('/map', async view => {
    const [{ areas }, { stock }] = await Promise.all([view.admin.get('/areas'), view.admin.get('/status')])
    const american = new Set(areas.map(({ country }: Answer) => country))
    const body = (
      <>
        <Card title="The North American plan">
          {areas.length === 0 ? (
            <Empty>No area code was ever stocked.</Empty>
          ) : (
            <Grid regions={summed(areas, ({ region }) => region)} />
          )}
        </Card>
        {areas.length > 0 && (
          <Card title="Area codes">
            <Areas view={view} areas={areas} />
          </Card>
        )}
        <Card title="Other countries">
          <Bars view={view} stock={stock.filter(({ country }: Answer) => !american.has(country))} />
        </Card>
      </>
    )
    return { title: 'Map of the plan', body }
  }),
  page('/map/:npa', async view => {
    const npa = view.c.req.param('npa') ?? ''
    const { blocks } = await view.admin.get(`/blocks?npa=${encodeURIComponent(npa)}`)
    const [first] = blocks
    const all = blocks.map((each: Answer) => ({ key: each.npa_nxx.slice(3), available: each.available }))
    const centers = [...new Set(blocks.map((each: Answer) => each.rate_center))].filter(Boolean)
    const body = (
      <>
        <p class="lead">
          <a href={`${view.base}/map`}>Map of the plan</a>
          {first ? ` · ${first.region} · ${centers.slice(0, 8).join(', ')}` : ''}
        </p>
        <Card
          title="Exchanges"
          aside={<a href={`${view.base}/numbers?area_code=${encodeURIComponent(npa)}`}>Its numbers for sale</a>}
        >
          {all.length === 0 ? (
            <Empty>This area code was never stocked.</Empty>
          ) : (
            <Tiles all={all} top={most(all)} to={nxx => `${view.base}/numbers?npa_nxx=${npa}${nxx}`} />
          )}
        </Card>
      </>
    )
    return { title: `Area code ${npa}`, body }
  }),
]
