import type { CompiledQuery } from 'kysely'
import { hintsOf, named } from './hints.ts'

/** The server keeps 63 characters of a name. */
export const MOST_JOINED = 8

function textOf(inserts: readonly CompiledQuery[]): string {
  let before = 0
  const parts = inserts.map(({ sql, parameters }) => {
    const shift = before
    before += parameters.length
    return sql.replace(/\$(\d+)/g, (_, n) => `$${Number(n) + shift}`)
  })
  const last = parts.pop()
  return `WITH ${parts.map((part, n) => `i${n} AS (${part})`).join(', ')} ${last}`
}

/**
 * Named inserts of values as one statement: it is planned, sent and answered once. Which of them is written first makes no
 * difference, since what one row must find of another is looked at when the statement ends. `texts`: by name, those that
 * were made before.
 */
export function joined(inserts: readonly CompiledQuery[], texts: Map<string, string>): CompiledQuery {
  const [only] = inserts
  if (inserts.length === 1 && only) return only
  const name = inserts
    .map(each => hintsOf(each).name)
    .join()
    .replaceAll(',didgate', '')
  const text = texts.get(name) ?? textOf(inserts)
  texts.set(name, text)
  const parameters = inserts.flatMap(each => each.parameters)
  return named(name, text, parameters)
}
