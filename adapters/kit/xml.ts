/**
 * A small ordered tree of XML, and the two ways it is written: XML, and its mechanical JSON image. Both come from the
 * same tree, so that the two formats cannot drift apart.
 */
import { XMLBuilder } from 'fast-xml-parser'

/** An element with text only. */
export interface XmlLeaf {
  name: string
  text: string
  /** Written as a CDATA section. */
  cdata?: true
}

/** An element with child elements only. */
export interface XmlBranch {
  name: string
  attributes?: Readonly<Record<string, string>>
  children: readonly XmlNode[]
}

/** One element that was rendered before, in both formats. */
export interface XmlPrepared {
  name: string
  /** The whole element, tags included. */
  xml: Uint8Array
  /** The value only, without its name. */
  json: Uint8Array
}

export type XmlNode = XmlLeaf | XmlBranch | XmlPrepared

type JsonImage = string | JsonImage[] | { [name: string]: JsonImage }
type Ordered = Record<string, unknown>

/** What XML 1.0 cannot carry: most control characters, lone surrogates, U+FFFE and U+FFFF. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
/** Marks the place of a prepared element. Text cannot contain it, because U+FFFE is dropped from all text. */
const MARK = '\ufffe'

const encoder = new TextEncoder()

const builder = new XMLBuilder({
  preserveOrder: true,
  ignoreAttributes: false,
  suppressEmptyNode: true,
  textNodeName: '#text',
  cdataPropName: '#cdata',
  processEntities: false,
  tagValueProcessor: (_name, value) => escapeText(String(value)),
  attributeValueProcessor: (_name, value) => escapeText(String(value)),
})

export function leaf(name: string, value: string | number | boolean): XmlLeaf {
  return { name, text: String(value) }
}

export function branch(
  name: string,
  children: readonly XmlNode[] = [],
  attributes?: Readonly<Record<string, string>>,
): XmlBranch {
  return { name, children, ...(attributes && { attributes }) }
}

/** Drop the characters that XML 1.0 forbids. */
export function cleanText(text: string): string {
  return text.replace(FORBIDDEN, '')
}

/** A carriage return must be a reference: parsers turn a literal one into a line feed. */
function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
}

/** A document with declaration, the namespace as the default one of its root. In pieces, to be sent one after the other. */
export function renderXml(root: XmlNode, namespace: string): Uint8Array[] {
  const prepared: XmlPrepared[] = []
  const declaration = { '?xml': [{ '#text': '' }], ':@': { '@_version': '1.0', '@_encoding': 'UTF-8' } }
  const element = ordered(root, prepared)
  const attributes = { '@_xmlns': namespace, ...(element[':@'] as object | undefined) }
  const text = builder.build([declaration, { ...element, ':@': attributes }])
  return splice(
    text,
    new RegExp(`${MARK}(\\d+)${MARK}`),
    prepared.map(each => each.xml),
  )
}

/** The JSON image: leaves are strings, empty is `{}`, one child is itself and several are an array. */
export function renderJson(root: XmlNode): Uint8Array[] {
  const prepared: XmlPrepared[] = []
  const text = JSON.stringify({ [root.name]: image(root, prepared) })
  return splice(
    text,
    new RegExp(`"${MARK}(\\d+)${MARK}"`),
    prepared.map(each => each.json),
  )
}

/** Render one element now, to be spliced into documents later. */
export function prepare(node: XmlLeaf | XmlBranch): XmlPrepared {
  const xml = builder.build([ordered(node, [])])
  return { name: node.name, xml: encoder.encode(xml), json: encoder.encode(JSON.stringify(image(node, []))) }
}

/** A list element around prepared items, all of one name, without rendering them again. */
export function prepareList(name: string, items: readonly XmlPrepared[]): XmlPrepared {
  const xml = [encoder.encode(`<${name}>`), ...items.map(item => item.xml), encoder.encode(`</${name}>`)]
  const [first] = items
  if (!first) return prepare(branch(name))
  const values = items.flatMap((item, index) => (index === 0 ? [item.json] : [encoder.encode(','), item.json]))
  const [open, close] = items.length === 1 ? ['', ''] : ['[', ']']
  const json = [encoder.encode(`{"${first.name}":${open}`), ...values, encoder.encode(`${close}}`)]
  return { name, xml: Buffer.concat(xml), json: Buffer.concat(json) }
}

/** The shape of fast-xml-parser's `preserveOrder`. */
function ordered(node: XmlNode, prepared: XmlPrepared[]): Ordered {
  if ('xml' in node) return { '#text': hold(node, prepared) }
  if ('text' in node) {
    const text = { '#text': cleanText(node.text) }
    return { [node.name]: [node.cdata ? { '#cdata': [text] } : text] }
  }
  const attributes = Object.entries(node.attributes ?? {}).map(([name, value]) => [`@_${name}`, cleanText(value)])
  const element = { [node.name]: node.children.map(child => ordered(child, prepared)) }
  return attributes.length === 0 ? element : { ...element, ':@': Object.fromEntries(attributes) }
}

function image(node: XmlNode, prepared: XmlPrepared[]): JsonImage {
  if ('xml' in node) return hold(node, prepared)
  if ('text' in node) return cleanText(node.text) || {}
  const members: { [name: string]: JsonImage } = {}
  if (node.attributes) members['@attributes'] = { ...node.attributes }
  const byName = new Map<string, JsonImage[]>()
  for (const child of node.children) {
    const value = image(child, prepared)
    const values = byName.get(child.name)
    if (values) values.push(value)
    else byName.set(child.name, [value])
  }
  for (const [name, values] of byName) members[name] = values.length === 1 && values[0] ? values[0] : values
  return members
}

function hold(node: XmlPrepared, prepared: XmlPrepared[]): string {
  return `${MARK}${prepared.push(node) - 1}${MARK}`
}

/** Splitting on a pattern with one group gives text and index by turns. */
function splice(text: string, mark: RegExp, pieces: readonly Uint8Array[]): Uint8Array[] {
  if (pieces.length === 0) return [encoder.encode(text)]
  const parts = text.split(mark)
  return parts.map((part, turn) => (turn % 2 === 0 ? encoder.encode(part) : bytesAt(pieces, part)))
}

function bytesAt(pieces: readonly Uint8Array[], index: string): Uint8Array {
  return pieces[Number(index)] ?? new Uint8Array()
}
