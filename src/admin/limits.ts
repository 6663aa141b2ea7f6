import type { MiddlewareHandler } from 'hono'
import { Fault } from '../../core/ground/fault.ts'
import { createLimits } from '../limits/limits.ts'
import type { Who } from '../limits/refuse.ts'
import { sourceOf } from '../limits/source.ts'
import type { AdminContext, AdminEnv } from './context.ts'
import type { Incoming } from './route.ts'

const SURFACE = 'admin'
/** Whoever watches whether we are there does it often, and is told the same whatever comes. */
const PROBES = new Set(['/healthz', '/readyz'])
/** Where no limits are asked for, nobody guesses a token into a form all the same: so many in ten minutes. */
const SIGN_INS = 10

type Limited = Pick<AdminContext, 'limits' | 'trustProxy'>

function whoAsks({ env }: Incoming, { trustProxy = false }: Limited): Who {
  return { source: sourceOf({ ...(env?.incoming && { incoming: env.incoming }) }, trustProxy), surface: SURFACE }
}

/** First of all that the admin plane does. Faults: rate_limited. */
export function limitAddress(context: Limited): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    if (!PROBES.has(c.req.path)) context.limits?.checkAddress(whoAsks(c, context))
    await next()
  }
}

/** `whose`: of the token that was sent; undefined: nobody's. Faults: unauthenticated, rate_limited. */
export async function judgeToken<T extends object>(
  c: Incoming,
  context: Limited,
  sent: string,
  whose: () => Promise<T | undefined>,
): Promise<T> {
  const who = whoAsks(c, context)
  const { attempts } = context.limits ?? {}
  const found = await (attempts ? attempts.judge({ ...who, name: 'token', secret: sent }, whose) : whose())
  if (!found) throw new Fault('unauthenticated', { reason: 'invalid' })
  context.limits?.spend('admin', who)
  return found
}

/** For the form: limits of its own where the program has none. */
export function signInLimits(context: AdminContext): Limited {
  if (context.limits?.attempts) return context
  const sizes = { address: 0, credential: 0, wrong_credentials: SIGN_INS }
  const limits = createLimits({ sizes, onRefused: per => context.metrics.limited(per, SURFACE) })
  return { limits, trustProxy: context.trustProxy ?? false }
}
