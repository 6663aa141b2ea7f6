import { isIPv4 } from 'node:net'
import type { MiddlewareHandler } from 'hono'
import { basicCredentials } from '../../adapters/kit/auth.ts'
import { Fault } from '../../core/ground/fault.ts'
import { whoseToken } from './actor.ts'
import type { AdminContext, AdminEnv } from './context.ts'
import { judgeToken } from './limits.ts'

export interface GuardOptions {
  /**
   * The token may come as the password of HTTP Basic: a browser can ask for that. Only for what changes nothing, since
   * a browser sends it along by itself afterwards.
   */
  basic?: true
}

/**
 * With a token in the settings: its bearer, or that of a named one. Without: only who is on this machine, under the name
 * of a named token that is sent.
 */
export function guard(context: AdminContext, { basic }: GuardOptions = {}): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    const header = c.req.header('authorization')
    const password = basic && basicCredentials(header ?? null)?.secret
    const given = password ?? /^bearer +(.*)$/i.exec(header ?? '')?.[1] ?? ''
    if (context.token === undefined) {
      checkLocal(c.env.incoming?.socket.remoteAddress, c.req.raw)
      checkMediaType(c.req.raw)
      c.set('administrator', (await whoseToken(context, given))?.administrator)
    } else {
      if (header === undefined) throw new Fault('unauthenticated', { reason: 'missing' })
      const shown = await judgeToken(c, context, given, () => whoseToken(context, given))
      c.set('administrator', shown.administrator)
    }
    await next()
  }
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
