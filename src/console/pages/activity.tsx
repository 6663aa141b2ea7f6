import type { JSX } from 'hono/jsx/jsx-runtime'
import { grouped, utc } from '../format.ts'
import { Empty } from '../parts.tsx'

interface Slot {
  at: string
  kind: string
  count: number
}

/** Sold and given back, hour by hour. */
export const Activity = ({ slots }: { slots: readonly Slot[] }): JSX.Element => {
  const times = [...new Set(slots.map(({ at }) => at))].slice(-168)
  const of = (at: string, kinds: readonly string[]) =>
    slots.filter(slot => slot.at === at && kinds.includes(slot.kind)).reduce((sum, { count }) => sum + count, 0)
  const rows = times
    .map(at => ({ at, sold: of(at, SOLD), released: of(at, RELEASED) }))
    .filter(({ sold, released }) => sold + released > 0)
  if (rows.length === 0) return <Empty>Nothing was sold or released yet.</Empty>
  return (
    <figure class="chart">
      <div class="plot" aria-hidden="true" />
      <details>
        <summary>Figures</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Hour</th>
              <th scope="col" class="right">
                Sold
              </th>
              <th scope="col" class="right">
                Released
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ at, sold, released }) => (
              <tr>
                <td data-value={Date.parse(at) / 1000}>{utc(at)}</td>
                <td data-value={sold} class="right">
                  {grouped(sold)}
                </td>
                <td data-value={released} class="right">
                  {grouped(released)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

const SOLD = ['purchased', 'claimed', 'handed_over']
const RELEASED = ['released', 'release_requested']
