/**
 * Elements that are kept rendered: their trees are made when a format is first asked for and not kept, because what
 * they are made from is often much smaller than they are, and nobody may ever ask for the other format.
 */
import { branch, type Format, renderElement, type XmlNode, type XmlPrepared } from './xml.ts'

/** Elements of one name, side by side; in JSON their values, with commas between them. */
export interface XmlRun {
  name: string
  count: number
  bytes(format: Format): Uint8Array
  /** As one piece with the comma that JSON has between this and what precedes it. */
  following(format: Format): Uint8Array
}

/** One of them. */
export interface XmlItem extends XmlRun {
  /** The same bytes, in another place. */
  move(format: Format, bytes: Uint8Array): void
}

const encoder = new TextEncoder()
const encode = (text: string) => encoder.encode(text)
const SEPARATOR = { xml: encode(''), json: encode(',') } as const

export function prepareItem(name: string, tree: () => XmlNode): XmlItem {
  const kept = new Map<Format, Uint8Array>()
  const bytes = (format: Format) => {
    const rendered = kept.get(format) ?? renderElement(tree(), format)
    kept.set(format, rendered)
    return rendered
  }
  return {
    name,
    count: 1,
    bytes,
    following: format => Buffer.concat([SEPARATOR[format], bytes(format)]),
    move: (format, moved) => void kept.set(format, moved),
  }
}

/** Items in one buffer, of which they become parts: a few large pieces are sent much faster than many small ones. */
export function prepareRun(name: string, items: readonly XmlItem[]): XmlRun {
  const kept = new Map<Format, Uint8Array>()
  const following = (format: Format) => {
    const joined = kept.get(format) ?? joinItems(items, format)
    kept.set(format, joined)
    return joined
  }
  // one view, because what is kept of bytes is kept by their identity
  const views = new Map<Format, Uint8Array>()
  const bytes = (format: Format) => {
    const view = views.get(format) ?? following(format).subarray(SEPARATOR[format].byteLength)
    views.set(format, view)
    return view
  }
  return { name, count: items.length, bytes, following }
}

/** Each with its separator before it. */
function joinItems(items: readonly XmlItem[], format: Format): Uint8Array {
  const joined = Buffer.concat(items.flatMap(item => [SEPARATOR[format], item.bytes(format)]))
  let at = 0
  for (const item of items) {
    const start = at + SEPARATOR[format].byteLength
    at = start + item.bytes(format).byteLength
    item.move(format, joined.subarray(start, at))
  }
  return joined
}

/** A list element around runs of elements that all have one name. Nothing is copied. */
export function prepareList(name: string, runs: readonly XmlRun[]): XmlPrepared {
  const filled = runs.filter(({ count }) => count > 0)
  const [first] = filled
  if (!first) return { name, pieces: format => [renderElement(branch(name), format)] }
  const isArray = filled.length > 1 || first.count > 1
  const around = {
    xml: [`<${name}>`, `</${name}>`],
    json: isArray ? [`{"${first.name}":[`, ']}'] : [`{"${first.name}":`, '}'],
  } as const
  return {
    name,
    pieces(format) {
      const [open, close] = around[format]
      const rest = filled.slice(1).map(run => run.following(format))
      return [encode(open), first.bytes(format), ...rest, encode(close)]
    },
  }
}
