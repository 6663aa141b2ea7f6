import * as v from 'valibot'
import { Fault, type Noun } from '../../../core/ground/fault.ts'
import type { Inbound, Reply } from '../../kit/dialect.ts'
import type { Document } from '../../kit/documents.ts'
import { readPage } from '../fields.ts'
import type { Surface } from '../ways/surface.ts'
import { extensionOf, listDocument, pathOf } from '../wire/paging.ts'

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

/** A whole short list on its page. */
export function shortList<T>(
  inbound: Inbound,
  name: string,
  item: string,
  all: readonly T[],
  view: (each: T) => object,
) {
  const paged = { ...readPage(inbound.fields), token: undefined }
  const start = paged.page * paged.size
  const items = all.slice(start, start + paged.size)
  const hasMore = all.length > start + paged.size
  const sidOf = (each: T) => String((view(each) as { sid?: string }).sid ?? '')
  return listDocument(inbound, name, item, paged, { items, hasMore, sidOf, view })
}

export { extensionOf, pathOf }
