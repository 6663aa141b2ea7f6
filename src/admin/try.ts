import { randomBytes } from 'node:crypto'
import { Fault } from '../../core/ground/fault.ts'
import type { AdminApp, AdminContext } from './context.ts'
import { checkLocal } from './guard.ts'

/** Of the page that asks, and of its connection: no client would send them. */
const OF_THE_BROWSER = /^(host|connection|content-length|cookie|origin|referer|sec-.*|x-scalar-.*|accept-encoding)$/

/** What comes back is shown by a script, and never a page of this origin. */
const SHOWN_ONLY = {
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

/**
 * Where pages of the reference send what somebody tries out: on to the data plane of this process, and nowhere else. The
 * requests bear credentials of the dialect, so none of the admin plane can stand beside them: only a page of the
 * reference knows the path. Undefined: nothing can be tried here.
 */
export function addTry(app: AdminApp, { ask, token, dataPlane = '' }: AdminContext): string | undefined {
  if (!ask || dataPlane === '') return undefined
  const path = `/try/${randomBytes(24).toString('base64url')}`
  app.all(path, async c => {
    if (token === undefined) checkLocal(c.env?.incoming?.socket.remoteAddress, c.req.raw)
    const target = c.req.query('scalar_url') ?? ''
    const isForeign = !['cors', 'same-origin', undefined].includes(c.req.header('sec-fetch-mode'))
    if (isForeign || !target.startsWith(`${dataPlane}/`) || !URL.canParse(target)) {
      throw new Fault('forbidden', { reason: 'account' })
    }
    const headers = [...c.req.raw.headers].filter(([name]) => !OF_THE_BROWSER.test(name))
    const { method, body } = c.req.raw
    const answer = await ask(new Request(target, { method, headers, body, duplex: 'half' } as RequestInit))
    const told = new Headers(answer.headers)
    for (const [name, value] of Object.entries(SHOWN_ONLY)) told.set(name, value)
    for (const name of ['set-cookie', 'www-authenticate']) told.delete(name)
    return new Response(answer.body, { status: answer.status, headers: told })
  })
  return path
}
