/** The one reader of JSON bodies, of every dialect and of the admin plane. */
import { Fault } from '../../core/ground/fault.ts'
import { charsetOf, decodeText, isStorable } from './charset.ts'
import { MAX_DEPTH, MAX_VALUES } from './limits.ts'

export interface JsonLimits {
  depth?: number
  /** Members and elements, over all levels. */
  values?: number
}

function unreadable(reason: string, cause?: unknown): Fault<'unreadable_body'> {
  return new Fault('unreadable_body', { reason }, { cause })
}

/**
 * The JSON value of a body; undefined when it has no bytes. `contentType` may name a charset. Faults: unreadable_body,
 * unsupported_media_type (an unknown charset).
 */
export function parseJson(bytes: Uint8Array, contentType = '', limits: JsonLimits = {}): unknown {
  if (bytes.byteLength === 0) return undefined
  const charset = charsetOf(contentType)
  const text = decodeText(bytes, charset)
  if (text === undefined) throw unreadable(`the body is not valid ${charset.toUpperCase()}`)
  checkSize(text, limits)
  const value = parsed(text)
  // only an escape can bring in what the charset cannot have
  if (text.includes('\\u')) checkTexts(value)
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable('the body is not valid JSON', cause)
  }
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [34, 92, 44, 91, 93, 123, 125]

/** Before anything is made of it: one look at each character costs little, a million objects do not. */
function checkSize(text: string, { depth: most = MAX_DEPTH, values = MAX_VALUES }: JsonLimits): void {
  let depth = 0
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === COMMA) count++
    else if (code === OPEN || code === OPEN_LIST) {
      count++
      depth++
    } else if (code === CLOSE || code === CLOSE_LIST) depth--
    if (depth > most) throw unreadable(`the body has more than ${most} levels`)
    if (count > values) throw unreadable(`the body has more than ${values} values`)
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at
    if (code === BACKSLASH) at++
  }
  return text.length
}

function checkTexts(value: unknown): void {
  if (typeof value === 'string' && !isStorable(value))
    throw unreadable('the body has a character that no text may have')
  if (typeof value !== 'object') return
  for (const [name, each] of Object.entries(value ?? {})) {
    checkTexts(name)
    checkTexts(each)
  }
}

/**
 * A body that names things: an object, or undefined for none. Nothing else may pass for "no body": a list, a text, a
 * number, false and null are refused. Faults: unreadable_body.
 */
export function objectBody(value: unknown): Record<string, unknown> | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw unreadable('the body is not a JSON object')
}
