import type { Arrival, Inbound } from './dialect.ts'

/**
 * A request of which nothing has been read yet. Spelt out, member by member in one order: an object that is spread into a
 * larger one has a hidden class of its own each time, which costs memory, and makes all that read it look up each member.
 */
export function newInbound({ request, base, pathname, startedAt, requestId, source }: Arrival): Inbound {
  return {
    request,
    base,
    pathname,
    startedAt,
    requestId,
    source: source ?? '',
    path: {},
    query: [],
    body: undefined,
    received: [],
    fields: {},
    notes: {},
  }
}
