import type {
  Block,
  DocumentType,
  Instant,
  Listed,
  Micros,
  NumberType,
  Page,
  Place,
  PlaceKind,
} from '../ground/model.ts'
import type { NumberFilter } from '../numbers/verbs.ts'

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
  /** What numbers of this country and these types ask for, all of them together, sold out or not. */
  documents(filter: { country: string; types: readonly NumberType[] }): Promise<DocumentType[]>
  /** Purchasable numbers now, from the counters. */
  count(
    filter: Pick<
      NumberFilter,
      'country' | 'types' | 'areaCode' | 'npaNxx' | 'cityId' | 'currency' | 'region' | 'documents'
    >,
  ): Promise<number>
  /** What the catalogue knows, whether or not any is left; by country, type and currency. */
  kinds(): Promise<StockKind[]>
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

/** A country and a type of which there is, or once was, stock. */
export interface StockKind {
  country: string
  type: NumberType
  currency: string
  /** On the shelf now. */
  available: number
  /** Of these, how many need documents. */
  needDocuments: number
}

export interface Policies {
  /** Days a released number rests. Country `*`: every other one; without account: for all. */
  setQuarantineDays(days: number, country: string, accountId?: number): Promise<void>
  quarantineDays(country: string, accountId: number): Promise<number>
  /** Days in which the last owner alone may take a released number back; none unless set. */
  setReclaimDays(days: number, country: string, accountId?: number): Promise<void>
}

export interface Places {
  /** Faults: name_taken. */
  create(input: NewPlace): Promise<Place>
  get(id: number): Promise<Place | undefined>
  /** The ISO code of the country whose numbers begin so, where the numbering plans say. */
  countryOf(e164: string): string | undefined
  list(filter: {
    kind?: PlaceKind
    parentId?: number
    countryId?: number
    country?: string
    ids?: readonly number[]
  }): Promise<Place[]>
}

export interface LineMessage {
  line: number
  message: string
}

/** What numbers that customers bring along will cost one of them, in one currency. */
export interface Forecast {
  accountId: number
  currency: string
  numbers: number
  /** Months that are due already and would be charged at once. */
  monthsDue: number
  dueNow: Micros
  /** Of all these numbers together. */
  monthly: Micros
  /** When the next one falls due that is not due yet. */
  nextDueAt: Instant | null
  /** What the payer could pay now: balance and credit limit. */
  funds: Micros
}

export interface ImportReport {
  /** Numbers that are new, or were handed over to their owners. */
  imported: number
  unchanged: number
  /** In order of line; the first thousand. */
  errors: LineMessage[]
  /** How many there are in truth; only where the list is cut. */
  errorCount?: number
  /** Lines that change nothing although they differ from what is there; the first thousand. Absent: there are none. */
  notes?: LineMessage[]
  /** Only of a dry run of owned numbers. */
  forecast?: Forecast[]
}

/** One file, as it is kept. */
export interface StoredImport {
  id: number
  status: 'staging' | 'publishing' | 'done' | 'refused' | 'tried' | 'failed'
  isOwned: boolean
  imported: number
  /** Last line that is published. */
  publishedLine: number
  /** Why it failed. */
  reason: string | null
  createdAt: Instant
}

/**
 * Who bills the months of numbers that customers bring along. `asPaid`: here, from what the file says is paid, months of
 * the past included. `{ from }`: here, from the first due day at or after that moment; what lies before is not charged.
 * `elsewhere`: not here. The subscription that every ownership has then costs nothing, so it is renewed and never unpaid.
 */
export type Billing = 'asPaid' | 'elsewhere' | { from: Instant }

export interface ImportOptions {
  /** The numbers belong to accounts already. */
  owned: boolean
  /** Bad lines are left out; else one refuses the whole file. */
  keepGood: boolean
  /** Of owned numbers. Default: asPaid. */
  billing?: Billing
  /** Everything is checked and told, nothing is kept. */
  dryRun?: boolean
  onProgress?: (done: number, phase: 'staged' | 'published') => void
}

/** One CSV line, already split by column. */
export type ImportRow = Readonly<Record<string, string>>

export interface Imports {
  /**
   * Stage and validate all rows, then publish them in short batches. A bad line refuses the whole file unless
   * `keepGood`. `onProgress` counts published rows.
   */
  run(rows: AsyncIterable<{ line: number; row: ImportRow }>, options: ImportOptions): Promise<ImportReport>
  /**
   * Publish what interrupted runs left behind, each for itself: what cannot be finished is marked failed, with its reason.
   * Throws last.
   */
  resume(): Promise<number>
  /** Newest first. */
  list(page: Page): Promise<Listed<StoredImport>>
}
