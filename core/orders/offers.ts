import type { Micros } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import type { NumberFilter } from '../verbs.ts'
import { type Candidate, nearby, offered } from './shelf.ts'

type Asked = Pick<Row<'waiting_orders'>, 'filter' | 'range_size'>

interface Offer extends Asked {
  least: number
  most: number
  /** How many numbers an order could get at most, and what the cheapest of each currency costs. */
  count: number
  cheapest: Map<string, Micros>
  /** Undefined: not looked for since it was stale. */
  nearby: readonly Candidate[] | undefined
  isStale: boolean
}

const keyOf = ({ filter, range_size }: Asked) => `${range_size} ${filter}`

/** What the shelf has for orders that wait: looked up once for all that ask for the same, and again after a sale. */
export interface Offers {
  /** Those of which the smallest order could be filled. */
  all(): readonly Asked[]
  /** Prices of the cheapest; undefined: not enough for this order. */
  for(order: Asked & { quantity: number }): Promise<ReadonlyMap<string, Micros> | undefined>
  /** Where the cheapest of these are too dear: among which there may be others. Ranges are the lowest or none. */
  nearby(order: Asked): Promise<readonly Candidate[]>
  /** Something was sold: less is left. */
  sold(): void
  fewerThan(order: Asked & { quantity: number }): void
}

async function look(unit: Unit, offer: Offer): Promise<void> {
  const found = await offered(unit, JSON.parse(offer.filter) as NumberFilter, offer.range_size, offer.most)
  offer.count = found.length
  offer.cheapest = new Map()
  offer.nearby = undefined
  for (const { currency, price } of found) {
    offer.cheapest.set(currency, Math.min(price, offer.cheapest.get(currency) ?? price))
  }
  offer.isStale = false
}

export async function createOffers(
  unit: Unit,
  wanted: readonly (Asked & { least: number; most: number })[],
): Promise<Offers> {
  const offers = new Map<string, Offer>()
  for (const { filter, range_size, least, most } of wanted) {
    const key = keyOf({ filter, range_size })
    const known = offers.get(key)
    const sizes = { least: Math.min(least, known?.least ?? least), most: Math.max(most, known?.most ?? most) }
    offers.set(key, { filter, range_size, ...sizes, count: 0, cheapest: new Map(), nearby: undefined, isStale: true })
  }
  for (const [key, offer] of offers) {
    await look(unit, offer)
    if (offer.count < offer.least) offers.delete(key)
  }
  return {
    all: () => [...offers.values()].filter(({ count, least }) => count >= least),
    async for(order) {
      const offer = offers.get(keyOf(order))
      // only ever fewer are left: what was too few before a sale is too few after it
      if (!offer || order.quantity > offer.count) return undefined
      if (offer.isStale) await look(unit, offer)
      return order.quantity > offer.count ? undefined : offer.cheapest
    },
    async nearby(order) {
      const offer = offers.get(keyOf(order))
      if (!offer || offer.range_size > 1) return []
      offer.nearby ??= await nearby(unit, JSON.parse(offer.filter) as NumberFilter)
      return offer.nearby
    },
    sold() {
      for (const offer of offers.values()) offer.isStale = true
    },
    fewerThan(order) {
      const offer = offers.get(keyOf(order))
      if (offer) offer.count = Math.min(offer.count, order.quantity - 1)
    },
  }
}
