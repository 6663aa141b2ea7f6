import { Fault } from '../../core/fault.ts'
import type { BodyShare } from './body-budget.ts'

/** Bytes of a body that an operation accepts unless it says otherwise: 1 MiB. */
export const DEFAULT_BODY_LIMIT = 1024 * 1024

/** One file of a multipart body. */
export interface UploadedFile {
  name: string
  type: string
  bytes: Uint8Array
}

/** True for a body without bytes. */
export function isEmpty(bytes: Uint8Array): boolean {
  return bytes.byteLength === 0
}

/** A body of which no more is declared is read in one piece, and taken as there from the start. */
const SMALL = 65_536

/**
 * Read the whole body, never parsing it. Faults: body_too_large as soon as the declared or the received length passes
 * `limit`, overloaded where it does not fit beside what others send, unreadable_body when the client goes away half-way.
 */
export async function readBody(
  request: Request,
  limit: number = DEFAULT_BODY_LIMIT,
  share?: BodyShare,
): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > limit) {
    // What was not read is thrown away by the server, so that the answer still reaches the client.
    throw new Fault('body_too_large', { limit })
  }
  if (isWhole(request) && declared <= SMALL) {
    share?.take(declared)
    return bytesOf(request)
  }
  if (!request.body) return new Uint8Array()
  const reader = (request.body as ReadableStream<Uint8Array>).getReader()
  return join(await collect(reader, limit, share))
}

/** Its length is known, and HTTP holds it to that: no need to count as it comes, which a stream of it would cost dearly. */
function isWhole({ headers }: Request): boolean {
  return headers.has('content-length') && !headers.has('transfer-encoding')
}

async function bytesOf(request: Request): Promise<Uint8Array> {
  try {
    return new Uint8Array(await request.arrayBuffer())
  } catch (cause) {
    throw new Fault('unreadable_body', { reason: 'the body ended early' }, { cause })
  }
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: number,
  share: BodyShare | undefined,
): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read().catch(cause => {
      throw new Fault('unreadable_body', { reason: 'the body ended early' }, { cause })
    })
    if (done) return chunks
    length += value.byteLength
    try {
      if (length > limit) throw new Fault('body_too_large', { limit })
      share?.take(value.byteLength)
    } catch (error) {
      void reader.cancel().catch(() => undefined)
      throw error
    }
    chunks.push(value)
  }
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1 && chunks[0]) return chunks[0]
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

/** Faults: unreadable_body when the bytes are not UTF-8. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Fault('unreadable_body', { reason: 'the body is not valid UTF-8' }, { cause })
  }
}

/** Pairs of a URL-encoded form in order of arrival. Bad percent escapes stay as they are. Faults: unreadable_body. */
export function parseForm(bytes: Uint8Array): [string, string][] {
  return [...new URLSearchParams(decodeText(bytes))]
}

/** Parts of a multipart form in order of arrival. Faults: unreadable_body. */
export async function parseMultipart(
  bytes: Uint8Array,
  contentType: string,
): Promise<[string, string | UploadedFile][]> {
  const form = await new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { 'content-type': contentType } })
    .formData()
    .catch(cause => {
      throw new Fault('unreadable_body', { reason: 'the multipart body is malformed' }, { cause })
    })
  const parts: [string, string | UploadedFile][] = []
  for (const [name, value] of form) parts.push([name, await part(value)])
  return parts
}

async function part(value: string | File): Promise<string | UploadedFile> {
  if (typeof value === 'string') return value
  return { name: value.name, type: value.type, bytes: new Uint8Array(await value.arrayBuffer()) }
}

/** The JSON value of a body; undefined when it is empty. Faults: unreadable_body. */
export function parseJson(bytes: Uint8Array): unknown {
  if (isEmpty(bytes)) return undefined
  const text = decodeText(bytes)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Fault('unreadable_body', { reason: 'the body is not valid JSON' }, { cause })
  }
}
