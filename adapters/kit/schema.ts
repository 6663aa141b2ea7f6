/** Helpers for input schemas that several dialects need. */
import * as v from 'valibot'

type Entries = v.ObjectEntries

/**
 * An object schema whose member names are matched without regard to case, and by other names where `aliases` (other
 * name → ours) has them. Issues name the schema's own spelling. A member sent in the schema's own spelling wins.
 */
export function caseless<E extends Entries>(
  schema: v.ObjectSchema<E, undefined>,
  aliases: Record<string, string> = {},
) {
  const spelling = new Map<string, string>()
  for (const [other, name] of Object.entries(aliases)) spelling.set(other.toLowerCase(), name)
  for (const name of Object.keys(schema.entries)) spelling.set(name.toLowerCase(), name)
  return v.pipe(
    v.unknown(),
    v.transform(input => (isObject(input) ? renamed(input, spelling) : input)),
    schema,
  )
}

/**
 * How a schema is documented where its own type does not tell: everything in a query is text, and lenient fields take
 * anything. It goes before the first transformation of a pipe, and checks nothing.
 */
export function shownAs<T>(json: Readonly<Record<string, unknown>>) {
  return v.metadata<T, Readonly<Record<string, unknown>>>(json)
}

function isObject(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}

function renamed(input: Record<string, unknown>, spelling: ReadonlyMap<string, string>): Record<string, unknown> {
  const known = Object.entries(input).map(([name, value]) => [spelling.get(name.toLowerCase()) ?? name, value] as const)
  const exact = Object.entries(input).filter(([name]) => spelling.get(name.toLowerCase()) === name)
  return Object.fromEntries([...known, ...exact])
}

/**
 * The values of a list in a query, in order: `name=1&name=2`, `name[]=1`, `name[0]=1`. Names are compared without
 * regard to case when `ignoreCase` is set.
 */
export function queryValues(
  query: readonly (readonly [string, string])[],
  name: string,
  { ignoreCase = false } = {},
): string[] {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text)
  const wanted = fold(name)
  return query.flatMap(([key, value]) => (fold(key.replace(/\[\d*\]$/, '')) === wanted ? [value] : []))
}
