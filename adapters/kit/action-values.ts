/** Parameters of an Action call: text, or arrays that are written `Name[key]=value`. */

/**
 * An array parameter, in order of arrival. `next` is the key that `Name[]` gets: one more than the highest there is.
 * `counted` has the keys that came about so: they are places in a list, and name nothing.
 */
export interface ActionArray {
  elements: Map<string, ActionValue>
  next: number
  counted: Set<string>
}

export type ActionValue = string | ActionArray

/** Deeper brackets are taken as part of a plain name, so that no value can exhaust the stack. */
const MAX_DEPTH = 8
const ARRAY_NAME = /^([^[\]]+)((?:\[[^[\]]*\])+)$/
const INDEX = /^\d{1,9}$/

export function isActionArray(value: unknown): value is ActionArray {
  return typeof value === 'object' && value !== null && (value as ActionArray).elements instanceof Map
}

/** One source of parameters: of two with the same name the last wins, at the place of the first. */
export function collect(pairs: readonly (readonly [string, string])[]): Map<string, ActionValue> {
  const source = emptyArray()
  for (const [name, value] of pairs) assign(source, pathOf(name), value)
  return source.elements
}

/** The later source wins, name by name. */
export function merge(...sources: readonly Map<string, ActionValue>[]): [string, ActionValue][] {
  return [...new Map(sources.flatMap(source => [...source]))]
}

/** A view by name that has no inherited members. */
export function byName(values: readonly [string, ActionValue][]): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null)
  for (const [name, value] of values) fields[name] = value
  return fields
}

function emptyArray(): ActionArray {
  return { elements: new Map(), next: 0, counted: new Set() }
}

/** `Name[a][]` is Name, a and the empty key. */
function pathOf(name: string): string[] {
  const [, base, brackets] = ARRAY_NAME.exec(name) ?? []
  if (base === undefined || brackets === undefined) return [name]
  const keys = brackets.slice(1, -1).split('][')
  return keys.length > MAX_DEPTH ? [name] : [base, ...keys]
}

function assign(array: ActionArray, [first = '', ...rest]: readonly string[], value: string, top = true): void {
  const isCounted = first === '' && !top
  const key = isCounted ? String(array.next) : first
  if (isCounted) array.counted.add(key)
  else array.counted.delete(key)
  if (INDEX.test(key)) array.next = Math.max(array.next, Number(key) + 1)
  if (rest.length === 0) {
    array.elements.set(key, value)
    return
  }
  const held = array.elements.get(key)
  const inner = isActionArray(held) ? held : emptyArray()
  array.elements.set(key, inner)
  assign(inner, rest, value, false)
}
