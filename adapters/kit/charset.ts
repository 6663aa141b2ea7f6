/** Bytes to text: the charset that was said is honoured or refused, and no character is ever replaced. */
import { Fault } from '../../core/ground/fault.ts'

/** What clients of telephone companies write in, by the names they say. */
const KNOWN = new Map([
  ...['utf-8', 'utf8', 'us-ascii', 'ascii'].map(name => [name, 'utf-8'] as const),
  ...['iso-8859-1', 'latin1', 'latin-1', 'windows-1252', 'cp1252'].map(name => [name, 'windows-1252'] as const),
  ...['iso-8859-15', 'latin9'].map(name => [name, 'iso-8859-15'] as const),
  ...['utf-16', 'utf-16le'].map(name => [name, 'utf-16le'] as const),
  ['utf-16be', 'utf-16be'],
])

const UTF_8 = 'utf-8'

/** The charset of a content type, as TextDecoder calls it. Faults: unsupported_media_type. */
export function charsetOf(contentType: string): string {
  const said = parameterOf(contentType, 'charset')
  if (said === undefined || said === '') return UTF_8
  const known = KNOWN.get(said.toLowerCase())
  if (known === undefined) throw new Fault('unsupported_media_type', { received: contentType })
  return known
}

const PARAMETER = /;\s*([\w!#$%&'*+.^`|~-]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"\s]*))/g

/** A parameter of a header such as `multipart/form-data; boundary=x`. */
export function parameterOf(header: string, name: string): string | undefined {
  for (const [, found = '', quoted, plain] of header.matchAll(PARAMETER)) {
    if (found.toLowerCase() === name) return quoted?.replace(/\\(.)/g, '$1') ?? plain
  }
  return undefined
}

export type Decode = (bytes: Uint8Array) => string | undefined

/** Undefined: the bytes are not of this charset. A mark of byte order is part of the text unless `marked`. */
export function decoder(charset: string, { marked = false } = {}): Decode {
  const decoding = new TextDecoder(charset, { fatal: true, ignoreBOM: !marked })
  return bytes => {
    try {
      return decoding.decode(bytes)
    } catch {
      return undefined
    }
  }
}

/** As many as there are charsets, since only known names come here: making one takes longer than what it decodes. */
const wholeTexts = new Map<string, Decode>()

function wholeText(charset: string): Decode {
  const made = wholeTexts.get(charset) ?? decoder(charset, { marked: true })
  wholeTexts.set(charset, made)
  return made
}

/** A whole text that may begin with a mark of byte order; that of UTF-16 decides about it. */
export function decodeText(bytes: Uint8Array, charset: string): string | undefined {
  const isBigEndian = charset === 'utf-16le' && bytes[0] === 0xfe && bytes[1] === 0xff
  return wholeText(isBigEndian ? 'utf-16be' : charset)(bytes)
}

const LONE_HALF = /[\ud800-\udfff]/u

/** What no text of ours may have: NUL, which PostgreSQL cannot keep, and halves of characters, which UTF-8 cannot. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !LONE_HALF.test(text)
}

const [PERCENT, PLUS, SPACE] = [37, 43, 32]
const HEX = Array.from({ length: 256 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase()),
)

/** The bytes of a text with one character per byte. What is no escape stays as it is; forms write spaces as `+`. */
export function percentDecoded(text: string, { plusIsSpace = false } = {}): Uint8Array {
  const bytes = Buffer.from(text, 'latin1')
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at] as number
    const high = code === PERCENT ? (HEX[bytes[at + 1] ?? 0] as number) : -1
    const low = high < 0 ? -1 : (HEX[bytes[at + 2] ?? 0] as number)
    const plain = plusIsSpace && code === PLUS ? SPACE : code
    bytes[length++] = low < 0 ? plain : high * 16 + low
    if (low >= 0) at += 2
  }
  return bytes.subarray(0, length)
}
