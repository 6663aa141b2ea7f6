import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { MiddlewareHandler } from 'hono'
import { basicCredentials } from '../../adapters/kit/auth.ts'
import { Fault } from '../../core/fault.ts'
import type { AdminEnv } from './context.ts'

export interface GuardOptions {
  /**
   * The token may come as the password of HTTP Basic: a browser can ask for that. Only for what changes nothing, since
   * a browser sends it along by itself afterwards.
   */
  basic?: true
}

/** With a token: its bearer only. Without: only who is on this machine. */
export function guard(token: string | undefined, { basic }: GuardOptions = {}): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    const header = c.req.header('authorization')
    const password = basic && basicCredentials(header ?? null)?.secret
    if (token !== undefined) checkToken(token, password === undefined ? header : `Bearer ${password}`)
    else if (!isLoopback(c.env.incoming?.socket.remoteAddress) || !isMeant(c.req.raw)) {
      throw new Fault('forbidden', { reason: 'role' })
    }
    await next()
  }
}

function checkToken(token: string, header: string | undefined): void {
  if (header === undefined) throw new Fault('unauthenticated', { reason: 'missing' })
  const given = /^bearer +(.*)$/i.exec(header)?.[1] ?? ''
  // digests have one length, so that the comparison tells nothing about the token's
  if (!timingSafeEqual(digest(given), digest(token))) throw new Fault('unauthenticated', { reason: 'invalid' })
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

export function isLoopback(address: string | undefined): boolean {
  const plain = (address ?? '').replace(/^::ffff:/i, '')
  return plain === '::1' || /^127\./.test(plain)
}

/**
 * A loopback peer may be a proxy that passes strangers on, or a browser that a foreign page has put up to it
 * (directly, or by a name that resolves here). Headers can only take the permission away, never give it.
 */
function isMeant(request: Request): boolean {
  const { headers } = request
  if (headers.has('x-forwarded-for') || headers.has('forwarded')) return false
  if (/^(cross-site|same-site)$/.test(headers.get('sec-fetch-site') ?? '')) return false
  const host = new URL(request.url).hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || isIP(host) !== 0
}
