import { Fault } from '../../core/ground/fault.ts'
import type { BodyShare } from './body-budget.ts'
import { DEFAULT_BODY_LIMIT } from './limits.ts'

export type { UploadedFile } from './multipart.ts'

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
  /** Gets what was read of a body that turned out to be too large. */
  keep?: (start: Uint8Array) => void,
): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > limit) {
    // What was not read is thrown away by the server, so that the answer still reaches the client.
    throw new Fault('body_too_large', { limit })
  }
  if (isWhole(request) && declared <= SMALL) {
    share?.take(declared)
    return kept(await bytesOf(request), share)
  }
  if (!request.body) return new Uint8Array()
  const reader = (request.body as ReadableStream<Uint8Array>).getReader()
  return kept(join(await collect(reader, limit, share, keep)), share)
}

function kept(bytes: Uint8Array, share: BodyShare | undefined): Uint8Array {
  if (share) share.read = bytes
  return bytes
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
  keep?: (start: Uint8Array) => void,
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
      keep?.(join([...chunks, value]))
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

/** The first bytes of a body that is refused unread: what was asked for may stand there. Never fails. */
export async function readStart(request: Request, most: number): Promise<Uint8Array> {
  if (request.bodyUsed || !request.body) return new Uint8Array()
  const reader = (request.body as ReadableStream<Uint8Array>).getReader()
  const chunks: Uint8Array[] = []
  for (let length = 0; length < most; ) {
    const { value } = await reader.read().catch(() => ({ value: undefined }))
    if (!value) break
    chunks.push(value)
    length += value.byteLength
  }
  void reader.cancel().catch(() => undefined)
  return join(chunks).subarray(0, most)
}
