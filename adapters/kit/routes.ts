import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'
import { isStorable } from './charset.ts'
import type { Operation } from './dialect.ts'

export interface PathHabits {
  /** Segment names in any case; values keep theirs. */
  ignoreCase?: boolean
  /** `/x/` is `/x`. */
  trailingSlash?: boolean
  /** `//x` is `/x`. */
  doubleSlash?: boolean
  /** `/:n:rent`: a literal word after a parameter; `%3A` is a colon. */
  literalSuffixes?: boolean
}

/** Where a parameter stands in the path, and the literal text around it. */
interface Parameter {
  name: string
  index: number
  prefix: string
  suffix: string
}

interface Route {
  operation: Operation
  method: string
  /** As the router takes it. */
  path: string
  /** Of the kinds of its segments: in this order, the first that fits is the one that is meant. */
  order: string
  parameters: readonly Parameter[]
}

export interface Found {
  operation: Operation
  path: Readonly<Record<string, string>>
}

export interface Routes {
  find(method: string, pathname: string): Found | undefined
  /** Methods that this path knows. */
  methods(pathname: string): string[]
}

/** A segment such as `:id`, `:n:rent` or `PN:number`; undefined: a literal one. */
function parameterOf(segment: string, index: number): Parameter | undefined {
  const match = segment.includes(':') ? /^([A-Za-z]*):([A-Za-z]\w*)(:\w+)?$/.exec(segment) : null
  if (!match || (match[1] !== '' && match[3] === undefined && !/^[A-Z]+$/.test(match[1] as string))) return undefined
  return { name: match[2] as string, index, prefix: match[1] as string, suffix: match[3] ?? '' }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A literal segment, or the text around the parameter that it is. */
function pattern(segment: string, parameter: Parameter | undefined, habits: PathHabits): string {
  if (!parameter) return habits.ignoreCase ? segment.toLowerCase() : segment
  const { prefix, suffix, name } = parameter
  if (prefix === '' && suffix === '') return `:${name}`
  const [before, after] = [prefix, suffix].map(text => escaped(habits.ignoreCase ? text.toLowerCase() : text))
  return `:${name}{${before}[^/]+${after}}`
}

/** Literal segments come before parameters, parameters with literal text before plain ones. */
function rank(parameter: Parameter | undefined): string {
  if (!parameter) return '0'
  return parameter.prefix === '' && parameter.suffix === '' ? '2' : '1'
}

/** In one pass and without lists on the way: each gateway does this some hundred times before it answers anything. */
function routeOf(operation: Operation, on: string, habits: PathHabits): Route {
  const [method = '', written = ''] = on.split(' ')
  const parameters: Parameter[] = []
  let path = ''
  let order = ''
  for (const [index, segment] of normalised(written, habits).slice(1).split('/').entries()) {
    const parameter = parameterOf(segment, index)
    if (parameter) parameters.push(parameter)
    path += `/${pattern(segment, parameter, habits)}`
    order += rank(parameter)
  }
  return { operation, method, path, order, parameters }
}

/** A bad escape names nothing we have; neither does what no text may have. */
function decoded(text: string): string {
  try {
    const name = decodeURIComponent(text)
    return isStorable(name) ? name : text
  } catch {
    return text
  }
}

function normalised(pathname: string, habits: PathHabits): string {
  let path = habits.doubleSlash ? pathname.replace(/\/{2,}/g, '/') : pathname
  if (habits.literalSuffixes) path = path.replace(/%3a/gi, ':')
  return habits.trailingSlash && path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

function valuesOf(route: Route, segments: readonly string[]): Record<string, string> {
  const values = route.parameters.map(({ name, index, prefix, suffix }) => {
    const raw = segments[index] ?? ''
    return [name, decoded(raw.slice(prefix.length, raw.length - suffix.length))]
  })
  return Object.fromEntries(values) as Record<string, string>
}

/** Paths that are not matched again; clients come back to a few. */
const MOST_FOUND = 1000
const LONGEST_KEPT = 200

/** Operations by method and path, compiled once. */
export function createRoutes(operations: readonly Operation[], habits: PathHabits): Routes {
  const router = new SmartRouter<Route>({ routers: [new RegExpRouter(), new TrieRouter()] })
  const known = new Set<string>()
  const taken = new Set<string>()
  const routes = operations
    .flatMap(operation => [operation.on].flat().map(on => routeOf(operation, on, habits)))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
  for (const route of routes) {
    const { method, path } = route
    // the later of the two would never be reached
    if (taken.has(`${method} ${path}`)) throw new Error(`two operations on ${method} ${path}`)
    taken.add(`${method} ${path}`)
    router.add(method, path, route)
    known.add(method)
  }
  const first = (method: string, path: string) =>
    known.has(method) ? router.match(method, habits.ignoreCase ? path.toLowerCase() : path)[0][0]?.[0] : undefined
  const look = (method: string, pathname: string): Found | undefined => {
    const path = normalised(pathname, habits)
    const route = first(method, path)
    return route && { operation: route.operation, path: Object.freeze(valuesOf(route, path.split('/').slice(1))) }
  }
  const found = new Map<string, Found>()
  return {
    find(method, pathname) {
      const key = `${method} ${pathname}`
      const again = found.get(key)
      if (again) return again
      const match = look(method, pathname)
      if (found.size >= MOST_FOUND) found.clear()
      if (match && key.length <= LONGEST_KEPT) found.set(key, match)
      return match
    },
    methods: pathname => [...known].filter(method => first(method, normalised(pathname, habits)) !== undefined),
  }
}
