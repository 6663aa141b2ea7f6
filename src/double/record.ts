/** From an answered request to what the journal keeps of it: references, and copies of what would hold too much. */
import type { Dialect, Inbound } from '../../adapters/kit/dialect.ts'
import type { Fault } from '../../core/fault.ts'
import type { Core } from '../../core/verbs.ts'
import { type Why, why, whyOf } from '../../core/why.ts'
import type { Address } from '../gateway.ts'
import type { Connection } from '../listen.ts'
import type { Answered } from '../serve-dialect.ts'
import { bytesOf, type Written } from './cut.ts'
import type { Exchange, KeptBody } from './journal.ts'
import { nearestTo } from './nearest.ts'
import { numbersSent } from './sent-numbers.ts'

/** What is kept of each body, in bytes; the beginning of a longer one. */
export const KEPT_BYTES = 65_536

export interface Recorded {
  request: Request
  /** Undefined: it reached no dialect. */
  answered: Answered | undefined
  response: Response
  ms: number
  at: number
  connection: Connection | undefined
  dropped: string | undefined
  replayOf: number | undefined
  address: Address | undefined
}

function kept(written: Written): KeptBody | undefined {
  if (written === undefined) return undefined
  if (typeof written === 'string') {
    if (written.length <= KEPT_BYTES) return { bytes: written, length: Buffer.byteLength(written) }
    return { bytes: Buffer.from(written.slice(0, KEPT_BYTES)), length: Buffer.byteLength(written) }
  }
  if (written instanceof Uint8Array) {
    if (written.byteLength <= KEPT_BYTES) return { bytes: written, length: written.byteLength }
    return { bytes: Uint8Array.prototype.slice.call(written, 0, KEPT_BYTES), length: written.byteLength }
  }
  const length = written.reduce((sum, piece) => sum + piece.byteLength, 0)
  const start: Uint8Array[] = []
  for (let n = 0, bytes = 0; n < written.length && bytes < KEPT_BYTES; n++) {
    const piece = written[n] as Uint8Array
    start.push(piece)
    bytes += piece.byteLength
  }
  return { bytes: Uint8Array.prototype.slice.call(bytesOf(start), 0, KEPT_BYTES), length }
}

/** As Node keeps them, names and values by turns: paired when somebody looks. */
function paired(raw: readonly string[]): readonly (readonly [string, string])[] {
  const pairs: [string, string][] = []
  for (let n = 0; n + 1 < raw.length; n += 2) pairs.push([(raw[n] as string).toLowerCase(), raw[n + 1] as string])
  return pairs
}

type Tried = [realm: string, publicId: string | undefined, secret: string]

/** Asked once more with somebody looking over the shoulder: what was looked for, and so why it was not found. */
async function whyNotKnown(dialect: Dialect, core: Core, inbound: Inbound): Promise<Why | undefined> {
  let tried: Tried | undefined
  const { credentials } = core
  const verifyPair: typeof credentials.verifyPair = (realm, publicId, secret) => {
    tried = [realm, publicId, secret]
    return credentials.verifyPair(realm, publicId, secret)
  }
  const verifyKey: typeof credentials.verifyKey = (realm, key) => {
    tried = [realm, undefined, key]
    return credentials.verifyKey(realm, key)
  }
  const looking = { ...core, credentials: { ...credentials, verifyPair, verifyKey } }
  await (inbound.operation?.identify ?? dialect.identify)(inbound, looking).catch(() => undefined)
  return tried && credentials.explain(...tried)
}

async function reasonOf(fault: Fault, dialect: Dialect, core: Core, inbound: Inbound): Promise<Why> {
  try {
    const isUnknown = fault.code === 'unauthenticated' && fault.why === undefined
    return (isUnknown ? await whyNotKnown(dialect, core, inbound) : undefined) ?? (await whyOf(fault))
  } catch {
    return why(fault.code, 'the reason could not be looked up', {})
  }
}

function actionOf({ fields }: Inbound): string {
  return typeof fields.Action === 'string' ? fields.Action : ''
}

const LOST = new Set(['unknown_operation', 'method_not_allowed'])

function splitUrl(url: string): [origin: string, path: string] {
  const at = url.indexOf('/', url.indexOf('//') + 2)
  return [url.slice(0, at), url.slice(at)]
}

/** Reads nothing and copies little: it is paid by every request. */
export function exchangeOf(recorded: Recorded, core: Core): Omit<Exchange, 'id'> {
  const { request, answered, response, connection } = recorded
  const [origin, url] = splitUrl(request.url)
  const inbound = answered?.inbound
  const sent = kept(answered?.sent)
  const { at, ms, dropped, replayOf, address } = recorded
  const raw = connection?.incoming.rawHeaders
  const headers = raw ? undefined : [...request.headers]
  return {
    at,
    ms,
    requestId: inbound?.requestId ?? '',
    dialect: answered?.dialect.name,
    operation: inbound?.operation && [inbound.operation.on].flat()[0],
    accountId: inbound?.caller?.account.id,
    method: request.method,
    url,
    origin,
    get headers() {
      return headers ?? paired(raw ?? [])
    },
    sent,
    status: response.status,
    answerHeaders: answered?.headers ?? Object.fromEntries(response.headers),
    written: kept(inbound?.written),
    fault: answered?.fault?.code,
    why: answered?.fault && reasonOf(answered.fault, answered.dialect, core, answered.inbound),
    trace: inbound?.caller?.trace,
    numbers: numbersOf(inbound, sent),
    nearest:
      answered?.fault && LOST.has(answered.fault.code)
        ? nearestTo(answered.dialect, request.method, answered.inbound.pathname, actionOf(answered.inbound))
        : undefined,
    dropped,
    replayOf,
    address,
  }
}

/** Looked for when somebody asks; at once where that would keep a large body from being forgotten. */
function numbersOf(inbound: Inbound | undefined, sent: KeptBody | undefined): () => readonly string[] {
  if (!inbound) return () => []
  const { path, query, body, fields, caller } = inbound
  let known: string[] | undefined
  const look = () => {
    const changed = caller?.trace?.changes.map(({ e164 }) => e164) ?? []
    return [...new Set([...numbersSent({ path, query, body, fields }), ...changed])]
  }
  if (sent && sent.length > KEPT_BYTES) known = look()
  return () => (known ??= look())
}
