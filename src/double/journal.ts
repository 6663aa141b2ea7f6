/** What was asked and answered, the last so many; an exchange is put together again when somebody looks. */
import { createByteQueue } from './byte-queue.ts'
import { enough } from './enough.ts'
import { type Exchange, exchangeOf, numbersOf, urlOf } from './exchange.ts'
import { clearRow, emptyRow, fillRow, type Row, type Told } from './row.ts'

export interface Filter {
  dialect?: string | undefined
  operation?: string | undefined
  account?: number | undefined
  e164?: string | undefined
  status?: number | undefined
  fault?: string | undefined
  /** Epoch milliseconds, by the clock of the world. */
  since?: number | undefined
  /** Exchanges behind this one. */
  after?: number | undefined
  method?: string | undefined
  replayOf?: number | undefined
  /** A part of the path. */
  path?: string | undefined
}

export interface Bounds {
  /** 0: nothing is kept. */
  count: number
  bytes: number
}

export interface Journal {
  isOn: boolean
  bounds: Bounds
  record(told: Told): void
  /** Newest first. */
  find(filter: Filter, limit: number): Exchange[]
  count(filter: Filter): number
  get(id: number): Exchange | undefined
  clear(): void
  /** Told of each that fits, from now on. The answer ends it. */
  watch(filter: Filter, tell: (exchange: Exchange) => void): () => void
  /** Resolves with those that fit as soon as they are so many, or with fewer when `ms` are over. */
  wait(filter: Filter, count: number, ms: number): Promise<Exchange[]>
  bytes(): number
}

/** What an exchange takes besides its texts and bodies. */
const OVERHEAD = 500

const sizeOf = ({ headBytes, sentBytes, writtenBytes }: Row) => OVERHEAD + headBytes + sentBytes + writtenBytes

const sameText = (one: string | undefined, other: string) => one?.toLowerCase() === other.toLowerCase()

function fits(row: Row, filter: Filter): boolean {
  const { dialect, operation, account, e164, status, fault, since, after, method, path } = filter
  if (after !== undefined && row.id <= after) return false
  if (since !== undefined && row.at < since) return false
  if (dialect !== undefined && row.dialect !== dialect) return false
  if (operation !== undefined && !sameText(row.operation, operation)) return false
  if (account !== undefined && row.accountId !== account) return false
  if (status !== undefined && row.status !== status) return false
  if (fault !== undefined && row.fault !== fault) return false
  if (filter.replayOf !== undefined && row.replayOf !== filter.replayOf) return false
  if (method !== undefined && !sameText(row.method, method)) return false
  if (path !== undefined && !urlOf(row).split('?', 1)[0]?.includes(path)) return false
  return e164 === undefined || numbersOf(row).includes(e164)
}

export function createJournal(bounds: Bounds): Journal {
  const queue = createByteQueue()
  /** By id, each in the place of the one that it follows by `bounds.count`. */
  const rows: Row[] = []
  let [next, oldest, bytes] = [1, 1, 0]
  const watchers = new Set<(row: Row) => void>()
  const rowAt = (id: number) => (id >= oldest && id < next ? rows[id % bounds.count] : undefined)
  const dropOldest = () => {
    const row = rows[oldest++ % bounds.count] as Row
    bytes -= sizeOf(row)
    clearRow(row, queue)
  }
  function* newestFirst(filter: Filter) {
    for (let id = next - 1; id >= oldest; id--) {
      const row = rowAt(id)
      if (row && fits(row, filter)) yield row
    }
  }
  const find = (filter: Filter, limit: number) => {
    const found: Exchange[] = []
    for (const row of newestFirst(filter)) {
      if (found.length >= limit) break
      found.push(exchangeOf(row))
    }
    return found
  }
  const watch = (filter: Filter, tell: (exchange: Exchange) => void) => {
    const look = (row: Row) => {
      if (fits(row, filter)) tell(exchangeOf(row))
    }
    watchers.add(look)
    return () => void watchers.delete(look)
  }
  return {
    isOn: bounds.count > 0,
    bounds,
    record(told) {
      if (next - oldest >= bounds.count) dropOldest()
      const place = next % bounds.count
      rows[place] ??= emptyRow()
      const row = rows[place]
      fillRow(row, next++, told, queue)
      bytes += sizeOf(row)
      while (bytes > bounds.bytes && oldest < next) dropOldest()
      for (const look of watchers) look(row)
    },
    find,
    count: filter => [...newestFirst(filter)].length,
    get(id) {
      const row = rowAt(id)
      return row && exchangeOf(row)
    },
    clear() {
      while (oldest < next) dropOldest()
    },
    watch,
    wait: (filter, count, ms) => enough(find(filter, Number.POSITIVE_INFINITY), count, ms, tell => watch(filter, tell)),
    bytes: () => bytes,
  }
}
