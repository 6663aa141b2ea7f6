import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Cursor, Listed, Page } from '../ground/model.ts'

type Key = Cursor['key']

/** One more than asked for tells whether there are more. */
export function rowsOf({ limit, from }: Page): number {
  return from === undefined ? limit : limit + 1
}

/** True: rows are to be read against their order, and turned round. */
export function isBackward({ from }: Page): boolean {
  return typeof from === 'object' && from.side === 'before'
}

/** What lies on the cursor's side, in this order of columns. Undefined: everything does. */
export function beyond(
  { from }: Page,
  columns: readonly RawBuilder<unknown>[],
  descending = false,
): RawBuilder<SqlBool> | undefined {
  if (typeof from !== 'object') return undefined
  const isUp = (from.side === 'after') !== descending
  return sql<SqlBool>`(${sql.join(columns)}) ${isUp ? sql`>` : sql`<`} (${sql.join([...from.key])})`
}

/** The rows of the page in the order of the list, and the cursors of its neighbours, whatever becomes of the rows later. */
export function cutPage<R>(
  page: Page,
  rows: readonly R[],
  keyOf: (row: R) => Key,
): { rows: readonly R[] } & Pick<Listed<R>, 'before' | 'after'> {
  const { limit, offset, from } = page
  if (from === undefined) return { rows }
  const hasMore = rows.length > limit
  const cut = rows.slice(0, limit)
  const shown = isBackward(page) ? cut.reverse() : cut
  const [first, last] = [shown[0], shown.at(-1)]
  const hasBefore = isBackward(page) ? hasMore : offset > 0 || typeof from === 'object'
  const hasAfter = isBackward(page) || hasMore
  return {
    rows: shown,
    ...(first !== undefined && hasBefore && { before: { side: 'before', key: keyOf(first) } }),
    ...(last !== undefined && hasAfter && { after: { side: 'after', key: keyOf(last) } }),
  }
}
