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

export type Format = 'xml' | 'json'

/** One element that is spliced in as bytes, in pieces. */
export interface XmlPrepared {
  name: string
  /** The whole element in XML; in JSON its value only, without its name. */
  pieces(format: Format): readonly Uint8Array[]
}

export type XmlNode = XmlLeaf | XmlBranch | XmlPrepared

type JsonImage = string | JsonImage[] | { [name: string]: JsonImage }
type Ordered = Record<string, unknown>

/** What XML 1.0 cannot carry: most control characters, lone surrogates, U+FFFE and U+FFFF. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
/** What is written as it is: neither forbidden nor escaped. Nearly all text is, and one look is cheaper than six. */
const PLAIN = /^[ !#-%'-;=?-~]*$/
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

/** A document with declaration; the namespace, if any, is the default one of its root. In pieces, to be sent one after the other. */
export function renderXml(root: XmlNode, namespace?: string): Uint8Array[] {
  const prepared: XmlPrepared[] = []
  const declaration = { '?xml': [{ '#text': '' }], ':@': { '@_version': '1.0', '@_encoding': 'UTF-8' } }
  const element = ordered(root, prepared)
  const own = namespace === undefined ? {} : { '@_xmlns': namespace }
  const attributes = { ...own, ...(element[':@'] as object | undefined) }
  return xmlPieces([declaration, { ...element, ':@': attributes }], prepared)
}

function xmlPieces(elements: readonly Ordered[], prepared: readonly XmlPrepared[]): Uint8Array[] {
  return splice(
    builder.build(elements),
    new RegExp(`${MARK}(\\d+)${MARK}`),
    prepared.map(each => each.pieces('xml')),
  )
}

/** The JSON image: leaves are strings, empty is `{}`, one child is itself and several are an array. */
export function renderJson(root: XmlNode): Uint8Array[] {
  const prepared: XmlPrepared[] = []
  return jsonPieces({ [root.name]: image(root, prepared) }, prepared)
}

function jsonPieces(value: JsonImage, prepared: readonly XmlPrepared[]): Uint8Array[] {
  return splice(
    JSON.stringify(value),
    new RegExp(`"${MARK}(\\d+)${MARK}"`),
    prepared.map(each => each.pieces('json')),
  )
}

/** One element alone, for `XmlPrepared`. */
export function renderElement(node: XmlNode, format: Format): Uint8Array {
  if (format === 'xml') return encoder.encode(elementText(node))
  const prepared: XmlPrepared[] = []
  return Buffer.concat(jsonPieces(image(node, prepared), prepared))
}

/** What the builder would write, in a fraction of its time: for elements that come by the hundred thousand. */
function elementText(node: XmlNode): string {
  if (!isPlain(node)) {
    const prepared: XmlPrepared[] = []
    return Buffer.concat(xmlPieces([ordered(node, prepared)], prepared)).toString()
  }
  const { name } = node
  const content =
    'text' in node ? plainText(node.text) : node.children.reduce((text, each) => text + elementText(each), '')
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`
}

function isPlain(node: XmlNode): node is XmlLeaf | XmlBranch {
  if ('text' in node) return node.cdata === undefined
  return 'children' in node && node.attributes === undefined
}

function plainText(text: string): string {
  return PLAIN.test(text) ? text : escapeText(cleanText(text))
}

/** The shape of fast-xml-parser's `preserveOrder`. */
function ordered(node: XmlNode, prepared: XmlPrepared[]): Ordered {
  if ('pieces' in node) return { '#text': hold(node, prepared) }
  if ('text' in node) {
    const text = { '#text': cleanText(node.text) }
    return { [node.name]: [node.cdata ? { '#cdata': [text] } : text] }
  }
  const attributes = Object.entries(node.attributes ?? {}).map(([name, value]) => [`@_${name}`, cleanText(value)])
  const element = { [node.name]: node.children.map(child => ordered(child, prepared)) }
  return attributes.length === 0 ? element : { ...element, ':@': Object.fromEntries(attributes) }
}

function image(node: XmlNode, prepared: XmlPrepared[]): JsonImage {
  if ('pieces' in node) return hold(node, prepared)
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
function splice(text: string, mark: RegExp, pieces: readonly (readonly Uint8Array[])[]): Uint8Array[] {
  if (pieces.length === 0) return [encoder.encode(text)]
  const parts = text.split(mark)
  return parts.flatMap((part, turn) => (turn % 2 === 0 ? encoder.encode(part) : (pieces[Number(part)] ?? [])))
}
