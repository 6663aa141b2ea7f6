/**
 * Parts of a multipart form (RFC 7578). Read here and not by the platform's own `formData()`, which replaces what is not
 * UTF-8 without a word, ignores the charset of a part, and reads any number of parts.
 */
import { Fault } from '../../core/ground/fault.ts'
import { charsetOf, decodeText, isStorable, parameterOf, percentDecoded } from './charset.ts'
import { MAX_NAME, MAX_PARAMETERS, tooManyParameters } from './limits.ts'

/** One file of a multipart body. */
export interface UploadedFile {
  name: string
  type: string
  bytes: Uint8Array
}

export type Part = [name: string, value: string | UploadedFile]

function malformed(reason: string): Fault<'unreadable_body'> {
  return new Fault('unreadable_body', { reason })
}

const MAX_BOUNDARY = 70
const MAX_HEADERS = 4096
const CRLF = '\r\n'
/** Name of a part that tells of the others. */
const CHARSET = '_charset_'

/** In order of arrival. Faults: unreadable_body, unsupported_media_type (a charset that is not known). */
export function parseMultipart(bytes: Uint8Array, contentType: string): Part[] {
  const boundary = parameterOf(contentType, 'boundary') ?? ''
  if (boundary === '' || boundary.length > MAX_BOUNDARY) throw malformed('the multipart body has no usable boundary')
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pieces = split(body, `--${boundary}`)
  const standard = charsetOf(contentType)
  const charset = charsetNamed(pieces) ?? standard
  return pieces.map(({ headers, content }) => partOf(headers, content, charset))
}

interface Piece {
  headers: Map<string, string>
  content: Uint8Array
}

function split(body: Buffer, delimiter: string): Piece[] {
  const pieces: Piece[] = []
  const mark = Buffer.from(CRLF + delimiter)
  let at = body.indexOf(delimiter)
  if (at !== 0 && body.toString('latin1', Math.max(0, at - 2), at) !== CRLF)
    throw malformed('the multipart body is malformed')
  for (;;) {
    at += delimiter.length
    const after = body.toString('latin1', at, at + 2)
    if (after === '--') return pieces
    const next = body.indexOf(mark, at)
    if (after !== CRLF || next < 0) throw malformed('the multipart body is malformed')
    if (pieces.length >= MAX_PARAMETERS) throw tooManyParameters()
    pieces.push(pieceOf(body.subarray(at, next)))
    at = next + CRLF.length
  }
}

/** Begins with the line break after the boundary, so that no headers are seen as none. */
function pieceOf(part: Buffer): Piece {
  const end = part.subarray(0, MAX_HEADERS).indexOf(CRLF + CRLF)
  if (end < 0) throw malformed('a part of the multipart body has no headers')
  const lines = part.toString('latin1', 0, end).split(CRLF)
  const headers = lines.map(line => {
    const colon = line.indexOf(':')
    return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  return { headers: new Map(headers), content: part.subarray(end + 2 * CRLF.length) }
}

const disposition = ({ headers }: Pick<Piece, 'headers'>) => headers.get('content-disposition') ?? ''

/** A part of this name says what all others are written in. */
function charsetNamed(pieces: readonly Piece[]): string | undefined {
  const named = pieces.find(piece => {
    const how = disposition(piece)
    return how.includes(CHARSET) && parameterOf(how, 'name') === CHARSET
  })
  return named && charsetOf(`text/plain; charset=${Buffer.from(named.content).toString('latin1')}`)
}

function partOf(headers: Piece['headers'], content: Uint8Array, charset: string): Part {
  const how = disposition({ headers })
  const sent = parameterOf(how, 'name')
  if (!/^form-data\b/i.test(how) || sent === undefined) throw malformed('a part of the multipart body has no name')
  const name = textOf(unescaped(sent), charset)
  if (name.length > MAX_NAME) throw malformed(`a part has a name of more than ${MAX_NAME} characters`)
  const type = headers.get('content-type') ?? ''
  const fileName = /filename/i.test(how) ? fileNameOf(how, charset) : undefined
  if (fileName !== undefined) return [name, { name: fileName, type, bytes: new Uint8Array(content) }]
  return [name, textOf(content, /;\s*charset=/i.test(type) ? charsetOf(type) : charset)]
}

/** Browsers escape quotes and line breaks in names; headers were read byte by byte. */
function unescaped(text: string): Uint8Array {
  return Buffer.from(
    text.replace(/%(22|0D|0A)/gi, written => decodeURIComponent(written)),
    'latin1',
  )
}

/** `filename*=UTF-8''…` of RFC 5987 says the same in ASCII. */
function fileNameOf(how: string, charset: string): string | undefined {
  const extended = /^utf-8''(.*)/is.exec(parameterOf(how, 'filename*') ?? '')?.[1]
  if (extended !== undefined) return textOf(percentDecoded(extended), 'utf-8')
  const plain = parameterOf(how, 'filename')
  return plain === undefined ? undefined : textOf(unescaped(plain), charset)
}

function textOf(bytes: Uint8Array, charset: string): string {
  const text = decodeText(bytes, charset)
  if (text === undefined) throw malformed(`a part of the multipart body is not valid ${charset.toUpperCase()}`)
  if (!isStorable(text)) throw malformed('a part of the multipart body has a character that no text may have')
  return text
}
