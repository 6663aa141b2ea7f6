import { createBodyBudget } from '../../adapters/kit/body-budget.ts'
import { type CallbackTargets, callbackProblem, callbackTargets } from '../../adapters/kit/callback-url.ts'
import type { Dialect, DialectModule } from '../../adapters/kit/dialect.ts'
import type { Core, EventKind } from '../../core/verbs.ts'
import { loadShippedFiles, shippedFile } from '../config/shipped-files.ts'
import type { Limits } from '../limits/limits.ts'
import { realmsOf } from '../realms.ts'
import type { Address } from './address.ts'
import { type Answered, createServe, type Serve, type ServeOptions } from './serve-dialect.ts'

export interface GatewayConfig {
  mode: 'double' | 'production'
  /** Origin with path, if any, without trailing slash; undefined: the one the client used. */
  publicUrl: string | undefined
  /** Believe X-Forwarded-Proto and X-Forwarded-Host. */
  trustProxy: boolean
  /** Private networks that callbacks may go to. */
  callbackNetworks?: readonly string[] | undefined
}

export interface GatewayOptions {
  config: GatewayConfig
  core: Core
  modules: readonly DialectModule[]
  /** Told of every answer of a dialect, unless the call names its own listener. */
  onAnswer?: OnAnswer
  /** Looks at each request, and may answer in its place: see ServeOptions. */
  intercept?: ServeOptions['intercept']
  /** What callers change is written down with them. */
  isTracing?: boolean | undefined
  /** Against floods; undefined: none. */
  limits?: Limits | undefined
  /** What bodies of requests may take at once. */
  bodyBytes?: number
}

type OnAnswer = (answered: Answered, dialect: string) => void

export interface FetchOptions {
  address?: Address | undefined
  /** Where it comes from: see limits/source.ts. Undefined: this process. */
  source?: string | undefined
  onAnswer?: OnAnswer
}

export interface Gateway {
  fetch(request: Request, options?: FetchOptions): Promise<Response>
  dialects: readonly Dialect[]
  /** Where callbacks may go: what dialects check by, and what is sent by. */
  callbackTargets: CallbackTargets
}

interface Served {
  dialect: Dialect
  serve: Serve
}

