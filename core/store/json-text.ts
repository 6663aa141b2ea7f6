import { type RawBuilder, sql } from 'kysely'
import type { Engine } from './store.ts'

type Members = Readonly<Record<string, RawBuilder<unknown>>>

interface JsonText {
  /** Of all rows; of none `[]`. Text, for us. */
  list(row: RawBuilder<unknown>): RawBuilder<string>
  /** The same as a part of a larger one. */
  rows(row: RawBuilder<unknown>): RawBuilder<unknown>
  array(values: RawBuilder<unknown>): RawBuilder<unknown>
  object(members: Members): RawBuilder<unknown>
}

const named = (members: Members) =>
  sql.join(Object.entries(members).map(([name, value]) => sql`${sql.lit(name)}, ${value}`))

/**
 * Rows as one JSON text, by engine: a hundred values of their own cost more on their way from the database than it takes
 * to find them.
 */
export const jsonText: Readonly<Record<Engine['name'], JsonText>> = {
  sqlite: {
    list: row => sql`json_group_array(${row})`,
    rows: row => sql`json_group_array(${row})`,
    array: values => sql`json_array(${values})`,
    object: members => sql`json_object(${named(members)})`,
  },
  postgres: {
    list: row => sql`coalesce(json_agg(${row})::text, '[]')`,
    rows: row => sql`coalesce(json_agg(${row}), '[]')`,
    array: values => sql`json_build_array(${values})`,
    object: members => sql`json_build_object(${named(members)})`,
  },
}
