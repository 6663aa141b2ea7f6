import type { Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { isFault } from '../../core/ground/fault.ts'
import { type Shown, whoseToken } from '../admin/actor.ts'
import type { AdminContext, AdminEnv } from '../admin/context.ts'
import { judgeToken, signInLimits } from '../admin/limits.ts'
import { ownPath } from './act.ts'
import { html } from './document.tsx'
import { type Door, SESSION_SECONDS } from './door.ts'
import { SignIn } from './layout.tsx'

type Incoming = Context<AdminEnv>

/** Browsers send cookies to every port of a host: gateways beside each other each have their own. */
const nameOf = (c: Incoming) => `didgate_console_${new URL(c.req.url).port || 'web'}`

export const cookieOf = (c: Incoming): string | undefined => getCookie(c, nameOf(c))

function give(c: Incoming, id: string, maxAge: number): void {
  const secure = new URL(c.req.url).protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https'
  setCookie(c, nameOf(c), id, { path: '/', httpOnly: true, sameSite: 'Strict', maxAge, secure })
}

/** Whose forms the page's are. Without a token a browser gets an id the first time that it comes. */
export function keepStranger(c: Incoming, { token }: AdminContext, door: Door): string {
  const given = cookieOf(c)
  if (token !== undefined) return given ?? ''
  const id = door.strangerId(given)
  if (id !== given) give(c, id, SESSION_SECONDS)
  return id
}

function refused(c: Incoming, next: string, error: unknown) {
  if (isFault(error, 'unauthenticated')) {
    return html(c, <SignIn next={next} message="That is not the admin token." />, 401)
  }
  if (!isFault(error, 'rate_limited')) throw error
  const { retrySeconds } = error.details
  c.header('retry-after', String(retrySeconds))
  return html(c, <SignIn next={next} message={`Too many attempts: wait ${retrySeconds} seconds.`} />, 429)
}

/** Sign-in and sign-out, and nobody past them without a session where there is a token. */
export function addEntrance(app: Hono<AdminEnv>, context: AdminContext, door: Door): void {
  const { token } = context
  const limited = signInLimits(context)
  /** A named token that was revoked lets nobody in any more. */
  const whoIs = async (c: Incoming): Promise<Shown | undefined> => {
    const who = door.whoIs(cookieOf(c))
    return who?.tokenId === undefined || (await context.core.adminTokens.isGood(who.tokenId)) ? who : undefined
  }
  const nextOf = (text: string | undefined) => ownPath(text ?? '') ?? '/console'
  app.get('/sign-in', async c => {
    if (token === undefined || (await whoIs(c))) return c.redirect('/console', 303)
    return html(c, <SignIn next={nextOf(c.req.query('next'))} />)
  })
  app.post('/sign-in', async c => {
    const form = await c.req.formData()
    const next = nextOf(String(form.get('next') ?? ''))
    const given = String(form.get('token') ?? '')
    try {
      const who = await judgeToken(c, limited, given, () => whoseToken(context, given))
      give(c, door.enter(who), SESSION_SECONDS)
    } catch (error) {
      return refused(c, next, error)
    }
    return c.redirect(next, 303)
  })
  app.use(async (c, next) => {
    const who = token === undefined ? undefined : await whoIs(c)
    c.set('administrator', who?.administrator)
    if (token === undefined || who) return next()
    const { pathname, search } = new URL(c.req.url)
    if (c.req.method === 'GET' && c.req.header('hx-request') === undefined) {
      return c.redirect(`/console/sign-in?next=${encodeURIComponent(`${pathname}${search}`)}`, 303)
    }
    return html(c, <SignIn next="/console" message="The session is over: sign in again." />, 401)
  })
  app.post('/sign-out', async c => {
    const id = cookieOf(c) ?? ''
    if (!door.isCsrf(id, String((await c.req.formData()).get('_csrf') ?? ''))) return c.redirect('/console', 303)
    door.leave(id)
    give(c, '', 0)
    return c.redirect(token === undefined ? '/console' : '/console/sign-in', 303)
  })
}
