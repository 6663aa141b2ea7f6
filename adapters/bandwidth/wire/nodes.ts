import type { XmlNode } from '../../kit/xml.ts'

export type Content = string | number | boolean | undefined | null | readonly (XmlNode | undefined)[]

/** One element; none for an absent value, because clients make something else of an empty one. */
export function el(name: string, content: Content): XmlNode | undefined {
  if (content === undefined || content === null || content === '') return undefined
  if (typeof content === 'object') return doc(name, ...content)
  return { name, text: String(content) }
}

/** An element that is there, whatever it holds. */
export function doc(name: string, ...children: (XmlNode | undefined)[]): XmlNode {
  return { name, children: children.filter(child => child !== undefined) }
}

/** As many elements of one name as there are values. */
export function each(name: string, values: readonly (string | number)[]): XmlNode[] {
  return values.map(value => ({ name, text: String(value) }))
}

/** A container that is left out when nothing would be in it. */
export function some(name: string, children: readonly (XmlNode | undefined)[]): XmlNode | undefined {
  const there = children.filter(child => child !== undefined)
  return there.length === 0 ? undefined : doc(name, ...there)
}
