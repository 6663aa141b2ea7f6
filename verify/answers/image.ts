/** The JSON image of an XML document, the other way round: what is said in JSON can be judged by the grammar. */

export type Image = string | Image[] | { [name: string]: Image }

/** What stands in the parentheses of a JSONP answer. */
export function unwrapped(text: string): string {
  return /^[\w.[\]]+\( (.*) \);$/s.exec(text)?.[1] ?? text
}

/** Leaves are text: a number or null, which no XML could have become, is refused. */
export function toXml(image: { [name: string]: Image }, namespace: string): string {
  const [[root = '', value = {}] = []] = Object.entries(image)
  return element(root, value, ` xmlns="${namespace}"`)
}

function element(name: string, value: Image, attributes = ''): string {
  if (Array.isArray(value)) return value.map(each => element(name, each)).join('')
  if (typeof value === 'string') return `<${name}${attributes}>${escaped(value)}</${name}>`
  if (typeof value !== 'object' || value === null) throw new Error(`${name} is ${String(value)}, a leaf must be text`)
  const { '@attributes': own = {}, ...children } = value
  const list = Object.entries(own).map(([key, each]) => ` ${key}="${escaped(String(each))}"`)
  const content = Object.entries(children).map(([key, each]) => element(key, each))
  return `<${name}${attributes}${list.join('')}>${content.join('')}</${name}>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
