/** Pages of lists: links are paths from the root, which clients put behind their own base URL. */

import type { Inbound } from '../../kit/dialect.ts'
import type { Document } from '../../kit/documents.ts'
import { bare } from '../../kit/form-formats.ts'
import { refuse } from '../faults.ts'
import { type Fields, readPage, textOf } from '../fields.ts'
import type { Surface } from '../ways/surface.ts'

export interface Paged {
  page: number
  size: number
  /** Of the last item of the page before, or the first of the page behind. */
  token: { towards: 'next' | 'previous'; sid: string } | undefined
}

const PAGING = new Set(['Page', 'PageSize', 'PageToken'])

/** Faults: invalid_input. */
export function pagedBy(fields: Fields): Paged {
  const { page, size } = readPage(fields)
  const text = textOf(fields, 'PageToken')
  if (text === undefined || text === '') return { page, size, token: undefined }
  const [, word, sid] = /^P([AB])([A-Za-z0-9-]{1,64})$/.exec(text) ?? []
  if (sid === undefined) return badToken()
  return { page, size, token: { towards: word === 'A' ? 'next' : 'previous', sid } }
}

export function badToken(): never {
  return refuse(21481, 'PageToken', 'Invalid page token')
}

/** How links end: as the client asked, but without an extension in XML. */
export function extensionOf({ pathname }: Inbound): string {
  return /\.(json|csv)$/.exec(pathname)?.[0] ?? ''
}

/** The path itself, in front of which a client puts its base URL; its mount is the client's own business. */
function pathOf(surface: Surface, inbound: Inbound): string {
  return bare(inbound.pathname) + surface.listExtension(extensionOf(inbound))
}

export interface Page<T> {
  items: readonly T[]
  hasBefore: boolean
  hasMore: boolean
  sidOf(item: T): string
  view(item: T): object
}

/** Members in the order of a real answer. */
export function listDocument<T>(
  surface: Surface,
  inbound: Inbound,
  name: string,
  item: string,
  paged: Paged,
  list: Page<T>,
): Document {
  const { page, size } = paged
  const filters = inbound.query.filter(([key]) => !PAGING.has(key))
  const link = (at: number, token?: string) => {
    const search = new URLSearchParams([...filters, ['PageSize', String(size)], ['Page', String(at)]])
    if (token !== undefined) search.append('PageToken', token)
    return `${pathOf(surface, inbound)}?${search}`
  }
  const [first, last] = [list.items[0], list.items.at(-1)]
  const isEmpty = first === undefined || last === undefined
  const start = isEmpty ? 0 : page * size
  // what came since the first page was asked for stands before it
  const previous = list.hasBefore && !isEmpty ? link(Math.max(page - 1, 0), `PB${list.sidOf(first)}`) : null
  return {
    kind: 'list',
    name,
    item,
    items: list.items.map(each => list.view(each)) as never,
    around: [
      ['first_page_uri', link(0)],
      ['end', isEmpty ? 0 : start + list.items.length - 1],
      ['previous_page_uri', previous],
      null,
      ['uri', inbound.query.length === 0 ? link(0) : link(page, textOf(inbound.fields, 'PageToken'))],
      ['page_size', size],
      ['start', start],
      ['next_page_uri', list.hasMore && !isEmpty ? link(page + 1, `PA${list.sidOf(last)}`) : null],
      ['page', page],
    ],
  }
}
