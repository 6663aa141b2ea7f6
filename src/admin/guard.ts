import { createHash, timingSafeEqual } from 'node:crypto'
import { isIPv4 } from 'node:net'
import type { MiddlewareHandler } from 'hono'
import { basicCredentials } from '../../adapters/kit/auth.ts'
import { Fault } from '../../core/ground/fault.ts'
import type { AdminContext, AdminEnv } from './context.ts'
import { judgeToken } from './limits.ts'
import type { Incoming } from './route.ts'

export interface GuardOptions {
  /**
   * The token may come as the password of HTTP Basic: a browser can ask for that. Only for what changes nothing, since
   * a browser sends it along by itself afterwards.
   */
  basic?: true
}

/** With a token: its bearer only. Without: only who is on this machine. */
export function guard(context: AdminContext, { basic }: GuardOptions = {}): MiddlewareHandler<AdminEnv> {
  const { token } = context
  return async (c, next) => {
    if (token === undefined) {
      checkLocal(c.env.incoming?.socket.remoteAddress, c.req.raw)
      checkMediaType(c.req.raw)
    } else {
      const header = c.req.header('authorization')
      const password = basic && basicCredentials(header ?? null)?.secret
      await checkToken(c, context, token, password === undefined ? header : `Bearer ${password}`)
    }
    await next()
  }
}

async function checkToken(c: Incoming, context: AdminContext, token: string, header: string | undefined) {
  if (header === undefined) throw new Fault('unauthenticated', { reason: 'missing' })
  const given = /^bearer +(.*)$/i.exec(header)?.[1] ?? ''
  await judgeToken(c, context, given, async () => {
    if (isToken(given, token)) return true
    // a named one, whose name stands in every event of what it does
    const named = LOOKS_MADE.test(given) ? await context.core.adminTokens.resolve(given) : undefined
    if (named) c.set('administrator', named.name)
    return named !== undefined
  })
}

/** Nothing else is looked up in the database. */
const LOOKS_MADE = /^[A-Za-z0-9]{40}$/

/** Digests have one length, so that the comparison tells nothing about the token's. */
export function isToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

export function isLoopback(address: string | undefined): boolean {
  const plain = (address ?? '').replace(/^::ffff:/i, '')
  return plain === '::1' || /^127\./.test(plain)
}

/**
 * A loopback peer may be a proxy that passes strangers on, or a browser that a foreign page has put up to it (directly,
 * or by a name that resolves here). Headers can only take the permission away, never give it.
 */
export function checkLocal(peer: string | undefined, request: Request): void {
  if (!isLoopback(peer) || isProxied(request.headers) || !isAddressed(request) || !isOwnPage(request)) {
    throw new Fault('forbidden', { reason: 'role' })
  }
}

/** What the usual proxies and content networks tell about the client they stand for. */
const PROXY_HEADER =
  /^(via|forwarded(-for)?|cdn-loop|client-ip|proxy-connection|x-(forwarded|original|real|envoy|amzn|azure|arr|appengine|cloud-trace|proxy)\b.*|(true|x|x-cluster|fastly|ali|wl-proxy)-client-ip|(cf|cloudfront|akamai|fly)-.*)$/

function isProxied(headers: Headers): boolean {
  return [...headers.keys()].some(name => PROXY_HEADER.test(name))
}

/** Only names that every resolver takes for this machine: any other may be a stranger's that leads here. */
function isAddressed(request: Request): boolean {
  const hosts = [new URL(request.url).host, request.headers.get('host')]
  return hosts.every(host => host === null || isLocalName(host))
}

function isLocalName(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false
  // the parser has made one spelling of all: upper case, octal and short addresses
  const name = new URL(`http://${host}`).hostname.replace(/\.$/, '')
  return name === 'localhost' || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'))
}

/** Browsers tell which page asks: ours, or the user by hand. */
function isOwnPage(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') return false
  const origin = request.headers.get('origin')
  return origin === null || origin === new URL(request.url).origin
}

/** What a form of a foreign page can send is none of these. */
const MEDIA_TYPE =
  /^(application\/([\w.+-]+\+)?json|application\/(x-)?(ndjson|jsonl|jsonlines)|(text|application)\/csv)\s*(;|$)/i

function checkMediaType({ headers }: Request): void {
  const length = headers.get('content-length')
  const received = headers.get('content-type')?.trim() ?? ''
  // what did not come from a socket has no length, but then its body has a type
  const hasBody = length === null ? headers.has('transfer-encoding') || received !== '' : Number(length) > 0
  if (hasBody && !MEDIA_TYPE.test(received)) {
    throw new Fault('unsupported_media_type', { received })
  }
}
