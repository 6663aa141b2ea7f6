/** An exchange as it is kept: what is small as it is, what is long as bytes. */
import type { FaultCode, Why } from '../../core/ground/fault.ts'
import type { Trace } from '../../core/ground/model.ts'
import type { Address } from '../http/address.ts'
import type { ByteQueue, Chunk } from './byte-queue.ts'
import type { Written } from './cut.ts'
import type { Nearest } from './nearest.ts'

/** What is kept of each body, in bytes; the beginning of a longer one. */
export const KEPT_BYTES = 65_536

/** What is small. */
export interface Facts {
  /** By the clock of the world, epoch milliseconds. */
  at: number
  ms: number
  /** Undefined: the request reached none. */
  dialect: string | undefined
  operation: string | undefined
  accountId: number | undefined
  method: string
  status: number
  fault: FaultCode | undefined
  why: Promise<Why> | undefined
  trace: Trace | undefined
  nearest: readonly Nearest[] | undefined
  /** Id of the fault on demand that was applied. */
  dropped: string | undefined
  replayOf: number | undefined
  /** How the client called. */
  address: Address | undefined
}

/** An exchange as it is told by who has answered it. */
export interface Told extends Facts {
  requestId: string
  /** With its origin. */
  url: string
  /** Names and values by turns, as Node keeps them. */
  headers: readonly string[]
  answerHeaders: Readonly<Record<string, string>>
  sent: Written
  written: Written
  /** Undefined: all that was sent stands in the URL. */
  sentNumbers: readonly string[] | undefined
}

/** Used again and again: what lives as long as these do is dear to the collector, if it is made anew each time. */
export interface Row extends Facts {
  id: number
  sentNumbers: readonly string[] | undefined
  chunk: Chunk | undefined
  start: number
  headBytes: number
  sentBytes: number
  sentLength: number
  writtenBytes: number
  writtenLength: number
}

/** Of a body that there was none of. */
export const NONE = -1

export const emptyRow = (): Row => ({
  id: 0,
  at: 0.5, // a number with a fraction, so that the place for it is made for one
  ms: 0.5,
  dialect: undefined,
  operation: undefined,
  accountId: undefined,
  method: '',
  status: 0,
  fault: undefined,
  why: undefined,
  trace: undefined,
  nearest: undefined,
  dropped: undefined,
  replayOf: undefined,
  address: undefined,
  sentNumbers: undefined,
  chunk: undefined,
  start: 0,
  headBytes: 0,
  sentBytes: 0,
  sentLength: NONE,
  writtenBytes: 0,
  writtenLength: NONE,
})

function lengthOf(body: Written): number {
  if (body === undefined) return NONE
  if (typeof body === 'string') return Buffer.byteLength(body)
  return body instanceof Uint8Array ? body.byteLength : body.reduce((sum, piece) => sum + piece.byteLength, 0)
}

/** A text that is as long in bytes as in characters has one for each, which is written without a look at them. */
function putText(text: string, length: number, most: number, { bytes, used }: Chunk): number {
  return bytes.write(text, used, Math.min(length, most), length === text.length ? 'latin1' : 'utf8')
}

/** Its beginning; how many bytes that were. */
function putBody(body: Written, length: number, chunk: Chunk): number {
  if (body === undefined) return 0
  if (typeof body === 'string') return putText(body, length, KEPT_BYTES, chunk)
  if (body instanceof Uint8Array) return putBytes(body, 0, chunk)
  let put = 0
  for (const piece of body) {
    if (put === KEPT_BYTES) break
    put += putBytes(piece, put, chunk)
  }
  return put
}

function putBytes(bytes: Uint8Array, before: number, chunk: Chunk): number {
  const most = KEPT_BYTES - before
  chunk.bytes.set(bytes.byteLength > most ? bytes.subarray(0, most) : bytes, chunk.used + before)
  return Math.min(bytes.byteLength, most)
}

/** One text, line by line: none of its parts can hold the end of a line. */
function headOf({ requestId, url, answerHeaders, headers }: Told): string {
  let text = `${requestId}\n${url}\n`
  for (const name in answerHeaders) text += `${name}\n${answerHeaders[name]}\n`
  return `${text}\n${headers.join('\n')}`
}

/** Member by member, and no object between: this is on the way of every request. */
function putFacts(row: Row, told: Told): void {
  row.at = told.at
  row.ms = told.ms
  row.dialect = told.dialect
  row.operation = told.operation
  row.accountId = told.accountId
  row.method = told.method
  row.status = told.status
  row.fault = told.fault
  row.why = told.why
  row.trace = told.trace?.changes.length || told.trace?.eventIds.length ? told.trace : undefined
  row.nearest = told.nearest
  row.dropped = told.dropped
  row.replayOf = told.replayOf
  row.address = told.address
  row.sentNumbers = told.sentNumbers
}

const roomFor = (length: number) => Math.min(Math.max(length, 0), KEPT_BYTES)

/** Written over what the row was before. */
export function fillRow(row: Row, id: number, told: Told, queue: ByteQueue): void {
  row.id = id
  putFacts(row, told)
  const head = headOf(told)
  const headLength = Buffer.byteLength(head)
  row.sentLength = lengthOf(told.sent)
  row.writtenLength = lengthOf(told.written)
  const chunk = queue.take(headLength + roomFor(row.sentLength) + roomFor(row.writtenLength))
  row.chunk = chunk
  row.start = chunk.used
  row.headBytes = putText(head, headLength, headLength, chunk)
  chunk.used += row.headBytes
  row.sentBytes = putBody(told.sent, row.sentLength, chunk)
  chunk.used += row.sentBytes
  row.writtenBytes = putBody(told.written, row.writtenLength, chunk)
  chunk.used += row.writtenBytes
}

/** It holds nothing more that somebody could look at. */
export function clearRow(row: Row, queue: ByteQueue): void {
  if (row.chunk) queue.drop(row.chunk)
  row.chunk = undefined
  row.why = undefined
  row.trace = undefined
  row.nearest = undefined
  row.sentNumbers = undefined
}
