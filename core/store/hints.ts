import { CompiledQuery } from 'kysely'

/** What a connection may make use of beyond text and parameters; those of SQLite have no need to. */
export interface Hints {
  /** Of a text that comes again and again, whose plan depends on no parameter: it is planned once for a connection. */
  name?: string | undefined
  /** Nobody waits for the answer. */
  isLater?: boolean
  /** What it means when the statement divides by zero, as those do that miss a row they must change. */
  otherwise?: (() => unknown) | undefined
  /** An INSERT of nothing but values: with others that come next to it, it may be one statement. */
  isInsert?: boolean
}

const HINTS = Symbol('hints')

type Hinted = CompiledQuery & { readonly [HINTS]?: Hints }

export function hinted<T>(query: CompiledQuery<T>, hints: Hints): CompiledQuery<T> {
  return { ...query, [HINTS]: { ...hintsOf(query), ...hints } } as Hinted as CompiledQuery<T>
}

const NONE: Hints = {}

export const hintsOf = (query: CompiledQuery): Hints => (query as Hinted)[HINTS] ?? NONE

/** A text that is known beforehand. */
export function named<T>(name: string, text: string, parameters: readonly unknown[] = []): CompiledQuery<T> {
  return hinted(CompiledQuery.raw(text, [...parameters]) as CompiledQuery<T>, { name })
}
