/** `name=value&…`: the one reader of queries and of URL-encoded forms. */
import { Fault } from '../../core/ground/fault.ts'
import { charsetOf, type Decode, decoder, isStorable, percentDecoded } from './charset.ts'
import { MAX_NAME, MAX_PARAMETERS } from './limits.ts'

export type Pair = [name: string, value: string]

export interface ReadPairs {
  /** In order of arrival; those that could not be read are left out. */
  pairs: Pair[]
  /** What is wrong with the first that could not be read. `name` as far as it can be told. */
  problem?: { name: string; message: string }
}

const AMPERSAND = 38

/**
 * `text`: one character per byte. Bad percent escapes stay as they are; escapes that are not of the charset are never
 * replaced. Reading ends where there are too many.
 */
export function readPairs(text: string, charset = 'utf-8'): ReadPairs {
  const read: ReadPairs = { pairs: [] }
  const decode = decoder(charset)
  let count = 0
  for (let start = 0; start < text.length; ) {
    if (text.charCodeAt(start) === AMPERSAND) {
      start++
      continue
    }
    if (++count > MAX_PARAMETERS) {
      read.problem ??= { name: '', message: `there are more than ${MAX_PARAMETERS} parameters` }
      return read
    }
    const next = text.indexOf('&', start)
    const end = next < 0 ? text.length : next
    add(read, text.slice(start, end), decode)
    start = end + 1
  }
  return read
}

function add(read: ReadPairs, piece: string, decode: Decode): void {
  const equals = piece.indexOf('=')
  const [rawName, rawValue] = equals < 0 ? [piece, ''] : [piece.slice(0, equals), piece.slice(equals + 1)]
  const [name, value] = [decoded(rawName, decode), decoded(rawValue, decode)]
  const message = problemOf(name, value)
  if (message === undefined) read.pairs.push([name as string, value as string])
  else read.problem ??= { name: printable(name ?? rawName), message }
}

function problemOf(name: string | undefined, value: string | undefined): string | undefined {
  if (name === undefined || value === undefined) return 'is not valid UTF-8'
  if (name.length > MAX_NAME) return `has a name of more than ${MAX_NAME} characters`
  return isStorable(name) && isStorable(value) ? undefined : 'has a character that no text may have'
}

/** Nearly everything is plain, and one look is cheaper than bytes. */
const PLAIN = /^[\x20-\x24\x26-\x2a\x2c-\x7e]*$/

function decoded(text: string, decode: Decode): string | undefined {
  return PLAIN.test(text) ? text : decode(percentDecoded(text, { plusIsSpace: true }))
}

function printable(name: string): string {
  return name.slice(0, 80).replace(/[^\x20-\x7e]/g, '?')
}

/** Of a URL. */
export function readQuery(url: string): ReadPairs {
  const at = url.indexOf('?')
  return at < 0 ? { pairs: [] } : readPairs(url.slice(at + 1).split('#', 1)[0] as string)
}

/** Faults: unsupported_media_type (a charset that forms do not come in). */
export function readForm(bytes: Uint8Array, contentType = ''): ReadPairs {
  const charset = charsetOf(contentType)
  if (charset.startsWith('utf-16')) throw new Fault('unsupported_media_type', { received: contentType })
  return readPairs(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), charset)
}
