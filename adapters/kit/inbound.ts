import type { Arrival, Inbound } from './dialect.ts'

/**
 * A request of which nothing has been read yet. Spelt out: V8 leaves some kilobytes in its old generation for each
 * object that is spread into a larger one, and at thousands a second that is what most of its memory holds.
 */
export function newInbound({ request, base, pathname, startedAt, requestId }: Arrival): Inbound {
  return {
    request,
    base,
    pathname,
    startedAt,
    requestId,
    path: {},
    query: [],
    body: undefined,
    received: [],
    fields: {},
    notes: {},
  }
}
