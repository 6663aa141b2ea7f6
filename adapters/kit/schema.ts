/** Helpers for input schemas that several dialects need. */
import * as v from 'valibot'
import { MAX_LIST } from './limits.ts'

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

/** The same schema, in the reference too, with a look at what came before its own. `told` is for the client. */
function first<S extends v.GenericSchema>(schema: S, isWrong: (value: unknown) => boolean, told?: string): S {
  const strict: S = {
    ...schema,
    '~run'(dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) {
      if (!isWrong(dataset.value)) return schema['~run'](dataset, config)
      const message = told === undefined ? {} : { message: told }
      v._addIssue(strict, 'type', dataset as never, config as never, message as never)
      return dataset
    },
  }
  return strict
}

/** A list is of the wrong type: the library's own object schema takes one for an object without members. */
export function noList<S extends v.GenericSchema>(schema: S): S {
  return first(schema, Array.isArray)
}

export function objectOnly<E extends Entries>(entries: E, message?: string): v.ObjectSchema<E, undefined> {
  return noList(v.object(entries, message) as unknown as v.ObjectSchema<E, undefined>)
}

/** A list whose length is looked at before its elements are. */
export function boundedList<S extends v.GenericSchema>(
  item: S,
  most = MAX_LIST,
  message?: string,
): v.ArraySchema<S, undefined> {
  const schema = v.array(item, message) as unknown as v.ArraySchema<S, undefined>
  const isLong = (value: unknown) => Array.isArray(value) && value.length > most
  return first(schema, isLong, `must not have more than ${most} entries`)
}

function isObject(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}

/** What no schema names is not taken along: a body may have thousands of such members. */
function renamed(input: Record<string, unknown>, spelling: ReadonlyMap<string, string>): Record<string, unknown> {
  const known = new Map<string, unknown>()
  for (const sent in input) {
    const name = spelling.get(sent.toLowerCase())
    if (name !== undefined && (name === sent || !Object.hasOwn(input, name))) known.set(name, input[sent])
  }
  return Object.fromEntries(known)
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
