import { setImmediate } from 'node:timers/promises'
import { parseJson } from '../../adapters/kit/json-body.ts'
import { isFault } from '../../core/ground/fault.ts'

/** A line that never ends must not be read into memory. */
export const MAX_LINE_BYTES = 16 * 1024
/** Lines of one turn. */
const AT_ONCE = 100
const LINE_FEED = 10

/** One line: its value, or what is wrong with it. */
export type JsonLine = { line: number; value: unknown } | { line: number; message: string }

/** Bytes up to the line feed; undefined: too many. */
async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | undefined> {
  let rest = new Uint8Array()
  let isSkipping = false
  for await (const chunk of source) {
    let from = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      const line = Buffer.concat([rest, chunk.subarray(from, end)])
      if (!isSkipping) yield line.byteLength > MAX_LINE_BYTES ? undefined : line
      rest = new Uint8Array()
      isSkipping = false
      from = end + 1
    }
    rest = isSkipping ? new Uint8Array() : Buffer.concat([rest, chunk.subarray(from)])
    if (rest.byteLength <= MAX_LINE_BYTES) continue
    yield undefined
    rest = new Uint8Array()
    isSkipping = true
  }
  if (rest.byteLength > 0) yield rest
}

function readLine(line: number, bytes: Uint8Array | undefined): JsonLine {
  if (bytes === undefined) return { line, message: `a line has ${MAX_LINE_BYTES} bytes at most` }
  try {
    return { line, value: parseJson(bytes) }
  } catch (error) {
    if (isFault(error, 'unreadable_body')) return { line, message: error.details.reason.replace('body', 'line') }
    throw error
  }
}

const isBlank = (bytes: Uint8Array) => bytes.every(byte => byte === 32 || byte === 9 || byte === 13)

/** Newline-delimited JSON, up to 100 lines at a time, however much there is. Blank lines are passed over. */
export async function* readJsonLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<JsonLine[]> {
  let batch: JsonLine[] = []
  let line = 0
  for await (const bytes of linesOf(source)) {
    line += 1
    if (bytes === undefined || !isBlank(bytes)) batch.push(readLine(line, bytes))
    if (batch.length < AT_ONCE) continue
    yield batch
    batch = []
    await setImmediate()
  }
  if (batch.length > 0) yield batch
}
