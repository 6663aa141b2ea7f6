import type { Block, NumberType, Place, PlaceKind } from '../model.ts'
import type { NumberFilter } from './numbers.ts'

export interface Locality {
  /** Null where the country has none. */
  region: string | null
  regionName: string | null
  city: string
  areaCodes: string[]
}

export interface Inventory {
  /** Moves only when a block flips between empty and not empty. */
  version(): Promise<number>
  /** NPA → version, as `version`. */
  npaVersions(): Promise<Map<string, number>>
  /** Every NPA-NXX we ever stocked, with what is purchasable now; numbers that need documents do not count. Ascending. */
  blocks(filter?: { npas?: readonly string[]; region?: string }): Promise<Block[]>
  /** Ids of the cities that have such numbers on the shelf. */
  cityIds(filter: Pick<NumberFilter, 'country' | 'types' | 'capabilities' | 'currency'>): Promise<Set<number>>
  /** ISO codes of the countries that have such numbers on the shelf in any city. */
  countries(filter: Pick<NumberFilter, 'types' | 'capabilities' | 'currency'>): Promise<Set<string>>
  /** Cities with their area codes that we ever stocked, sold out or not, by region and city. */
  localities(filter: { country: string; types: readonly NumberType[] }): Promise<Locality[]>
  /** Purchasable numbers now, from the counters. */
  count(
    filter: Pick<NumberFilter, 'country' | 'types' | 'areaCode' | 'npaNxx' | 'cityId' | 'currency' | 'region'>,
  ): Promise<number>
}

export interface NewPlace {
  id?: number
  kind: PlaceKind
  parentId?: number | null
  /** ISO 3166-1 alpha-2 of the country it lies in. */
  country: string
  code: string
  name: string
  hasRegions?: boolean
}

export interface Policies {
  /** Days a released number rests. Country `*`: every other one; without account: for all. */
  setQuarantineDays(days: number, country: string, accountId?: number): Promise<void>
  quarantineDays(country: string, accountId: number): Promise<number>
}

export interface Places {
  /** Faults: name_taken. */
  create(input: NewPlace): Promise<Place>
  get(id: number): Promise<Place | undefined>
  list(filter: {
    kind?: PlaceKind
    parentId?: number
    countryId?: number
    country?: string
    ids?: readonly number[]
  }): Promise<Place[]>
}

export interface ImportReport {
  imported: number
  unchanged: number
  errors: { line: number; message: string }[]
}

/** One CSV line, already split by column. */
export type ImportRow = Readonly<Record<string, string>>

export interface Imports {
  /**
   * Stage and validate all rows, then publish them in short batches. A bad line refuses the whole file unless
   * `keepGood`. `onProgress` counts published rows.
   */
  run(
    rows: AsyncIterable<{ line: number; row: ImportRow }>,
    options: { owned: boolean; keepGood: boolean; onProgress?: (done: number, phase: 'staged' | 'published') => void },
  ): Promise<ImportReport>
  /** Publish what an interrupted run left behind. */
  resume(): Promise<number>
}
