import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { type CallbackTargets, callbackUrl, literalAddress, whyNotAddress } from '../../adapters/kit/callback-url.ts'
import type { Delivery } from '../../core/verbs.ts'
import { createResolver, guardedLookup, isRefusal, type Resolve, refused } from './lookup.ts'

export interface Outcome {
  /** Null: no answer came. */
  status: number | null
  error: string | null
  delivered: boolean
  /** Trying again would not help. */
  final: boolean
}

/** One attempt. It always ends, in its time or with the signal, and never throws. */
export type AttemptOnce = (delivery: Delivery, signal: AbortSignal) => Promise<Outcome>

export interface AttemptOptions {
  targets: CallbackTargets
  timeoutMs: number
  resolve?: Resolve
}

/** After its status an answer's body is let come for politeness, so long and so far; nobody reads it. */
const LINGER_MS = 500
const BODY_BYTES = 65_536
const HEADER_BYTES = 16_384
/** `100 Continue` and its like before the answer. */
const INTERIM = 16
/** For each of several addresses; the default is too short for far ones. */
const CONNECTING = { autoSelectFamilyAttemptTimeout: 2_500 }

const failed = (error: string, final = false): Outcome => ({ status: null, error, delivered: false, final })

function answered(status: number): Outcome {
  const delivered = status >= 200 && status < 300
  return { status, error: delivered ? null : `answered ${status}`, delivered, final: false }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 300)

/** Faults of the URL itself: no http(s), or a literal address that is not allowed. */
export function checkTarget(text: string, targets: CallbackTargets): URL {
  const url = callbackUrl(text)
  if (!url) throw refused(text.slice(0, 100), 'is no absolute http or https URL')
  const address = literalAddress(url)
  const why = address === undefined ? undefined : whyNotAddress(address, targets)
  if (why !== undefined) throw refused(address as string, why)
  return url
}

function open(delivery: Delivery, { targets, resolve }: AttemptOptions, signal: AbortSignal): ClientRequest {
  const url = checkTarget(delivery.url, targets)
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest
  return start(url, {
    method: delivery.method,
    headers: delivery.headers,
    lookup: guardedLookup(targets, resolve as Resolve, signal),
    agent: false, // a connection kept alive would pass the look-up by
    maxHeaderSize: HEADER_BYTES,
    ...CONNECTING,
  })
}

/** Calls `end` with the first thing that ends the exchange: a request can end with an answer, an error, or neither. */
function watch(request: ClientRequest, end: (outcome: Outcome) => void): void {
  let interim = 0
  request.on('error', error => end(failed(reasonOf(error), isRefusal(error))))
  request.on('close', () => end(failed('closed without an answer')))
  request.on('information', () => {
    if (++interim > INTERIM) end(failed(`more than ${INTERIM} interim answers`))
  })
  request.on('upgrade', (response, socket) => {
    socket.on('error', () => {})
    end(answered(response.statusCode ?? 0))
  })
}

/** The answer is known with its status; the socket is given up when the body has come, or too much or too late. */
function linger(response: IncomingMessage, done: () => void): NodeJS.Timeout {
  let bytes = 0
  response.on('data', chunk => {
    bytes += (chunk as Buffer).length
    if (bytes > BODY_BYTES) done()
  })
  response.on('error', done)
  response.on('close', done)
  return setTimeout(done, LINGER_MS)
}

/** Redirects are not followed. */
function exchange(delivery: Delivery, options: AttemptOptions, signal: AbortSignal): Promise<Outcome> {
  return new Promise(resolve => {
    const over = new AbortController()
    const request = open(delivery, options, over.signal)
    let lingering: NodeJS.Timeout | undefined
    let answer: Outcome | undefined
    const end = (outcome: Outcome) => {
      if (over.signal.aborted) return
      over.abort('over')
      clearTimeout(late)
      clearTimeout(lingering)
      signal.removeEventListener('abort', stop)
      request.destroy()
      resolve(answer ?? outcome)
    }
    const stop = () => end(failed('given up'))
    const late = setTimeout(() => end(failed('timed out')), options.timeoutMs)
    signal.addEventListener('abort', stop)
    watch(request, end)
    request.on('response', response => {
      const outcome = answered(response.statusCode ?? 0)
      answer = outcome
      lingering = linger(response, () => end(outcome))
    })
    request.end(delivery.method === 'GET' ? undefined : delivery.body)
  })
}

export function createAttempt(options: AttemptOptions): AttemptOnce {
  const complete = { resolve: createResolver(), ...options }
  return async (delivery, signal) => {
    if (signal.aborted) return failed('given up')
    try {
      return await exchange(delivery, complete, signal)
    } catch (error) {
      return failed(reasonOf(error), isRefusal(error))
    }
  }
}
