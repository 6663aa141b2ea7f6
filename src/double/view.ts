/** An exchange as it is shown: secrets taken out, made when somebody looks. */
import type { StoredDelivery } from '../../core/verbs.ts'
import { redactUrl } from '../logs/redact.ts'
import type { Exchange, KeptBody } from './exchange.ts'
import { readableBody, readableHeaders } from './readable.ts'

/** How much of each body a list shows; one exchange by itself shows all that was kept. */
export const LISTED_CHARACTERS = 2_000

export interface ShownBody {
  text: string | null
  /** Bytes of the whole. */
  length: number
  /** Only its beginning is shown. */
  cut: boolean
}

const UTF8 = new TextDecoder('utf-8')
const isText = (type: string) => type === '' || /json|xml|text|form-urlencoded|javascript|csv/i.test(type)

/** Null: it has no text, such as an uploaded file. */
export function shownBody(body: KeptBody | undefined, type: string, most = Number.POSITIVE_INFINITY): ShownBody {
  if (!body) return { text: '', length: 0, cut: false }
  if (!isText(type)) return { text: null, length: body.length, cut: true }
  const whole = UTF8.decode(body.bytes)
  const text = readableBody(whole, type)
  const isWhole = body.bytes.byteLength >= body.length
  return { text: text.slice(0, most), length: body.length, cut: !isWhole || text.length > most }
}

export const typeOf = (headers: readonly (readonly [string, string])[]) =>
  headers.find(([name]) => name === 'content-type')?.[1] ?? ''

export interface Shown {
  /** Of what it caused; undefined: not looked up. */
  deliveries?: readonly StoredDelivery[] | undefined
  most?: number
}

export async function view(exchange: Exchange, { deliveries, most }: Shown = {}): Promise<Record<string, unknown>> {
  const { id, at, ms, requestId, dialect, operation, accountId, method, status, fault, why, trace } = exchange
  const answerHeaders = Object.entries(exchange.answerHeaders)
  const request = shownBody(exchange.sent, typeOf(exchange.headers), most)
  const response = shownBody(exchange.written, typeOf(answerHeaders), most)
  return {
    id,
    at: new Date(at).toISOString(),
    ms: Math.round(ms * 10) / 10,
    request_id: requestId,
    dialect: dialect ?? null,
    operation: operation ?? null,
    account: accountId ?? null,
    numbers: exchange.numbers,
    status,
    fault: fault ?? null,
    why: why ? await why : null,
    request: {
      method,
      url: redactUrl(exchange.url),
      headers: Object.fromEntries(readableHeaders(exchange.headers)),
      ...bodyOf(request),
    },
    response: { status, headers: Object.fromEntries(readableHeaders(answerHeaders)), ...bodyOf(response) },
    changes: trace?.changes ?? [],
    ...(deliveries && { deliveries: deliveries.map(viewDelivery) }),
    ...(exchange.nearest && { nearest: exchange.nearest }),
    ...(exchange.dropped !== undefined && { dropped: exchange.dropped }),
    ...(exchange.replayOf !== undefined && { replay_of: exchange.replayOf }),
  }
}

const bodyOf = ({ text, length, cut }: ShownBody) => ({
  body: text,
  body_bytes: length,
  ...(cut && { body_cut: true }),
})

function viewDelivery({ id, dialect, url, status, attempts }: StoredDelivery) {
  return { id, dialect, url: redactUrl(url), status, attempts: attempts.length }
}
