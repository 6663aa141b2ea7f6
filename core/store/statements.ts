import type { Compilable, CompiledQuery, Insertable, Selectable, Updateable } from 'kysely'
import { hinted } from './hints.ts'
import { type Numbered, takeIds } from './ids.ts'
import { asJson, fromJson } from './json-rows.ts'
import type { Engine, Writer, Writing } from './store.ts'
import type { Tables } from './tables.ts'
import { compiled, marks, textOf } from './texts.ts'

export type Values = Readonly<Record<string, unknown>>

/**
 * A statement whose answer nobody needs. Where answers take time, what comes next does not wait for it: what it fails with
 * is then told by a later statement of the unit, or by its commit.
 */
export async function tell(db: Writer, query: CompiledQuery | Compilable): Promise<void> {
  const ready = 'compile' in query ? query.compile() : query
  await db.executeQuery(hinted(ready, { isLater: true }))
}

/** Where nobody looks at the number of changed rows, the statement fails by itself when they are others. */
function demanding({ sql, parameters, ...query }: CompiledQuery, rows: number): CompiledQuery {
  const mark = `$${parameters.length + 1}`
  const text = `WITH told AS (${sql} RETURNING 1) SELECT 1 / (count(*) = ${mark}::bigint)::int FROM told`
  return { ...query, sql: text, parameters: [...parameters, rows] }
}

/** As `tell`, of a change. `otherwise`: what is thrown when there are other than `rows` rows to be changed. */
export async function demand(
  { db, engine }: Pick<Writing, 'db' | 'engine'>,
  change: CompiledQuery | Compilable,
  rows: number,
  otherwise: () => unknown,
): Promise<void> {
  const ready = 'compile' in change ? change.compile() : change
  const query = engine.name === 'sqlite' ? ready : demanding(ready, rows)
  const { numAffectedRows } = await db.executeQuery(hinted(query, { isLater: true, otherwise }))
  if (numAffectedRows !== undefined && Number(numAffectedRows) !== rows) throw otherwise()
}

/** `tail`: what follows in SQL. All rows have the same columns. */
export function insertion(engine: Engine, table: string, rows: readonly Values[], tail = ''): CompiledQuery {
  const columns = Object.keys(rows[0] ?? {})
  const json = engine.name === 'postgres' && rows.length > 1 ? asJson(rows) : undefined
  if (json) {
    const text = textOf(engine, 1, `insert many ${table} ${columns.join()}${tail}`, () => {
      return `INSERT INTO ${table} (${columns.join(', ')}) ${fromJson(table, columns.join(', '))}${tail}`
    })
    return hinted(compiled(text, json), { isInsert: true })
  }
  const text = textOf(engine, rows.length, `insert ${table} ${columns.join()} ${rows.length}${tail}`, () => {
    const mark = marks[engine.name]
    const places = rows.map((_, row) => `(${columns.map((_, n) => mark(row * columns.length + n)).join(', ')})`)
    return `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${places.join(', ')}${tail}`
  })
  const parameters = rows.flatMap(row => columns.map(column => row[column]))
  return hinted(compiled(text, parameters), { isInsert: true })
}

/** Rows with every column but its id. Returns them as they were written; of none, nothing. */
export async function insertReturning<T extends Numbered>(
  writing: Writing,
  table: T,
  rows: readonly Omit<Selectable<Tables[T]>, 'id'>[],
): Promise<Selectable<Tables[T]>[]> {
  const { db, engine } = writing
  if (rows.length === 0) return []
  const ids = await takeIds(writing, table, rows.length)
  if (ids) {
    const numbered = rows.map((row, n) => ({ id: ids[n], ...row }))
    await tell(db, insertion(engine, table, numbered))
    return numbered as unknown as Selectable<Tables[T]>[]
  }
  const [only] = rows
  if (rows.length === 1 && only) {
    // nothing but its id is news
    const { rows: written } = await db.executeQuery<{ id: number }>(insertion(engine, table, [only], ' RETURNING id'))
    return [{ id: written[0]?.id, ...only }] as unknown as Selectable<Tables[T]>[]
  }
  const { rows: written } = await db.executeQuery(insertion(engine, table, rows as readonly Values[], ' RETURNING *'))
  return written as Selectable<Tables[T]>[]
}

export async function insertRows<T extends keyof Tables & string>(
  { db, engine }: Writing,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): Promise<void> {
  if (rows.length > 0) await tell(db, insertion(engine, table, rows as readonly Values[]))
}

/** Set columns of the number that has this id in this version. `otherwise`: what is thrown when there is none. */
export async function updateNumber(
  writing: Writing,
  where: { id: number; version: number },
  change: Updateable<Tables['numbers']>,
  otherwise: () => unknown,
): Promise<void> {
  const { engine } = writing
  const columns = Object.keys(change)
  const text = textOf(engine, 1, `update numbers ${columns.join()}`, () => {
    const mark = marks[engine.name]
    const set = columns.map((column, n) => `${column} = ${mark(n)}`).join(', ')
    return `UPDATE numbers SET ${set} WHERE id = ${mark(columns.length)} AND version = ${mark(columns.length + 1)}`
  })
  const parameters = [...Object.values(change), where.id, where.version]
  await demand(writing, compiled(text, parameters), 1, otherwise)
}
