/**
 * A world that was loaded once is put back as rows from then on: loading it means hashing its passwords and going through
 * every verb, which costs some hundred milliseconds; its rows cost a few.
 */
import { sql } from 'kysely'
import { seededRandom } from '../../core/ground/random.ts'
import { EMPTY_ORDER } from '../../core/store/migrations.ts'
import { openSqliteImage } from '../../core/store/sqlite.ts'
import type { Store } from '../../core/store/store.ts'
import type { Random } from '../../core/verbs.ts'

type Draw = (random: Random) => unknown

/** The draws of the loader are drawn again, so that what follows is the same as after loading. */
export interface ReplayedRandom extends Random {
  drawn: readonly Draw[]
}

export function replayedRandom(seed: string, before: readonly Draw[] = []): ReplayedRandom {
  const random = seededRandom(seed)
  for (const draw of before) draw(random)
  const drawn = [...before]
  const noted = <T>(draw: (random: Random) => T): T => {
    drawn.push(draw)
    return draw(random)
  }
  return {
    drawn,
    bytes: n => noted(each => each.bytes(n)),
    guid: () => noted(each => each.guid()),
    text: (n, alphabet) => noted(each => each.text(n, alphabet)),
  }
}

/** Puts the world back: in the store that it was taken from, or in another one in its place. */
export type PutBack = () => Promise<Store>

/** What the database holds now, to be put back as often as wanted. */
export async function keep(store: Store): Promise<PutBack> {
  return store.engine.name === 'sqlite' ? keepImage(store) : keepRows(store)
}

async function keepImage(store: Store): Promise<PutBack> {
  const image = await store.image()
  return () => openSqliteImage(image)
}

/** Between tests no trigger and no foreign key has anything to say; the version tells gateways to ask again. */
const quietly = (statements: readonly string[]) => `DO $kept$ BEGIN
  SET LOCAL session_replication_role = replica;
  ${statements.join(';\n')};
  UPDATE access_version SET version = version + 1;
END $kept$`

const EMPTYING = [
  ...EMPTY_ORDER.map(table => `DELETE FROM ${table}`),
  // a world's end leaves them, since they open the gateway; here a new gateway begins, whose ids begin again
  'DELETE FROM admin_tokens',
  `PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = current_schema()`,
]

const run = (store: Store, statements: readonly string[]) =>
  store.write(async db => {
    await sql.raw(quietly(statements)).execute(db)
  })

/** As `Store.empty`: few rows are deleted in a tenth of the time that truncating forty tables takes. */
export const emptyRows = (store: Store) => (store.engine.name === 'postgres' ? run(store, EMPTYING) : store.empty())

const text = (value: string) => `'${value.replaceAll("'", "''")}'`

async function keepRows(store: Store): Promise<PutBack> {
  const statements = await store.read(async db => {
    const made: string[] = []
    for (const table of EMPTY_ORDER) {
      const { rows } = await sql<{
        rows: string | null
      }>`SELECT json_agg(t)::text AS rows FROM ${sql.table(table)} t`.execute(db)
      const json = rows[0]?.rows
      if (json) made.push(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, ${text(json)})`)
    }
    const { rows: sequences } = await sql<{ name: string; last: number }>`
      SELECT sequencename AS name, last_value AS last FROM pg_sequences
      WHERE schemaname = current_schema() AND last_value IS NOT NULL`.execute(db)
    return [...made, ...sequences.map(({ name, last }) => `PERFORM setval(${text(name)}, ${last})`)]
  })
  return async () => {
    await run(store, [...EMPTYING, ...statements])
    return store
  }
}
