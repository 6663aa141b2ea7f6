/** HTTP Archive 1.2: what browsers' tools and many others read. */

import { redactUrl } from '../logs/redact.ts'
import type { Exchange } from './exchange.ts'
import { readableHeaders } from './readable.ts'
import { shownBody, typeOf } from './view.ts'

interface Pair {
  name: string
  value: string
}

const pairs = (headers: readonly (readonly [string, string])[]): Pair[] =>
  readableHeaders(headers).map(([name, value]) => ({ name, value }))

const queryOf = (url: string): Pair[] =>
  [...new URLSearchParams(url.split('?')[1] ?? '')].map(([name, value]) => ({ name, value }))

const UNKNOWN = -1

function requestOf(exchange: Exchange) {
  const type = typeOf(exchange.headers)
  const url = redactUrl(exchange.url)
  const { text, length } = shownBody(exchange.sent, type)
  return {
    method: exchange.method,
    url: exchange.origin + url,
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: pairs(exchange.headers),
    queryString: queryOf(url),
    ...(length > 0 && { postData: { mimeType: type, text: text ?? '' } }),
    headersSize: UNKNOWN,
    bodySize: length,
  }
}

function responseOf(exchange: Exchange) {
  const headers = Object.entries(exchange.answerHeaders)
  const { text, length } = shownBody(exchange.written, typeOf(headers))
  return {
    status: exchange.status,
    statusText: '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: pairs(headers),
    content: { size: length, mimeType: typeOf(headers) || 'application/octet-stream', text: text ?? '' },
    redirectURL: '',
    headersSize: UNKNOWN,
    bodySize: length,
  }
}

async function entryOf(exchange: Exchange) {
  const { at, ms, id, dialect, operation, fault, why } = exchange
  const reason = why && (await why)
  return {
    startedDateTime: new Date(at).toISOString(),
    time: ms,
    request: requestOf(exchange),
    response: responseOf(exchange),
    cache: {},
    timings: { send: 0, wait: ms, receive: 0 },
    comment: [`exchange ${id}`, dialect, operation, fault, reason?.sentence].filter(Boolean).join(' · '),
  }
}

/** Somebody else has a turn after so many. */
const AT_ONCE = 20

/** Oldest first, as the format wants it. */
export async function harOf(exchanges: readonly Exchange[], version: string) {
  const entries: Awaited<ReturnType<typeof entryOf>>[] = []
  for (const exchange of [...exchanges].reverse()) {
    entries.push(await entryOf(exchange))
    if (entries.length % AT_ONCE === 0) await new Promise(resolve => setImmediate(resolve))
  }
  return { log: { version: '1.2', creator: { name: 'didgate', version }, entries } }
}
