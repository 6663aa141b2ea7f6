import type { Owned, PhoneNumber, Place } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import type { Inbound } from '../../kit/dialect.ts'
import type { PlaceNames, Shown } from '../views/numbers.ts'
import { wireProfile } from '../wire/profile.ts'

const ALL = { limit: 1000, offset: 0 }

/** Everything the views need beside the rows, in a few reads for a whole page. */
export async function placeNames(core: Core, numbers: readonly PhoneNumber[]): Promise<PlaceNames> {
  const ids = [...new Set(numbers.flatMap(number => number.cityId ?? []))]
  const [cities, countries] = await Promise.all([core.places.list({ ids }), core.places.list({ kind: 'country' })])
  const byId = new Map(cities.map(place => [place.id, place]))
  return { cities: byId, countries: new Map(countries.map((place: Place) => [place.country, place])) }
}

/** The family of paths that was called decides the links: `/v1/mydids` or `/v1/numbers`. */
export function collectionOf({ base, pathname }: Inbound): string {
  return `${base}/v1/${/\/numbers(\/|$)/.test(pathname) ? 'numbers' : 'mydids'}`
}

function monthStart(now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
}

export async function shown(core: Core, inbound: Inbound, owned: readonly Owned[]): Promise<Shown> {
  const now = core.clock.now()
  const numbers = owned.map(({ number }) => number)
  const hasTrunks = owned.some(({ routes }) => routes.some(route => route.trunkId !== null))
  const accountId = owned[0]?.lease.accountId ?? 0
  const [places, documents, seconds, trunks] = await Promise.all([
    placeNames(core, numbers),
    core.documents.list(owned.map(({ lease }) => lease.id)),
    core.calls.inboundSeconds(
      numbers.map(number => number.id),
      monthStart(now),
      now + 1,
    ),
    hasTrunks ? core.trunks.list(accountId, ALL) : { items: [] },
  ])
  return {
    places,
    documents,
    seconds,
    trunks: new Map(trunks.items.map(trunk => [trunk.id, trunk])),
    profile: wireProfile(inbound),
    collection: collectionOf(inbound),
  }
}
