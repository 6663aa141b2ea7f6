import * as v from 'valibot'
import { Fault, type Noun } from '../../../core/ground/fault.ts'
import type { Inbound, Reply } from '../../kit/dialect.ts'
import type { Document } from '../../kit/documents.ts'
import type { Surface } from '../ways/surface.ts'
import { extensionOf, listDocument, type Paged, pagedBy } from '../wire/paging.ts'

/** Every path has at most these; forms and queries are read by hand, because their names depend on nothing else. */
export const input = v.object({
  account: v.optional(v.string(), ''),
  number: v.optional(v.string(), ''),
  sid: v.optional(v.string(), ''),
  country: v.optional(v.string(), ''),
})

export const common = { caller: 'required', evidence: 'E1', input } as const

export const FORM = { form: 'only' } as const

export const on = ({ prefix }: Surface, method: string, rest: string) => `${method} ${prefix}${rest}`

export const notFound = (what: Noun, id: string) => new Fault('not_found', { what, id })

export function one(name: string, value: object, status = 200): Reply {
  return { status, body: { kind: 'one', name, value } as Document }
}

/** Behind or before what the token names; where that is gone, by position. */
function sliceOf<T>(all: readonly T[], { page, size, token }: Paged, sidOf: (each: T) => string): [number, number] {
  const at = token ? all.findIndex(each => sidOf(each) === token.sid) : -1
  if (at < 0) return [page * size, (page + 1) * size]
  return token?.towards === 'next' ? [at + 1, at + 1 + size] : [Math.max(at - size, 0), at]
}

/** A whole short list on its page. */
export function shortList<T>(
  surface: Surface,
  inbound: Inbound,
  name: string,
  item: string,
  all: readonly T[],
  view: (each: T) => object,
) {
  const paged = pagedBy(inbound.fields)
  const sidOf = (each: T) => String((view(each) as { sid?: string }).sid ?? '')
  const [start, end] = sliceOf(all, paged, sidOf)
  const page = { items: all.slice(start, end), hasBefore: start > 0, hasMore: all.length > end }
  return listDocument(surface, inbound, name, item, paged, { ...page, sidOf, view })
}

export { extensionOf }
