import { CompiledQuery, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Engine, Writer } from './store.ts'
import type { Tables } from './tables.ts'

/** Longer lists are rare and not worth keeping a text for. */
const MOST_ROWS = 8

/**
 * Statements of the hot paths, whose texts depend on nothing but table, columns and number of rows: written once, not
 * for each request. Everything else goes through Kysely's builders.
 */
function textOf({ texts }: Engine, rows: number, key: string, write: () => string): string {
  const known = texts.get(key)
  if (known !== undefined) return known
  const text = write()
  if (rows <= MOST_ROWS) texts.set(key, text)
  return text
}

/** The n-th parameter, counted from 0. */
const marks: Record<Engine['name'], (n: number) => string> = {
  sqlite: () => '?',
  postgres: n => `$${n + 1}`,
}

type Values = Readonly<Record<string, unknown>>

async function insert(db: Writer, engine: Engine, table: string, rows: readonly Values[], tail: string) {
  const columns = Object.keys(rows[0] ?? {})
  const text = textOf(engine, rows.length, `insert ${table} ${columns.join()} ${rows.length}${tail}`, () => {
    const mark = marks[engine.name]
    const places = rows.map((_, row) => `(${columns.map((_, n) => mark(row * columns.length + n)).join(', ')})`)
    return `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${places.join(', ')}${tail}`
  })
  const parameters = rows.flatMap(row => columns.map(column => row[column]))
  return (await db.executeQuery(CompiledQuery.raw(text, parameters))).rows
}

type Numbered = { [T in keyof Tables & string]: Selectable<Tables[T]> extends { id: number } ? T : never }[keyof Tables]

/** At least one row, with every column but its id. Returns them as they were written. */
export async function insertReturning<T extends Numbered>(
  db: Writer,
  engine: Engine,
  table: T,
  rows: readonly Omit<Selectable<Tables[T]>, 'id'>[],
): Promise<Selectable<Tables[T]>[]> {
  const [only] = rows
  if (rows.length === 1 && only) {
    // nothing but its id is news
    const [written] = (await insert(db, engine, table, [only], ' RETURNING id')) as { id: number }[]
    return [{ ...only, id: written?.id }] as unknown as Selectable<Tables[T]>[]
  }
  return (await insert(db, engine, table, rows as readonly Values[], ' RETURNING *')) as Selectable<Tables[T]>[]
}

export async function insertRows<T extends keyof Tables & string>(
  db: Writer,
  engine: Engine,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): Promise<void> {
  await insert(db, engine, table, rows as readonly Values[], '')
}

/** Set columns of the number that has this id in this version. The number of rows changed. */
export async function updateNumber(
  db: Writer,
  engine: Engine,
  where: { id: number; version: number },
  change: Updateable<Tables['numbers']>,
): Promise<number> {
  const columns = Object.keys(change)
  const text = textOf(engine, 1, `update numbers ${columns.join()}`, () => {
    const mark = marks[engine.name]
    const set = columns.map((column, n) => `${column} = ${mark(n)}`).join(', ')
    return `UPDATE numbers SET ${set} WHERE id = ${mark(columns.length)} AND version = ${mark(columns.length + 1)}`
  })
  const parameters = [...Object.values(change), where.id, where.version]
  const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(text, parameters))
  return Number(numAffectedRows ?? 0n)
}

/** A statement written with `?` for each parameter, whose text does not depend on the request. */
export async function run<T>(db: Writer, engine: Engine, text: string, parameters: readonly unknown[]): Promise<T[]> {
  const own = textOf(engine, 1, text, () => {
    let n = 0
    return text.replace(/\?/g, () => marks[engine.name](n++))
  })
  return (await db.executeQuery(CompiledQuery.raw(own, [...parameters]) as CompiledQuery<T>)).rows
}
