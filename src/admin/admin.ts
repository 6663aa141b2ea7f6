import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Fault } from '../../core/ground/fault.ts'
import { type Api, createConsole } from '../console/console.tsx'
import { accounts } from './accounts.ts'
import { adminTokens } from './admin-tokens.ts'
import { calls, isLines } from './calls.ts'
import { clock } from './clock.ts'
import type { AdminApp, AdminContext, AdminEnv } from './context.ts'
import { credentials } from './credentials.ts'
import { deliveries } from './deliveries.ts'
import { organizations, trunks, users } from './directory.ts'
import { addDocs } from './docs.ts'
import { documents } from './documents.ts'
import { events } from './events.ts'
import { exportRoutes } from './exports.ts'
import { answerFault, missing } from './faults.ts'
import { faultsOnDemand } from './faults-on-demand.ts'
import { guard } from './guard.ts'
import { handling } from './handling.ts'
import { holds } from './holds.ts'
import { invariants } from './invariants.ts'
import { ledger } from './ledger.ts'
import { limitAddress } from './limits.ts'
import { numbers } from './numbers.ts'
import { orders } from './orders.ts'
import { overview } from './overview.ts'
import { papers } from './papers.ts'
import { profiles } from './profiles.ts'
import { received } from './received.ts'
import { requests } from './requests.ts'
import type { Incoming, Route } from './route.ts'
import { search } from './search.ts'
import { sessions } from './sessions.ts'
import { snapshots } from './snapshots.ts'
import { contextOf, spaceOf, spaces } from './spaces.ts'
import { verifications } from './verifications.ts'

/** The nouns of the admin plane: a new one is one file and one word here. */
export const adminRoutes: readonly Route[] = [
  ...overview,
  ...invariants,
  ...clock,
  ...snapshots,
  ...search,
  ...spaces,
  ...numbers,
  ...handling,
  ...calls,
  ...accounts,
  ...ledger,
  ...credentials,
  ...organizations,
  ...users,
  ...sessions,
  ...adminTokens,
  ...trunks,
  ...deliveries,
  ...papers,
  ...documents,
  ...orders,
  ...profiles,
  ...verifications,
  ...holds,
  ...events,
  ...exportRoutes,
  ...faultsOnDemand,
  ...requests,
  ...received,
]

const BODY_BYTES = 1_048_576

/** In the path of a URL; as it came, since the path of a request is decoded. */
const HAS_NUL = /^[^?#]*%00/

export function createAdmin(context: AdminContext): AdminApp {
  const app: AdminApp = new Hono<AdminEnv>()
  app.use(limitAddress(context))
  addProbes(app, context)
  const api: AdminApp = new Hono<AdminEnv>()
  const limited = bodyLimit({
    maxSize: BODY_BYTES,
    onError: () => answerFault(new Fault('body_too_large', { limit: BODY_BYTES })),
  })
  // what streams through may be of any size
  const streams = ({ path, raw }: { path: string; raw: Request }) =>
    path.endsWith('/numbers/import') || (path.endsWith('/calls') && isLines(raw))
  api.use(async (c, next) => (isBare(c) || streams(c.req) ? next() : limited(c, next)))
  api.use(async (c, next) => {
    // no name of anything has it, and PostgreSQL will not even look
    const { method, path, raw } = c.req
    if (HAS_NUL.test(raw.url)) throw new Fault('unknown_operation', { name: `${method} ${path}` })
    await next()
  })
  api.use(async (c, next) => {
    const why = await context.whyNotReady()
    if (why === undefined) return next()
    return c.json({ error: { code: 'not_ready', message: why } }, 503)
  })
  // answers hold secrets, and who has bought what: nobody keeps them
  api.use(async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
  })
  for (const each of adminRoutes) addRoute(api, context, each)
  app.use('/admin/v1/*', guard(context)).route('/admin/v1', api)
  addDocs(app, context, adminRoutes)
  app.get('/', c => c.redirect('/console'))
  app.route('/console', createConsole(context, apiAlone(api, context)))
  app.notFound(c => answerFault(new Fault('unknown_operation', { name: `${c.req.method} ${c.req.path}` })))
  app.onError(error => answerFault(toFault(error, context)))
  return app
}

/** The API itself, for pages of this process that have asked who is there. */
function apiAlone(api: AdminApp, context: AdminContext): Api {
  const app: AdminApp = new Hono<AdminEnv>()
  app.route('/admin/v1', api)
  app.notFound(c => answerFault(new Fault('unknown_operation', { name: `${c.req.method} ${c.req.path}` })))
  app.onError(error => answerFault(toFault(error, context)))
  return (request, administrator) => app.fetch(request, { administrator })
}

/** Off a socket, without a body: there is nothing to limit. */
function isBare({ env }: Incoming): boolean {
  const headers = env?.incoming?.headers
  return (
    headers !== undefined && (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined
  )
}

/** For the program's own world, and below a space's name for that one. */
function addRoute(api: AdminApp, context: AdminContext, each: Route): void {
  api.on(each.method, each.path, c => each.run(context, c))
  if (each.path.startsWith('/spaces') || each.words.ofGateway) return
  api.on(each.method, `/spaces/:space${each.path}`, async c => {
    const space = spaceOf(context, c)
    try {
      return await each.run(await contextOf(context, space), c)
    } catch (error) {
      throw space.isClosed() ? missing('space', space.name) : error
    }
  })
}

/** Probes never need a token: whoever asks for them has none. */
function addProbes(app: AdminApp, context: AdminContext): void {
  const { metrics, figures, whyNotReady } = context
  app.get('/healthz', c => c.json({ ok: true }))
  app.get('/readyz', async c => {
    const why = await whyNotReady()
    return why === undefined ? c.json({ ok: true }) : c.json({ ok: false, reason: why }, 503)
  })
  app.get('/metrics', guard(context), async c => {
    const text = [await metrics.text(), await figures?.text()].filter(Boolean).join('\n')
    return c.text(text, 200, { 'content-type': metrics.contentType })
  })
}

function toFault(error: unknown, { log }: AdminContext): Fault {
  if (error instanceof Fault) return error
  const reference = randomUUID()
  log.error({ err: error, reference }, 'admin call failed')
  return new Fault('internal', { reference })
}
