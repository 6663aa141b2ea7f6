/** Another key takes the place of the former one: what that sealed is sealed anew, a little at a time. */
import { sql } from 'kysely'
import type { Context, RunUnit, Unit } from '../ground/unit.ts'
import type { Resealed, Sealed } from '../verbs.ts'
import { endChange } from './key-check.ts'

interface Place {
  table: 'users' | 'callback_secrets' | 'idempotency_records'
  /** Primary key. */
  keys: readonly string[]
  column: string
}

/** Everything that is sealed. */
const PLACES: readonly Place[] = [
  { table: 'users', keys: ['id'], column: 'sip_password' },
  { table: 'callback_secrets', keys: ['account_id', 'realm'], column: 'secret' },
  { table: 'idempotency_records', keys: ['account_id', 'key'], column: 'result' },
]
/** Rows of one step: a few milliseconds of ciphers. */
const AT_ONCE = 100

type Row = Record<string, string | number>
type Key = readonly (string | number)[]

const columns = (names: readonly string[]) => sql.join(names.map(name => sql.ref(name)))

async function rowsBehind({ store }: Context, place: Place, after: Key | undefined): Promise<Row[]> {
  const { table, keys, column } = place
  const behind = after ? sql`WHERE (${columns(keys)}) > (${sql.join(after)})` : sql``
  const query = sql<Row>`SELECT ${columns(keys)}, ${sql.ref(column)} AS sealed FROM ${sql.table(table)} ${behind}
    ORDER BY ${columns(keys)} LIMIT ${sql.lit(AT_ONCE)}`
  return (await store.read(db => query.execute(db))).rows
}

/** Guarded by what was read: whoever changed it meanwhile has sealed it with the present key. */
async function put({ db }: Unit, { table, keys, column }: Place, row: Row, sealed: string): Promise<void> {
  const own = sql.join(
    keys.map(key => sql`${sql.ref(key)} = ${row[key]}`),
    sql` AND `,
  )
  await sql`UPDATE ${sql.table(table)} SET ${sql.ref(column)} = ${sealed}
    WHERE ${own} AND ${sql.ref(column)} = ${row.sealed}`.execute(db)
}

/** The row with its text under the present key; undefined: it is under it already. */
function anew({ secrets }: Context, row: Row): { row: Row; sealed: string } | 'unreadable' | undefined {
  const { sealed } = row
  if (typeof sealed !== 'string' || sealed === '') return undefined // of a unit that is not over
  try {
    const again = secrets.anew(sealed)
    return again === undefined ? undefined : { row, sealed: again }
  } catch {
    return 'unreadable' // neither key is its own
  }
}

async function resealPlace(context: Context, run: RunUnit, place: Place, asked: Asked): Promise<Resealed> {
  const done = { resealed: 0, unreadable: 0 }
  for (let after: Key | undefined; !asked.signal?.aborted; ) {
    const rows = await rowsBehind(context, place, after)
    const found = rows.map(row => anew(context, row))
    const old = found.filter(each => each !== undefined && each !== 'unreadable')
    done.unreadable += found.filter(each => each === 'unreadable').length
    done.resealed += old.length
    const write = async (unit: Unit) => {
      for (const { row, sealed } of old) await put(unit, place, row, sealed)
    }
    if (old.length > 0) await run(null, write, { isStep: true })
    asked.onStep?.(old.length)
    const last = rows.at(-1)
    if (rows.length < AT_ONCE || !last) break
    after = place.keys.map(key => last[key] as string | number)
  }
  return done
}

type Asked = NonNullable<Parameters<Sealed['reseal']>[0]>

export function createSealed(context: Context, run: RunUnit): Sealed {
  const { secrets } = context
  return {
    async reseal(asked = {}) {
      const total = { resealed: 0, unreadable: 0 }
      if (!secrets.hasFormer) return { ...total, isOver: true }
      for (const place of PLACES) {
        const { resealed, unreadable } = await resealPlace(context, run, place, asked)
        total.resealed += resealed
        total.unreadable += unreadable
      }
      const isOver = !asked.signal?.aborted && total.unreadable === 0
      if (isOver) await run(null, ({ db }) => endChange(db, secrets.seal))
      return { ...total, isOver }
    },
  }
}
