/** A kept exchange as a request that can be sent once more, with its credentials. */
import { Fault } from '../../core/ground/fault.ts'
import type { Exchange } from './exchange.ts'

/** Of the connection, not of the request; and its id, which stands for one request. */
const DROPPED = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding', 'x-request-id'])
const WITHOUT_BODY = new Set(['GET', 'HEAD'])

/** Faults: wrong_state, where not all of the body was kept. */
export function requestOf({ id, method, origin, url, headers, sent }: Exchange): Request {
  if (sent && sent.bytes.byteLength < sent.length) {
    throw new Fault('wrong_state', {
      what: 'request',
      id: String(id),
      state: 'kept in part only: its body is too long',
    })
  }
  const kept = new Headers()
  for (const [name, value] of headers) if (!DROPPED.has(name)) kept.append(name, value)
  const bytes = sent ? Buffer.from(sent.bytes) : undefined
  if (WITHOUT_BODY.has(method) || !bytes) return new Request(origin + url, { method, headers: kept })
  kept.set('content-length', String(bytes.byteLength))
  return new Request(origin + url, { method, headers: kept, body: new Uint8Array(bytes) })
}
