import { CompiledQuery } from 'kysely'
import { hinted } from './hints.ts'
import type { Engine, Reader, Text } from './store.ts'

/** Longer lists are rare and not worth keeping a text for. */
const MOST_ROWS = 8

/**
 * Statements of the hot paths, whose texts depend on nothing but table, columns and number of rows: written once, not
 * for each request. Everything else goes through Kysely's builders.
 */
export function textOf({ texts, unitRows }: Engine, rows: number, key: string, write: () => string): Text {
  const known = texts.get(key)
  if (known !== undefined) return known
  const isKept = rows <= MOST_ROWS || rows === unitRows
  const text = { text: write(), name: isKept ? `didgate_${texts.size}` : undefined }
  if (isKept) texts.set(key, text)
  return text
}

export const compiled = ({ text, name }: Text, parameters: readonly unknown[]) =>
  hinted(CompiledQuery.raw(text, [...parameters]), { name })

/** The n-th parameter, counted from 0. */
export const marks: Record<Engine['name'], (n: number) => string> = {
  sqlite: () => '?',
  postgres: n => `$${n + 1}`,
}

/** A statement written with `?` for each parameter, whose text does not depend on the request. */
export function written<T>(engine: Engine, text: string, parameters: readonly unknown[]): CompiledQuery<T> {
  const own = textOf(engine, 1, text, () => {
    let n = 0
    return text.replace(/\?/g, () => marks[engine.name](n++))
  })
  return compiled(own, parameters) as CompiledQuery<T>
}

/** What a statement as of `written` returns. */
export async function run<T>(db: Reader, engine: Engine, text: string, parameters: readonly unknown[]): Promise<T[]> {
  return (await db.executeQuery(written<T>(engine, text, parameters))).rows
}
