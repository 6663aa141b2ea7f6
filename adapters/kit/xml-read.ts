/**
 * Reads XML documents that strangers send: elements and text. Names are matched without regard to case, attributes and
 * processing instructions are passed over, and what a document could do harm with is refused before it is looked at: a
 * document type (and with it every entity of its own), levels, elements. One pass, in time that grows with the length.
 */
import { Fault } from '../../core/ground/fault.ts'
import { table } from './table.ts'

export interface Element {
  /** In lower case. */
  name: string
  children: Element[]
  /** Of the element itself, without that of its children. */
  text: string
}

/** Levels of a document. */
const MOST_LEVELS = 20
/** Elements of a document. */
const MOST_ELEMENTS = 20_000

const NAME = '[A-Za-z_\\u00c0-\\ufffd][\\w.\\u00b7-\\ufffd-]*(?::[A-Za-z_][\\w.-]*)?'
const TAG = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, 'y')
const CLOSE = new RegExp(`</(${NAME})\\s*>`, 'y')
const DECLARATION = /^<\?xml\s[^?>]*\?>/
const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));|&/g
const CHARACTERS = table<string>({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" })
/** What XML 1.0 cannot carry, written out or by reference. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

function refuse(reason: string): never {
  throw new Fault('unreadable_body', { reason })
}

function character(code: number): string {
  const text = code > 0x10ffff ? '\u0000' : String.fromCodePoint(code)
  return FORBIDDEN.test(text) ? refuse('a reference names a character that XML cannot carry') : text
}

function resolved(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(REFERENCE, (whole, decimal?: string, hexadecimal?: string, name?: string) => {
    if (decimal !== undefined) return character(Number(decimal))
    if (hexadecimal !== undefined) return character(Number.parseInt(hexadecimal, 16))
    return name === undefined ? refuse(`${whole} is no reference that is known here`) : (CHARACTERS[name] as string)
  })
}

/** Without the prefix, if there is one. */
const localName = (name: string) => name.slice(name.indexOf(':') + 1).toLowerCase()

interface Reading {
  source: string
  at: number
  /** Those that are open, outermost first, by their names as they were written. */
  open: { element: Element; written: string }[]
  root: Element | undefined
  elements: number
}

/** The text up to the next tag. */
function readText(reading: Reading): void {
  const next = reading.source.indexOf('<', reading.at)
  const end = next < 0 ? reading.source.length : next
  const text = reading.source.slice(reading.at, end)
  reading.at = end
  const inside = reading.open.at(-1)?.element
  if (inside) {
    if (text.includes(']]>')) refuse('"]]>" must not stand in text')
    inside.text += resolved(text)
  } else if (text.trim() !== '') refuse('there is text outside of the root element')
}

function skipTo(reading: Reading, end: string, from: number): string {
  const found = reading.source.indexOf(end, from)
  if (found < 0) refuse(`"${end}" is missing`)
  const content = reading.source.slice(from, found)
  reading.at = found + end.length
  return content
}

const COMMENT = '<!--'
const CDATA = '<![CDATA['

function readSpecial(reading: Reading): void {
  const { source, at } = reading
  if (source.startsWith(COMMENT, at)) {
    const comment = skipTo(reading, '-->', at + COMMENT.length)
    if (comment.includes('--') || comment.endsWith('-')) refuse('"--" must not stand in a comment')
  } else if (source.startsWith(CDATA, at)) {
    const inside = reading.open.at(-1)?.element
    if (!inside) refuse('there is text outside of the root element')
    inside.text += skipTo(reading, ']]>', at + CDATA.length)
  } else if (source.startsWith('<?', at)) {
    if (!/^[A-Za-z_]/.test(source[at + 2] ?? '')) refuse('a processing instruction has no name')
    if (/^xml[\s?]/i.test(source.slice(at + 2, at + 6))) refuse('the declaration must stand first')
    skipTo(reading, '?>', at)
  } else refuse('a document type is not accepted')
}

function readClose(reading: Reading): void {
  CLOSE.lastIndex = reading.at
  const found = CLOSE.exec(reading.source)
  const last = reading.open.pop()
  if (!found || !last || last.written !== found[1]) refuse('an end tag does not fit')
  reading.at = CLOSE.lastIndex
}

function checkAttributes(text: string): void {
  if (text === '') return
  const names = [...text.matchAll(/([^\s="']+)\s*=\s*(?:"[^"]*"|'[^']*')/g)].map(([, name]) => name)
  if (new Set(names).size < names.length) refuse('an attribute is given twice')
  resolved(text)
}

function readOpen(reading: Reading): void {
  TAG.lastIndex = reading.at
  const [, written = '', attributes = '', isEmpty] = TAG.exec(reading.source) ?? refuse('a tag is not well-formed')
  reading.at = TAG.lastIndex
  checkAttributes(attributes)
  const element: Element = { name: localName(written), children: [], text: '' }
  reading.elements += 1
  if (reading.elements > MOST_ELEMENTS) refuse(`there are more than ${MOST_ELEMENTS} elements`)
  if (reading.open.length >= MOST_LEVELS) refuse(`elements stand more than ${MOST_LEVELS} levels deep`)
  const parent = reading.open.at(-1)?.element
  if (parent) parent.children.push(element)
  else if (reading.root) refuse('there is more than one root element')
  else reading.root = element
  if (isEmpty === '') reading.open.push({ element, written })
}

function readNext(reading: Reading): void {
  if (reading.source[reading.at] !== '<') readText(reading)
  else if (reading.source[reading.at + 1] === '/') readClose(reading)
  else if ('!?'.includes(reading.source[reading.at + 1] ?? ' ')) readSpecial(reading)
  else readOpen(reading)
}

/** Faults: unreadable_body. */
export function readXml(source: string): Element {
  if (FORBIDDEN.test(source)) refuse('there are characters that XML cannot carry')
  const declared = DECLARATION.exec(source)?.[0].length ?? 0
  const reading: Reading = { source, at: declared, open: [], root: undefined, elements: 0 }
  while (reading.at < source.length) readNext(reading)
  if (reading.open.length > 0) refuse('an end tag is missing')
  return reading.root ?? refuse('there is no element')
}

/** The first child of this name (in lower case). */
export function childOf(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find(each => each.name === name)
}

/** Trimmed text of the first child of this name; undefined where there is none, or nothing in it. */
export function textOf(element: Element | undefined, name: string): string | undefined {
  return childOf(element, name)?.text.trim() || undefined
}

/** Texts of a list, whether it came in one container or in many. */
export function listOf(element: Element | undefined, container: string, item: string): string[] {
  const containers = element?.children.filter(each => each.name === container) ?? []
  return containers.flatMap(each => each.children.filter(one => one.name === item).map(one => one.text.trim()))
}
