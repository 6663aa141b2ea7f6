/** What was asked and answered, the last so many; what is dear to show is made when somebody looks. */
import type { FaultCode } from '../../core/fault.ts'
import type { Trace } from '../../core/model.ts'
import type { Why } from '../../core/why.ts'
import type { Address } from '../gateway.ts'
import { enough } from './enough.ts'
import type { Nearest } from './nearest.ts'

/** The beginning of a body, as it went over the wire. */
export interface KeptBody {
  bytes: Uint8Array | string
  /** Bytes of the whole, before any compression. */
  length: number
}

export interface Exchange {
  id: number
  /** By the clock of the world, epoch milliseconds. */
  at: number
  ms: number
  requestId: string
  /** Undefined: the request reached none. */
  dialect: string | undefined
  operation: string | undefined
  accountId: number | undefined
  method: string
  /** From the path on; secrets and all, as the headers and bodies. */
  url: string
  /** What came before the path. */
  origin: string
  headers: readonly (readonly [string, string])[]
  sent: KeptBody | undefined
  status: number
  answerHeaders: Readonly<Record<string, string>>
  written: KeptBody | undefined
  fault: FaultCode | undefined
  why: Promise<Why> | undefined
  trace: Trace | undefined
  /** Numbers that were sent or changed. */
  numbers(): readonly string[]
  nearest?: readonly Nearest[] | undefined
  /** Id of the fault on demand that was applied. */
  dropped: string | undefined
  replayOf: number | undefined
  /** How the client called. */
  address: Address | undefined
}

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
  record(exchange: Omit<Exchange, 'id'>): void
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

/** What an exchange takes besides its texts, headers and all. */
const OVERHEAD = 1_000

const sizeOf = ({ url, sent, written }: Exchange) =>
  OVERHEAD + url.length + (sent?.bytes.length ?? 0) + (written?.bytes.length ?? 0)

const sameText = (one: string | undefined, other: string) => one?.toLowerCase() === other.toLowerCase()

export function fits(exchange: Exchange, filter: Filter): boolean {
  const { dialect, operation, account, e164, status, fault, since, after, method, path } = filter
  if (after !== undefined && exchange.id <= after) return false
  if (since !== undefined && exchange.at < since) return false
  if (dialect !== undefined && exchange.dialect !== dialect) return false
  if (operation !== undefined && !sameText(exchange.operation, operation)) return false
  if (account !== undefined && exchange.accountId !== account) return false
  if (status !== undefined && exchange.status !== status) return false
  if (fault !== undefined && exchange.fault !== fault) return false
  if (filter.replayOf !== undefined && exchange.replayOf !== filter.replayOf) return false
  if (method !== undefined && !sameText(exchange.method, method)) return false
  if (path !== undefined && !exchange.url.split('?', 1)[0]?.includes(path)) return false
  return e164 === undefined || exchange.numbers().includes(e164)
}

export function createJournal(bounds: Bounds): Journal {
  const kept = new Map<number, Exchange>()
  const watchers = new Set<(exchange: Exchange) => void>()
  let [next, oldest, bytes] = [1, 1, 0]
  const drop = (exchange: Exchange) => {
    kept.delete(exchange.id)
    bytes -= sizeOf(exchange)
  }
  const find = (filter: Filter, limit: number) => {
    const found: Exchange[] = []
    for (const exchange of [...kept.values()].reverse()) {
      if (found.length >= limit) break
      if (fits(exchange, filter)) found.push(exchange)
    }
    return found
  }
  const watch = (filter: Filter, tell: (exchange: Exchange) => void) => {
    const look = (exchange: Exchange) => {
      if (fits(exchange, filter)) tell(exchange)
    }
    watchers.add(look)
    return () => void watchers.delete(look)
  }
  return {
    isOn: bounds.count > 0,
    bounds,
    record(told) {
      const exchange: Exchange = Object.assign(told as Exchange, { id: next++ })
      kept.set(exchange.id, exchange)
      bytes += sizeOf(exchange)
      // by their ids: a Map of which the first is always taken grows a row of holes that each look at it walks
      for (; oldest < next && (kept.size > bounds.count || bytes > bounds.bytes); oldest++) {
        const gone = kept.get(oldest)
        if (gone) drop(gone)
      }
      for (const look of watchers) look(exchange)
    },
    find,
    count: filter => find(filter, Number.POSITIVE_INFINITY).length,
    get: id => kept.get(id),
    clear() {
      kept.clear()
      oldest = next
      bytes = 0
    },
    watch,
    wait: (filter, count, ms) => enough(find(filter, Number.POSITIVE_INFINITY), count, ms, tell => watch(filter, tell)),
    bytes: () => bytes,
  }
}
