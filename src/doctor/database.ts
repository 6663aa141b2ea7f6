import { sql } from 'kysely'
import type { Inspection } from '../../core/store/inspect.ts'
import type { SchemaState } from '../../core/store/migrations.ts'
import { checkInvariants, opensAll, sealedTextsOfAny } from '../../core/upkeep/index.ts'
import { whyNotChecked } from '../backup/check.ts'
import type { Config } from '../config/config.ts'
import { knownKeys, nameOfKey } from '../config/key.ts'
import { broken, ok, unknown, type Verdict, warning } from './finding.ts'

const DAY_MS = 86_400_000
/** Two clocks may differ by this; beyond the second, months are charged at the wrong time. */
const DRIFT_MS = 1_000
const WRONG_MS = 60_000
/** A callback is late when it has been due for so long. */
const LATE_MS = 60_000

export function judgeSchema({ version, missing, newer }: SchemaState): Verdict {
  if (newer !== undefined) return broken(newer)
  if (version === undefined)
    return warning('the database is empty: the next start, or didgate migrate, makes its tables')
  if (missing.length === 0) return ok(version)
  return warning(`${version}: the next start, or didgate migrate, runs ${missing.length} migrations`)
}

export async function judgeKey(database: Inspection, config: Config): Promise<Verdict> {
  const sealed = await sealedTextsOfAny(database)
  const keys = knownKeys(config)
  const where = nameOfKey(config)
  if (sealed.length === 0) return ok('nothing is sealed yet')
  if (keys.length === 0) return broken(`the database was sealed with a key, and there is none: ${where} is missing`)
  if (opensAll(sealed, keys) && !opensAll(sealed, keys.slice(0, 1)))
    return warning('the key is being changed: a start with both keys goes on')
  return opensAll(sealed, keys)
    ? ok(`${where} is the one that the database was sealed with`)
    : broken(`${where} is not the one that the database was sealed with`)
}

const apart = (ms: number) => `${(Math.abs(ms) / 1000).toFixed(1)} s`

export async function judgeClock(database: Inspection, { mode }: Config, wall: () => number): Promise<Verdict> {
  const drift = database.engine === 'postgres' ? await driftOf(database, wall) : 0
  if (Math.abs(drift) > DRIFT_MS) {
    const says = `this machine's clock is ${apart(drift)} ${drift > 0 ? 'behind' : 'ahead of'} the database server's`
    return Math.abs(drift) > WRONG_MS ? broken(says) : warning(says)
  }
  const { offset, frozenAt, newest } = await database.read(async db => {
    const row = await db.selectFrom('clock').select(['offset_ms', 'frozen_at']).executeTakeFirst()
    const last = (table: 'number_events' | 'audit_events') =>
      db.selectFrom(table).select('at').orderBy('id', 'desc').limit(1).executeTakeFirst()
    const times = [await last('number_events'), await last('audit_events')].map(event => event?.at ?? 0)
    return { offset: row?.offset_ms ?? 0, frozenAt: row?.frozen_at ?? null, newest: Math.max(...times) }
  })
  const isMoved = offset !== 0 || frozenAt !== null
  if (mode === 'production' && isMoved) return broken('the test clock of this database was moved: not for production')
  const back = newest - (frozenAt ?? wall() + offset)
  if (back > DRIFT_MS) {
    const says = `the newest event is ${apart(back)} in the future: the clock of a machine was set back`
    return back > WRONG_MS ? broken(says) : warning(says)
  }
  return ok(isMoved ? 'the test clock was moved' : 'right beside what is stored')
}

/** How much later it is at the server, milliseconds; less than the question takes is nothing. */
async function driftOf(database: Inspection, wall: () => number): Promise<number> {
  const asked = wall()
  const { now } = await database.read(async db => {
    const { rows } = await sql<{ now: number }>`SELECT
      (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now`.execute(db)
    return rows[0] ?? { now: asked }
  })
  const answered = wall()
  return now < asked ? now - asked : now > answered ? now - answered : 0
}

export async function judgeInvariants(database: Inspection, always: boolean): Promise<Verdict> {
  const why = await whyNotChecked(database, 0, always)
  if (why !== undefined) return unknown(`not checked: ${why}`)
  const { checked, violations } = await database.read(checkInvariants)
  const list = violations.map(({ invariant, name, rows }) => `${invariant} (${name}): ${rows} rows`)
  return list.length === 0 ? ok(`all ${checked} hold`) : broken(list.join('; '))
}

export async function judgeCallbacks(database: Inspection, now: number): Promise<Verdict> {
  const counts = await database.read(async db => {
    const count = async (query: { executeTakeFirstOrThrow(): Promise<{ n: number | string | bigint }> }) =>
      Number((await query.executeTakeFirstOrThrow()).n)
    const deliveries = db.selectFrom('deliveries').select(eb => eb.fn.countAll().as('n'))
    const since = now - DAY_MS
    return {
      failed: await count(deliveries.where('status', 'in', ['failed', 'unworded']).where('created_at', '>', since)),
      trying: await count(deliveries.where('status', '=', 'waiting').where('tries', '>', 0)),
      late: await count(deliveries.where('status', '=', 'waiting').where('next_attempt_at', '<', now - LATE_MS)),
    }
  })
  const words = [
    counts.failed > 0 && `${counts.failed} were given up within a day`,
    counts.trying > 0 && `${counts.trying} failed at least once and are tried again`,
    counts.late > 0 && `${counts.late} have been due for more than a minute`,
  ].filter(word => word !== false)
  return words.length === 0 ? ok('none is failing') : warning(words.join(', '))
}
