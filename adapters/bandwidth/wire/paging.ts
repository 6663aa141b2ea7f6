/** Lists are walked by their first entry: `page` is 1, or the id or number that the page begins with. */
import type { Inbound } from '../../kit/dialect.ts'
import { wholeNumber } from '../../kit/paging.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { refuse } from '../faults.ts'
import { doc, el } from './nodes.ts'

export interface PageAsked {
  /** Undefined: from the beginning. */
  start: string | undefined
  size: number
}

export function queryText({ fields }: Inbound, name: string): string | undefined {
  const found = Object.entries(fields).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
  return typeof found === 'string' && found.trim() !== '' ? found.trim() : undefined
}

interface PageRules {
  most: number
  /** Of a request that names no size; none: page and size are both needed. */
  usual?: number
}

/** Faults: invalid_input (1003, 1006). */
export function pageOf(inbound: Inbound, { most, usual }: PageRules): PageAsked {
  const [page, size] = [queryText(inbound, 'page'), queryText(inbound, 'size')]
  if (usual === undefined && page === undefined) refuse(1003, 'page is required')
  if (usual === undefined && size === undefined) refuse(1003, 'size is required')
  const number = wholeNumber(size ?? usual)
  if (number === undefined || number < 1 || number > most) {
    return refuse(1006, `size must be between 1 and ${most} (bounds are included)`)
  }
  return { start: page === undefined || page === '1' ? undefined : page, size: number }
}

/** Below the mount, as the client called it. */
export function here({ base, pathname }: Inbound): string {
  return base + pathname
}

function link(inbound: Inbound, page: string, size: number, rel: string): string {
  const kept = inbound.query.filter(([name]) => !['page', 'size'].includes(name.toLowerCase()))
  const query = new URLSearchParams([['page', page], ['size', String(size)], ...kept])
  return `Link=<${here(inbound)}?${query}>;rel="${rel}";`
}

/** `next`: what the next page begins with. */
export function linksNode(inbound: Inbound, size: number, next: string | undefined): XmlNode {
  const after = next === undefined ? undefined : link(inbound, next, size, 'next')
  return doc('Links', el('first', link(inbound, '1', size, 'first')), el('next', after))
}
