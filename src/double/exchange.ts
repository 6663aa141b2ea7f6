/** A kept exchange, put together again for who looks at it. */
import { pathAt } from '../http/url.ts'
import type { Chunk } from './byte-queue.ts'
import { type Facts, NONE, type Row } from './row.ts'
import { numbersIn } from './sent-numbers.ts'

/** The beginning of a body, as it went over the wire. */
export interface KeptBody {
  bytes: Uint8Array
  /** Bytes of the whole, before any compression. */
  length: number
}

export interface Exchange extends Facts {
  id: number
  requestId: string
  /** From the path on; secrets and all, as the headers and bodies. */
  url: string
  /** What came before the path. */
  origin: string
  headers: readonly (readonly [string, string])[]
  sent: KeptBody | undefined
  answerHeaders: Readonly<Record<string, string>>
  written: KeptBody | undefined
  /** Numbers that were sent or changed. */
  numbers: readonly string[]
}

const headLinesOf = ({ chunk, start, headBytes }: Row) =>
  chunk?.bytes.toString('utf8', start, start + headBytes).split('\n') ?? []

export function urlOf(row: Row): string {
  const [, url = ''] = headLinesOf(row)
  return url.slice(pathAt(url))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export function numbersOf(row: Row, url = urlOf(row)): readonly string[] {
  const [path = '', ...query] = url.split('?')
  const asked = new URLSearchParams(query.join('?'))
  const sent = row.sentNumbers ?? numbersIn(path.split('/').map(decoded), [...asked.values()])
  return [...new Set([...sent, ...(row.trace?.changes.map(({ e164 }) => e164) ?? [])])]
}

/** A copy: what is kept is written over one day. */
function bodyOf(chunk: Chunk | undefined, start: number, bytes: number, length: number): KeptBody | undefined {
  if (length === NONE || !chunk) return undefined
  return { bytes: Uint8Array.prototype.slice.call(chunk.bytes, start, start + bytes), length }
}

/** Pairs from the n-th line on, up to an empty name or the end; and where they ended. */
function pairsFrom(lines: readonly string[], n: number): [pairs: [string, string][], end: number] {
  const pairs: [string, string][] = []
  let at = n
  for (; at + 1 < lines.length && lines[at] !== ''; at += 2) pairs.push([lines[at] as string, lines[at + 1] as string])
  return [pairs, at]
}

export function exchangeOf(row: Row): Exchange {
  const { chunk, start, headBytes, sentBytes, sentLength, writtenBytes, writtenLength, sentNumbers: _, ...facts } = row
  const lines = headLinesOf(row)
  const [requestId = '', whole = ''] = lines
  const [answerHeaders, end] = pairsFrom(lines, 2)
  const [headers] = pairsFrom(lines, end + 1)
  const url = whole.slice(pathAt(whole))
  const sentAt = start + headBytes
  return {
    ...facts,
    requestId,
    url,
    origin: whole.slice(0, pathAt(whole)),
    headers: headers.map(([name, value]) => [name.toLowerCase(), value]),
    answerHeaders: Object.fromEntries(answerHeaders),
    sent: bodyOf(chunk, sentAt, sentBytes, sentLength),
    written: bodyOf(chunk, sentAt + sentBytes, writtenBytes, writtenLength),
    numbers: numbersOf(row, url),
  }
}
