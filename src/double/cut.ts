/** Answers that do not reach the client, or not whole: what becomes of them on the wire. */
import type { Connection } from '../http/listen.ts'
import type { DROPS } from './rule-schema.ts'

export type Written = string | Uint8Array | readonly Uint8Array[] | undefined

export function bytesOf(written: Written): Uint8Array {
  if (written === undefined) return new Uint8Array()
  if (typeof written === 'string') return Buffer.from(written)
  return written instanceof Uint8Array ? written : Buffer.concat(written)
}

/** What a client of `fetch` sees when the other side resets the connection. */
function reset(): TypeError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  return new TypeError('fetch failed', { cause })
}

function destroy({ incoming }: Connection): void {
  const { socket } = incoming
  if ('resetAndDestroy' in socket && !('encrypted' in socket)) socket.resetAndDestroy()
  else socket.destroy()
}

/** A client that reads nothing is not waited for much longer than a second. */
const [LOOK_MS, MOST_LOOKS] = [2, 500]

/** Half of it, and then nothing: the length that was announced is not kept. */
function halfOf(bytes: Uint8Array, connection: Connection | undefined): ReadableStream {
  let isSent = false
  return new ReadableStream({
    async pull(controller) {
      if (!isSent) {
        isSent = true
        controller.enqueue(bytes.subarray(0, Math.max(1, bytes.byteLength >> 1)))
        return
      }
      if (!connection) return controller.error(reset())
      await endQuietly(connection)
      controller.close()
    },
  })
}

/** What was written goes out first: a reset would take back what is on its way. */
async function endQuietly({ incoming: { socket } }: Connection): Promise<void> {
  const before = socket.bytesWritten
  const isOut = () => socket.destroyed || (socket.bytesWritten > before && socket.writableLength === 0)
  for (let looks = 0; !isOut() && looks < MOST_LOOKS; looks++)
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  socket.destroy()
}

/** Without a connection, in process: as `fetch` would put it. */
export function cutOff(
  response: Response,
  written: Written,
  drop: (typeof DROPS)[number],
  connection: Connection | undefined,
): Response {
  const bytes = bytesOf(written)
  if (drop === 'mid_body' && bytes.byteLength > 0) {
    const headers = plainHeaders(response)
    headers.set('content-length', String(bytes.byteLength))
    return new Response(halfOf(bytes, connection), { status: response.status, headers })
  }
  if (!connection) throw reset()
  destroy(connection)
  return new Response(null, { status: 503 })
}

/** Those that no longer hold for another body are left out. */
function plainHeaders(response: Response): Headers {
  const headers = new Headers(response.headers)
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name)
  return headers
}

/** `truncated`: its first half, as if that were all. `malformed`: its first character twice, which no format allows. */
export function spoilt(response: Response, written: Written, how: 'truncated' | 'malformed'): Response {
  const bytes = bytesOf(written)
  const body =
    how === 'truncated'
      ? bytes.subarray(0, bytes.byteLength >> 1)
      : Buffer.concat([bytes.byteLength === 0 ? Buffer.from('{') : bytes.subarray(0, 1), bytes])
  const status = response.status === 204 ? 200 : response.status
  return new Response(body as Uint8Array<ArrayBuffer>, { status, headers: plainHeaders(response) })
}
