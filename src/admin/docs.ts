import type { Context, MiddlewareHandler } from 'hono'
import { etag } from 'hono/etag'
import { packageVersion } from '../config/package-files.ts'
import { dialectModules } from '../dialects.ts'
import { actionsPage } from '../reference/actions-page.ts'
import { adminOpenApi } from '../reference/admin.ts'
import { assetOf } from '../reference/assets.ts'
import { createLibrary } from '../reference/library.ts'
import { indexPage, POLICY, scalarPage } from '../reference/pages.ts'
import type { AdminApp, AdminContext, AdminEnv } from './context.ts'
import { missing } from './faults.ts'
import { guard } from './guard.ts'
import type { Route } from './route.ts'
import { addTry } from './try.ts'

type Incoming = Context<AdminEnv>

const OURS = { dialect: 'admin', title: 'Admin API', kind: 'rest' } as const

const headers: MiddlewareHandler<AdminEnv> = async (c, next) => {
  await next()
  if (c.res.status === 401) c.header('www-authenticate', 'Basic realm="didgate docs", charset="UTF-8"')
  c.header('content-security-policy', POLICY)
  c.header('x-content-type-options', 'nosniff')
  c.header('referrer-policy', 'no-referrer')
  // a new version of the gateway may answer at the same address
  c.header('cache-control', 'private, no-cache')
}

/** The reference pages, for whom the admin plane is there. */
export function addDocs(app: AdminApp, context: AdminContext, routes: readonly Route[]): void {
  const { dataPlane = '' } = context
  const relay = addTry(app, context)
  const library = createLibrary(dialectModules, dataPlane)
  const named = (c: Incoming) => {
    const name = c.req.param('dialect') ?? ''
    return { name, title: library.titles.find(({ dialect }) => dialect === name) }
  }
  for (const path of ['/docs', '/docs/*']) app.use(path, headers, guard(context, { basic: true }))
  app.use('/docs/assets/*', etag()) // megabytes, which a browser has already
  let ours: ReturnType<typeof adminOpenApi> | undefined
  app.get('/docs', c => c.html(indexPage([...library.titles, OURS])))
  app.get('/docs/', c => c.redirect('/docs'))
  app.get('/docs/assets/:file', sendAsset)
  app.get('/docs/admin', c => c.html(scalarPage(OURS)))
  app.get('/docs/admin/openapi.json', async c => {
    ours ??= adminOpenApi(routes, packageVersion())
    return sendJson(c, await ours)
  })
  app.get('/docs/:dialect', async c => {
    const { name, title } = named(c)
    const list = await library.actions(name)
    if (list) return c.html(actionsPage(list, relay))
    if (!title) throw missing('resource', name)
    return c.html(scalarPage(title, relay))
  })
  app.get('/docs/:dialect/openapi.json', async c => sendJson(c, await library.openApi(named(c).name)))
  app.get('/docs/:dialect/actions.json', async c => sendJson(c, await library.actions(named(c).name)))
}

function sendJson(c: Incoming, document: object | undefined) {
  if (!document) throw missing('resource', c.req.path)
  return c.json(document)
}

async function sendAsset(c: Incoming) {
  const bytes = await assetOf(c.req.param('file') ?? '')
  if (!bytes) throw missing('resource', c.req.path)
  return c.body(bytes, 200, { 'content-type': 'text/javascript; charset=utf-8' })
}
