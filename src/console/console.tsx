import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { etag } from 'hono/etag'
import { raw } from 'hono/html'
import { Fault } from '../../core/ground/fault.ts'
import type { AdminContext, AdminEnv } from '../admin/context.ts'
import { wordFault } from '../admin/faults.ts'
import { checkLocal } from '../admin/guard.ts'
import { doCall } from './act.ts'
import { assetOf } from './assets.ts'
import { createClient, isRefusal, refusal } from './client.ts'
import { html, POLICY } from './document.tsx'
import { createDoor, keep } from './door.ts'
import { addEntrance, cookieOf, keepStranger } from './entrance.tsx'
import { Layout, Trouble } from './layout.tsx'
import { consolePages } from './pages.ts'
import { Said } from './parts.tsx'
import { doImport, limitUpload } from './upload.ts'
import type { Notice, Page, Shown, View } from './view.ts'

type Incoming = Context<AdminEnv>
/** The admin API, for whoever asks. */
export type Api = (request: Request, administrator: string | undefined) => Response | Promise<Response>

const FORM_BYTES = 1_048_576
/** Each may hold a form, and is gone with the next page. */
const MOST_NOTICES = 50
/** A thousand lines each. */
const MOST_REPORTS = 20

const headers: MiddlewareHandler<AdminEnv> = async (c, next) => {
  await next()
  c.header('content-security-policy', POLICY)
  c.header('x-content-type-options', 'nosniff')
  // with none at all, forms would be sent without their origin
  c.header('referrer-policy', 'same-origin')
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
}

/** The web console: pages about what the admin API tells, and forms that ask it to do things. `api`: that API itself. */
export function createConsole(world: AdminContext, api: Api): Hono<AdminEnv> {
  const app = new Hono<AdminEnv>()
  const door = createDoor()
  const notices = new Map<string, Notice>()
  const reports = new Map<string, unknown>()
  const limited = bodyLimit({
    maxSize: FORM_BYTES,
    onError: () => {
      throw new Fault('body_too_large', { limit: FORM_BYTES })
    },
  })
  app.use(headers)
  app.onError((error, c) => answerError(c, error, world))
  app.notFound(c => html(c, <Trouble status={404} message="There is no such page." />, 404))
  app.use('/assets/*', etag())
  app.get('/assets/:file', async c => sendAsset(c))
  app.use(async (c, next) => {
    if (world.token === undefined) checkLocal(c.env.incoming?.socket.remoteAddress, c.req.raw)
    await next()
  })
  app.use(async (c, next) => (c.req.path.endsWith('/import') ? next() : limited(c, next)))
  addEntrance(app, world, door)

  const viewOf = (c: Incoming): View => {
    const space = (c.req.param('space') ?? '').slice(1)
    const id = keepStranger(c, world, door)
    const url = new URL(c.req.url)
    return {
      ...{
        c,
        world,
        space,
        admin: createClient(request => api(request, c.get('administrator')), space),
        base: `/console${space && `/~${space}`}`,
      },
      ...{ here: `${url.pathname}${url.search}`, csrf: door.csrf(id), notice: undefined },
      report: reports.get(id),
      isSignedIn: world.token !== undefined,
      query: name => c.req.query(name)?.trim() ?? '',
    }
  }
  const told = (c: Incoming): Notice | undefined => {
    const id = cookieOf(c) ?? ''
    const notice = notices.get(id)
    notices.delete(id)
    return notice
  }
  const show = async (c: Incoming, { show: render }: Page) => {
    const view = viewOf(c)
    const shown = await render(view).catch((error: unknown) => refused(view, error))
    if (shown instanceof Response) return shown
    // a part that is fetched again and again does not use up what is to be told on the page
    if (c.req.header('hx-request') === undefined) view.notice = told(c)
    const { title, body, status } = shown
    // before its frame: what a form on it tells is not told above once more
    const content = await body.toString()
    await nextTurn()
    return html(
      c,
      <Layout view={view} title={title}>
        {raw(content)}
      </Layout>,
      status,
    )
  }
  const changed: MiddlewareHandler<AdminEnv> = async (c, next) => {
    const given = c.req.header('x-csrf-token') ?? (await c.req.formData()).get('_csrf')
    const id = cookieOf(c)
    if (id === undefined || typeof given !== 'string' || !door.isCsrf(id, given)) {
      throw refusal(403, 'This form is not of a page of this session: load the page again.')
    }
    await next()
  }
  for (const base of ['', '/:space{~[\\w.-]+}'] as const) {
    const at = (path: string) => `${base}${path === '' && base === '' ? '/' : path}`
    for (const each of consolePages) app.get(at(each.path), c => show(c, each))
    app.post(at('/import'), limitUpload, changed, async c => {
      const view = viewOf(c)
      const id = cookieOf(c) ?? ''
      const done = await doImport(view)
      if ('report' in done) keep(reports, id, done.report, MOST_REPORTS)
      // a script tells it where it stands, beside the file that is chosen
      else if (c.req.header('x-csrf-token') !== undefined) return c.text(done.notice.text, done.status as 400)
      else keep(notices, id, done.notice, MOST_NOTICES)
      return c.redirect(`${view.base}/import${'report' in done ? '' : '#refused'}`, 303)
    })
    app.post(at('/do'), changed, async c => {
      const view = viewOf(c)
      const { notice, back } = await doCall(view)
      keep(notices, cookieOf(c) ?? '', notice, MOST_NOTICES)
      return c.redirect(back, 303)
    })
  }
  return app
}

/** The page stands with what the admin API said, so that another way can be taken from it. */
function refused(view: View, error: unknown): Shown {
  if (!isRefusal(error)) throw error
  const back = view.here.replace(/\?.*$/, '')
  const body = (
    <>
      <p class="notice bad" role="alert">
        <Said text={error.message} most={2_000} />
      </p>
      <p>
        <a href={back === view.here ? view.base : back}>Back</a>
      </p>
    </>
  )
  return { title: error.status === 404 ? 'Not here' : 'That was refused', body, status: error.status }
}

async function sendAsset(c: Incoming) {
  const asset = await assetOf(c.req.param('file') ?? '')
  if (!asset) return c.notFound()
  // a new version of the gateway may answer at the same address
  return c.body(asset.bytes, 200, { 'content-type': asset.type, 'cache-control': 'private, no-cache' })
}

/** A person reads it: no trace, no reason of ours but where the log tells it. */
function answerError(c: Incoming, error: Error, { log }: AdminContext) {
  if (isRefusal(error)) return html(c, <Trouble status={error.status} message={error.message} />, error.status)
  if (error instanceof Fault) {
    const { status, body } = wordFault(error)
    return html(c, <Trouble status={status} message={body.error.message} />, status)
  }
  const reference = randomUUID()
  log.error({ err: error, reference }, 'console page failed')
  return html(c, <Trouble status={500} message={`It failed here; the log has the reason under ${reference}.`} />, 500)
}
