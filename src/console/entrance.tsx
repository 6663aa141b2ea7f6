import type { Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { AdminContext, AdminEnv } from '../admin/context.ts'
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

/** Sign-in and sign-out, and nobody past them without a session where there is a token. */
export function addEntrance(app: Hono<AdminEnv>, { token }: AdminContext, door: Door): void {
  const peerOf = (c: Incoming) => c.env.incoming?.socket.remoteAddress ?? ''
  const nextOf = (text: string | undefined) => ownPath(text ?? '') ?? '/console'
  app.get('/sign-in', c => {
    if (token === undefined || door.isOpen(cookieOf(c))) return c.redirect('/console', 303)
    return html(c, <SignIn next={nextOf(c.req.query('next'))} />)
  })
  app.post('/sign-in', async c => {
    const form = await c.req.formData()
    const next = nextOf(String(form.get('next') ?? ''))
    const wait = door.locked(peerOf(c))
    if (wait > 0) {
      c.header('retry-after', String(wait))
      return html(c, <SignIn next={next} message={`Too many attempts: wait ${wait} seconds.`} />, 429)
    }
    const id = door.enter(peerOf(c), String(form.get('token') ?? ''))
    if (id === undefined) return html(c, <SignIn next={next} message="That is not the admin token." />, 401)
    give(c, id, SESSION_SECONDS)
    return c.redirect(next, 303)
  })
  app.use(async (c, next) => {
    if (token === undefined || door.isOpen(cookieOf(c))) return next()
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