const READS = new Set(['GET', 'HEAD'])
/** Scheme, user information if any, host name, port, path. */
const PARTS = /^([a-z]+:\/\/)(?:[^/?#]*@)?(([^/?#]*?)(?::\d+)?)(\/[^?#]*)/
/** A client's own id is kept when it is harmless in a log. */
const REQUEST_ID = /^[\w.-]{1,64}$/

/** The parts of a request's URL that tell whom it is for. */
type Place = Pick<URL, 'origin' | 'hostname' | 'pathname'>

/** The URL of a Request is normalised already: it need not be parsed a second time. */
function placeOf({ url }: Request): Place {
  const [, scheme = '', host = '', hostname = '', pathname = ''] = PARTS.exec(url) ?? []
  return { origin: scheme + host, hostname, pathname }
}

/** Public address of a dialect. The configured one has mounts only, even where this request came by a dialect's port. */
function baseOf(request: Request, url: Place, config: GatewayConfig, dialect: string, mount: string, address: Address) {
  const { publicUrl } = config
  if (publicUrl === undefined || address.isOwnOrigin) return originOf(request, url, config) + mount
  return `${publicUrl}${address.prefix ?? ''}/${dialect}`
}

function originOf(request: Request, { origin }: Place, { trustProxy }: GatewayConfig): string {
  if (!trustProxy) return origin
  const url = new URL(origin)
  const listed = (name: string) => (request.headers.get(name) ?? '').split(',').map(each => each.trim())
  const proto = listed('x-forwarded-proto')[0]
  // proxies append what they were asked for: all before the last one is what a client said of itself
  const host = listed('x-forwarded-host').findLast(each => each !== '')
  const scheme = proto === 'http' || proto === 'https' ? `${proto}:` : url.protocol
  return `${scheme}//${host && /^[\w.:[\]-]+$/.test(host) ? host : url.host}`
}

function plain(status: number, body: unknown): Promise<Response> {
  return Promise.resolve(Response.json(body, { status }))
}

function aboutUs(modules: readonly DialectModule[]): Response {
  const lines = modules.map(({ name }) => `/${name}`).join('\n')
  return new Response(`didgate\n\n${lines}\n`, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
}

/** Which dialect a request is for, and where in it: by its own port, by mount, or by host name. */
function createTargets(served: ReadonlyMap<string, Served>, modules: readonly DialectModule[]) {
  const byHost = new Map(modules.flatMap(({ name, hosts }) => hosts.map(host => [host.toLowerCase(), name] as const)))
  return (place: Place, { dialect, prefix = '' }: Address) => {
    // a base URL with a slash at its end, joined with a path that begins with one
    const pathname = place.pathname.slice(prefix.length).replace(/^\/{2,}/, '/') || '/'
    if (dialect !== undefined) return { target: served.get(dialect), mount: prefix, pathname }
    // a name may be written with the root's dot
    const named = byHost.get(place.hostname.toLowerCase().replace(/\.$/, ''))
    if (named !== undefined) return { target: served.get(named), mount: prefix, pathname }
    const name = pathname.split('/', 2)[1] ?? ''
    const rest = pathname.slice(name.length + 1).replace(/^\/{2,}/, '/')
    return { target: served.get(name), mount: `${prefix}/${name}`, pathname: rest === '' ? '/' : rest }
  }
}

/** All dialects over one core. Nothing is kept in the module: many gateways can live in one process. */
export function createGateway(options: GatewayOptions): Gateway {
  const { config, core, modules, onAnswer, bodyBytes, intercept, isTracing, limits } = options
  const dialects = modules.map(module => module.create({ core, mode: config.mode }))
  // a core may be cut down to what answers: whoever makes credentials has the whole of it
  core.credentials?.describe(realmsOf(modules))
  core.outbox.subscribe(dialects.flatMap(dialect => Object.keys(dialect.outbound ?? {}) as EventKind[]))
  const bodies = createBodyBudget(bodyBytes)
  // double mode lets them go to this machine
  const targets = callbackTargets(config.mode === 'double', config.callbackNetworks)
  const shared = { core, bodies, callbackProblem: callbackProblem(targets), intercept, isTracing, limits }
  const served = new Map(
    dialects.map(dialect => [dialect.name, { dialect, serve: createServe({ dialect, ...shared }) }] as const),
  )
  const files = new Map(
    modules.map(({ name, files }) => [name, { type: files?.type ?? '', of: loadShippedFiles(files) }]),
  )
  const targetOf = createTargets(served, modules)
  return {
    dialects,
    callbackTargets: targets,
    fetch(request, options = {}) {
      const startedAt = performance.now()
      const { address = {} } = options
      const url = placeOf(request)
      const { target, mount, pathname } = targetOf(url, address)
      if (!target) {
        if (pathname === '/' && (mount === '/' || mount === `${address.prefix}/`))
          return Promise.resolve(aboutUs(modules))
        return plain(404, { error: 'not_found', message: 'No dialect is mounted here.', mounts: [...served.keys()] })
      }
      const shipped = files.get(target.dialect.name)
      const bytes = READS.has(request.method) ? shipped?.of.get(pathname) : undefined
      if (shipped && bytes) return Promise.resolve(shippedFile(bytes, shipped.type, request.method))
      const sent = request.headers.get('x-request-id') ?? ''
      const requestId = REQUEST_ID.test(sent) ? sent : core.random.guid()
      const base = baseOf(request, url, config, target.dialect.name, mount, address)
      const tell = options.onAnswer ?? onAnswer
      const { source } = options
      const arrival = { request, base, pathname, startedAt, requestId, source }
      return target.serve(arrival, each => tell?.(each, target.dialect.name))
    },
  }
}
