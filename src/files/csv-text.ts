import { setImmediate } from 'node:timers/promises'
import { Fault } from '../../core/ground/fault.ts'

/** Longer than any honest line: one that never ends must not be read into memory. */
export const MAX_LINE_BYTES = 16 * 1024
/** Read in one turn: others are served in between, however much arrives at once. Bad lines cost the parser most. */
const PIECE_BYTES = 32 * 1024
const PIECE_LINES = 100

const LINE_FEED = 10

export function refuse(message: string, field: string, cause?: unknown): Fault<'invalid_input'> {
  const issue = { field, problem: 'format', message } as const
  return new Fault('invalid_input', { issues: [issue] }, { message: `${field}: ${message}`, cause })
}

/** True for every name of an encoding that browsers know: utf-8, windows-1252, latin1, utf-16le, … */
export function isEncoding(name: string): boolean {
  try {
    return new TextDecoder(name) !== undefined
  } catch {
    return false
  }
}

/** What a mark of byte order says, which is more than anybody can tell. */
function markedEncoding(start: Uint8Array): string | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 'utf-8' : undefined
}

/** Where the piece that begins here ends, and how many lines end in it. */
function endOfPiece(chunk: Uint8Array, start: number, mostLines: number): { end: number; lines: number } {
  const most = Math.min(start + PIECE_BYTES, chunk.byteLength)
  let end = start
  for (let lines = 0; ; lines++) {
    const length = lines < mostLines ? chunk.subarray(end, most).indexOf(LINE_FEED) + 1 : 0
    if (length === 0) return { end: lines < mostLines ? most : end, lines }
    end += length
  }
}

async function* pieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let lines = 0
  let bytes = 0
  for await (const chunk of source) {
    for (let at = 0; at < chunk.byteLength; ) {
      const piece = endOfPiece(chunk, at, PIECE_LINES - lines)
      yield chunk.subarray(at, piece.end)
      lines += piece.lines
      bytes += piece.end - at
      at = piece.end
      if (lines < PIECE_LINES && bytes < PIECE_BYTES) continue
      lines = 0
      bytes = 0
      await setImmediate()
    }
  }
}

/** The first piece has enough bytes to tell a mark, if there are as many. */
async function* begun(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array()
  for await (const piece of pieces(source)) {
    if (!start) yield piece
    else {
      start = start.byteLength === 0 ? piece : Buffer.concat([start, piece])
      if (start.byteLength < 3) continue
      yield start
      start = undefined
    }
  }
  if (start) yield start
}

/**
 * Bytes in this encoding (default: UTF-8, or what a mark of byte order says) as UTF-8. What is not in the encoding
 * becomes U+FFFD here and is refused, line by line, by whoever takes the text.
 */
async function* asUtf8(source: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  for await (const piece of begun(source)) {
    decoder ??= new TextDecoder(markedEncoding(piece) ?? encoding)
    // the parser reads UTF-8 by itself, and knows its mark
    if (decoder.encoding === 'utf-8') yield piece
    else yield Buffer.from(decoder.decode(piece, { stream: true }))
  }
  const rest = decoder?.encoding === 'utf-8' ? '' : (decoder?.decode() ?? '')
  if (rest !== '') yield Buffer.from(rest)
}

/** UTF-8 of a file whose lines have an end. Faults: invalid_input naming the line that has none. */
export async function* csvText(source: AsyncIterable<Uint8Array>, encoding = 'utf-8'): AsyncGenerator<Uint8Array> {
  let line = 1
  let length = 0
  for await (const piece of asUtf8(source, encoding)) {
    for (let at = 0; at < piece.byteLength; ) {
      const end = piece.indexOf(LINE_FEED, at)
      length += (end === -1 ? piece.byteLength : end) - at
      if (length > MAX_LINE_BYTES) throw refuse(`has more than ${MAX_LINE_BYTES} bytes`, `line ${line}`)
      if (end === -1) break
      line++
      length = 0
      at = end + 1
    }
    yield piece
  }
}
