/** From an answered request to what the journal is told of it. */
import type { Dialect, Inbound } from '../../adapters/kit/dialect.ts'
import type { Fault, Why } from '../../core/ground/fault.ts'
import { why, whyOf } from '../../core/ground/why.ts'
import type { Core } from '../../core/verbs.ts'
import type { Address } from '../http/address.ts'
import type { Connection } from '../http/listen.ts'
import { type Answered, operationOf } from '../http/serve-dialect.ts'
import { nearestTo } from './nearest.ts'
import type { Told } from './row.ts'
import { numbersSent } from './sent-numbers.ts'

export interface Recorded {
  request: Request
  /** Undefined: it reached no dialect. */
  answered: Answered | undefined
  response: Response
  ms: number
  connection: Connection | undefined
  dropped: string | undefined
  replayOf: number | undefined
  address: Address | undefined
}

type Tried = [realm: string, publicId: string | undefined, secret: string]

/** Asked once more with somebody looking over the shoulder: what was looked for, and so why it was not found. */
async function whyNotKnown(dialect: Dialect, core: Core, inbound: Inbound): Promise<Why | undefined> {
  let tried: Tried | undefined
  const { credentials } = core
  const verifyPair: typeof credentials.verifyPair = (realm, publicId, secret) => {
    tried = [[realm].flat()[0] ?? '', publicId, secret]
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

/** Reads nothing and copies little: it is paid by every request. `at`: by the clock of the world. */
export function toldOf(recorded: Recorded, at: number, core: Core): Told {
  const { request, answered, response, ms, connection, dropped, replayOf, address } = recorded
  const { inbound, dialect, fault } = answered ?? {}
  return {
    at,
    ms,
    requestId: inbound?.requestId ?? '',
    dialect: dialect?.name,
    operation: operationOf(answered),
    accountId: inbound?.caller?.account.id,
    method: request.method,
    url: request.url,
    headers: connection?.incoming.rawHeaders ?? [...request.headers].flat(),
    sent: answered?.sent,
    status: response.status,
    answerHeaders: answered?.headers ?? Object.fromEntries(response.headers),
    written: inbound?.written,
    fault: fault?.code,
    why: answered && fault && reasonOf(fault, answered.dialect, core, answered.inbound),
    trace: inbound?.caller?.trace,
    sentNumbers: answered?.sent && inbound ? numbersSent(inbound) : undefined,
    nearest:
      answered && fault && LOST.has(fault.code)
        ? nearestTo(answered.dialect, request.method, answered.inbound.pathname, actionOf(answered.inbound))
        : undefined,
    dropped,
    replayOf,
    address,
  }
}
