import { parseObject, type Row } from '../ground/rows.ts'
import type { Context, RunUnit, Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { CoreEvent, EventKind, Outbox, Worded, WordingFailure } from '../verbs.ts'

/** Events expanded per unit: short enough not to hold up buyers. */
const BATCH = 200
/** 2 s doubling to a quarter of an hour: an hour in all, in which a database or a key can be put right. */
const TRIES = 13
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 900_000
/** Rows of one statement. */
const CHUNK = 500

type Word = Parameters<Outbox['expand']>[0]

/** An event and what became of it. */
interface Outcome {
  row: Row<'outbox'>
  worded: Worded
}

const NAMES = ','

function toEvent(row: Row<'outbox'>): CoreEvent {
  return {
    id: row.id,
    kind: row.kind as EventKind,
    accountId: row.account_id,
    at: row.at,
    data: parseObject(row.data),
  }
}

const toldOf = ({ told }: Row<'outbox'>) => (told === '' ? [] : told.split(NAMES))

const nobodyTold = (error: unknown): Worded => {
  const message = error instanceof Error ? error.message : String(error)
  return { deliveries: [], told: [], failed: [{ dialect: '', error: message.slice(0, 300) }] }
}

async function wordOne(row: Row<'outbox'>, word: Word): Promise<Outcome> {
  try {
    return { row, worded: await word(toEvent(row), toldOf(row)) }
  } catch (error) {
    return { row, worded: nobodyTold(error) }
  }
}

/** Those that failed before come when it is their time, behind none and before none. */
function openEvents(db: Reader, now: number): Promise<Row<'outbox'>[]> {
  return db
    .selectFrom('outbox')
    .selectAll()
    .where('is_done', '=', 0)
    .where('try_at', '<=', now)
    .orderBy('try_at')
    .orderBy('id')
    .limit(BATCH)
    .execute()
}

/** Whose deliveries this process may write: another one may have been faster, with all of it or a part. */
async function stillOpen(unit: Unit, outcomes: readonly Outcome[]): Promise<Outcome[]> {
  const ids = outcomes.map(({ row }) => row.id)
  let query = unit.db.selectFrom('outbox').select(['id', 'tries']).where('id', 'in', ids).where('is_done', '=', 0)
  if (unit.engine.skipLocked) query = query.forUpdate().skipLocked()
  const open = new Map((await query.execute()).map(({ id, tries }) => [id, tries]))
  return outcomes.filter(({ row }) => open.get(row.id) === row.tries)
}

export const laneOf = (receiver: string, accountId: number) => `${receiver} ${accountId}`

function rowsOf(unit: Unit, { row, worded }: Outcome) {
  return worded.deliveries.map(delivery => ({
    event_id: row.id,
    account_id: row.account_id,
    dialect: delivery.dialect,
    url: delivery.url,
    method: delivery.method,
    headers: JSON.stringify(delivery.headers),
    body: delivery.body,
    status: delivery.receiver === undefined ? 'recorded' : 'waiting',
    next_attempt_at: delivery.receiver === undefined ? null : unit.now,
    created_at: unit.now,
    lane: delivery.receiver === undefined ? '' : laneOf(delivery.receiver, row.account_id),
  }))
}

/** What could not be worded in the end is kept where people look. */
async function giveUp(unit: Unit, row: Row<'outbox'>, failed: Worded['failed']): Promise<void> {
  for (const { dialect, error } of failed) {
    const nothing = { url: '', method: 'POST', headers: '{}', body: '', lane: '', next_attempt_at: null }
    const { id } = await unit.db
      .insertInto('deliveries')
      .values({
        ...{ event_id: row.id, account_id: row.account_id, dialect, status: 'unworded', created_at: unit.now },
        ...nothing,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const attempt = { delivery_id: id, at: unit.now, status: null, error, duration_ms: 0 }
    await unit.db.insertInto('delivery_attempts').values(attempt).execute()
  }
}

async function postpone(unit: Unit, { row, worded }: Outcome): Promise<WordingFailure[]> {
  const tries = row.tries + 1
  const isLast = tries >= TRIES
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS)
  const failed = worded.failed.map(({ dialect }) => dialect)
  // who is given up is not asked again with another one
  const told = [...toldOf(row), ...worded.told, ...(isLast ? failed : [])].join(NAMES)
  await unit.db
    .updateTable('outbox')
    .set({ tries, told, try_at: unit.now + pause, is_done: isLast ? 1 : 0 })
    .where('id', '=', row.id)
    .execute()
  if (isLast) await giveUp(unit, row, worded.failed)
  const event = { id: row.id, kind: row.kind as EventKind, accountId: row.account_id }
  return worded.failed.map(({ dialect, error }) => ({ event, dialect, error, isLast }))
}

async function settle(unit: Unit, outcomes: readonly Outcome[]): Promise<WordingFailure[]> {
  const mine = await stillOpen(unit, outcomes)
  const rows = mine.flatMap(outcome => rowsOf(unit, outcome))
  for (let at = 0; at < rows.length; at += CHUNK) {
    await unit.db
      .insertInto('deliveries')
      .values(rows.slice(at, at + CHUNK))
      .execute()
  }
  const done = mine.filter(({ worded }) => worded.failed.length === 0).map(({ row }) => row.id)
  if (done.length > 0) await unit.db.updateTable('outbox').set({ is_done: 1 }).where('id', 'in', done).execute()
  const failures: WordingFailure[] = []
  for (const outcome of mine) if (outcome.worded.failed.length > 0) failures.push(...(await postpone(unit, outcome)))
  return failures
}

/** One that cannot be written fails alone, as one that cannot be worded. */
async function settleAlone(run: RunUnit, outcome: Outcome): Promise<WordingFailure[]> {
  try {
    return await run(null, unit => settle(unit, [outcome]))
  } catch (error) {
    return run(null, unit => settle(unit, [{ row: outcome.row, worded: nobodyTold(error) }]))
  }
}

export function createExpand({ store, clock }: Context, run: RunUnit): Outbox['expand'] {
  return async word => {
    const rows = await store.read(db => openEvents(db, clock.now()))
    if (rows.length === 0) return { events: 0, more: false, failures: [] }
    // worded before the unit, because that may need to read
    const outcomes = await Promise.all(rows.map(row => wordOne(row, word)))
    const failures = await run(null, unit => settle(unit, outcomes)).catch(async () => {
      const alone: WordingFailure[] = []
      for (const outcome of outcomes) alone.push(...(await settleAlone(run, outcome)))
      return alone
    })
    return { events: rows.length, more: rows.length === BATCH, failures }
  }
}

/** The event is open again for the dialect that had no words for it; what it says then is listed anew. */
export async function wordAgain(unit: Unit, row: Row<'deliveries'>): Promise<void> {
  const event = await unit.db.selectFrom('outbox').selectAll().where('id', '=', row.event_id).executeTakeFirstOrThrow()
  const told = toldOf(event)
    .filter(name => name !== row.dialect)
    .join(NAMES)
  await unit.db
    .updateTable('outbox')
    .set({ is_done: 0, tries: 0, try_at: unit.now, told })
    .where('id', '=', event.id)
    .execute()
  await unit.db.deleteFrom('delivery_attempts').where('delivery_id', '=', row.id).execute()
  await unit.db.deleteFrom('deliveries').where('id', '=', row.id).execute()
}
