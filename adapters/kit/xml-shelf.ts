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
}

/** One of them. */
export interface XmlItem extends XmlRun {
  /** The same bytes, in another place. */
  move(format: Format, bytes: Uint8Array): void
}

const encode = (text: string) => new TextEncoder().encode(text)
const COMMA = encode(',')

export function prepareItem(name: string, tree: () => XmlNode): XmlItem {
  const kept = new Map<Format, Uint8Array>()
  return {
    name,
    count: 1,
    bytes(format) {
      const bytes = kept.get(format) ?? renderElement(tree(), format)
      kept.set(format, bytes)
      return bytes
    },
    move: (format, bytes) => void kept.set(format, bytes),
  }
}

/** Items in one buffer, of which they become parts: a few large pieces are sent much faster than many small ones. */
export function prepareRun(name: string, items: readonly XmlItem[]): XmlRun {
  const kept = new Map<Format, Uint8Array>()
  return {
    name,
    count: items.length,
    bytes(format) {
      const bytes = kept.get(format) ?? joinItems(items, format)
      kept.set(format, bytes)
      return bytes
    },
  }
}

function joinItems(items: readonly XmlItem[], format: Format): Uint8Array {
  const runs = joined(items, format)
  const bytes = Buffer.concat(runs)
  const gap = format === 'json' ? COMMA.byteLength : 0
  let start = 0
  for (const item of items) {
    const end = start + item.bytes(format).byteLength
    item.move(format, bytes.subarray(start, end))
    start = end + gap
  }
  return bytes
}

function joined(runs: readonly XmlRun[], format: Format): Uint8Array[] {
  return runs.flatMap((run, index) =>
    format === 'json' && index > 0 ? [COMMA, run.bytes(format)] : [run.bytes(format)],
  )
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
      return [encode(open), ...joined(filled, format), encode(close)]
    },
  }
}
