import { Fault } from '../../ground/fault.ts'
import type { Row } from '../../ground/rows.ts'
import type { RunUnit, Unit } from '../../ground/unit.ts'
import { tell } from '../../store/statements.ts'
import type { Store } from '../../store/store.ts'
import type { LineMessage } from '../../verbs.ts'
import { handOver, OF_OWNERS, openWritten, refusalOf, type Takers, takersOf } from './hand-over.ts'
import { isMoved, moveOn, type Turn, takeTurn } from './in-turn.ts'
import { insertNew, type Range } from './new-numbers.ts'
import { insertOwned } from './new-owned.ts'
import { nextLines } from './staged.ts'

interface Published {
  imported: number
  late: LineMessage[]
}

interface Batch extends Published {
  rows: number
}

async function publishStock(unit: Unit, range: Range): Promise<Published> {
  return { imported: await insertNew(unit, range), late: [] }
}

function linesOf(unit: Unit, { id, from, to }: Range) {
  return unit.db
    .selectFrom('import_rows')
    .select(OF_OWNERS)
    .where('import_id', '=', id)
    .where('line', '>', from)
    .where('line', '<=', to)
    .orderBy('line')
    .execute()
}

type OwnedLines = Awaited<ReturnType<typeof linesOf>>

async function dropLines(unit: Unit, { id, from, to }: Range, only?: readonly number[]): Promise<void> {
  let query = unit.db
    .deleteFrom('import_rows')
    .where('import_id', '=', id)
    .where('line', '>', from)
    .where('line', '<=', to)
  if (only) query = query.where('line', 'in', only)
  await tell(unit.db, query)
}

/** New numbers and those that are on the shelf go to their owners in the unit that writes them. */
async function publishOwned(unit: Unit, range: Range, isFree: boolean): Promise<Published> {
  const all = await linesOf(unit, range)
  const takers = await takersOf(unit, all)
  const closed = all.flatMap(line => {
    const message = refusalOf(takers, line)
    return message === undefined ? [] : [{ line: line.line, message }]
  })
  const refused = new Set(closed.map(({ line }) => line))
  if (refused.size > 0) await dropLines(unit, range, [...refused])
  const open = all.filter(({ line }) => !refused.has(line))
  const { taken, late } = await giveOut(unit, range, open, takers, isFree)
  return { imported: taken, late: [...closed, ...late] }
}

async function giveOut(unit: Unit, range: Range, lines: OwnedLines, takers: Takers, isFree: boolean) {
  if (!range.ids) {
    await insertNew(unit, range)
    return handOver(unit, lines, takers, isFree)
  }
  const left = await openWritten(unit, lines, await insertOwned(unit, range, range.ids), takers, isFree)
  const { taken, late } = await handOver(unit, left, takers, isFree)
  return { taken: lines.length - left.length + taken, late }
}

async function publishRange(unit: Unit, file: Row<'imports'>, range: Range): Promise<Published> {
  const isFree = file.billed_elsewhere === 1
  const published = range.isOwned ? await publishOwned(unit, range, isFree) : await publishStock(unit, range)
  await dropLines(unit, range)
  return published
}

/** One short batch; undefined when nothing is left. A restart goes on where the last committed batch ended. */
async function publishNext(unit: Unit, file: Row<'imports'>, turn: Turn): Promise<Batch | undefined> {
  const lines = await nextLines(unit, file.id, turn.from)
  const isOwned = file.is_owned === 1
  const ids = lines && (await takeTurn(unit, file.id, lines, isOwned))
  turn.begun(lines?.last)
  if (!lines) return undefined
  const published = await publishRange(unit, file, { id: file.id, from: turn.from, to: lines.last, isOwned, ids })
  await moveOn(unit, file.id, turn.from, lines.last, published.imported)
  await turn.before
  return { rows: lines.rows, ...published }
}

async function finish(run: RunUnit, importId: number): Promise<void> {
  await run(null, unit => {
    const done = unit.db.updateTable('imports').set({ status: 'done' }).where('id', '=', importId)
    return done.where('status', '=', 'publishing').execute()
  })
}

/** It would come again: a fault, or a value that the database does not take. One that is away or busy is another matter. */
function isFinal(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return error instanceof Fault || (typeof code === 'string' && /^(2[23]\w{3}|SQLITE_CONSTRAINT.*)$/.test(code))
}

async function fail(run: RunUnit, importId: number, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error)
  await run(null, unit =>
    unit.db.updateTable('imports').set({ status: 'failed', reason }).where('id', '=', importId).execute(),
  )
}

async function nextBatch(run: RunUnit, file: Row<'imports'>, turn: Turn) {
  try {
    return await run(null, unit => publishNext(unit, file, turn), { isStep: true })
  } catch (error) {
    await turn.before // what is before it is published all the same
    if (isFinal(error)) await fail(run, file.id, error)
    throw error
  }
}

type OnBatch = (rows: number, late: readonly LineMessage[]) => void

/** Begun, and its lines are told; `told` resolves when it is committed and `onBatch` knows. */
interface UnderWay {
  last: Promise<number | undefined>
  told: Promise<void>
}

function begin(run: RunUnit, file: Row<'imports'>, from: number, before: Promise<void>, onBatch: OnBatch): UnderWay {
  let begun: Turn['begun'] = () => {}
  const known = new Promise<number | undefined>(resolve => {
    begun = resolve
  })
  const told = nextBatch(run, file, { from, begun, before }).then(batch => {
    if (batch) onBatch(batch.rows, batch.late)
  })
  told.catch(() => {}) // told to whoever waits for it next
  return { last: Promise.race([known, told.then(() => known)]), told }
}

/** From where the file is, to its end or to where a unit finds it moved. */
async function publishOn(run: RunUnit, atOnce: number, file: Row<'imports'>, onBatch: OnBatch): Promise<void> {
  let before: Promise<void> = Promise.resolve()
  let latest = before
  try {
    for (let from: number | undefined = file.published_line; from !== undefined; ) {
      const unit = begin(run, file, from, before, onBatch)
      latest = unit.told
      from = await unit.last
      await (atOnce === 1 ? unit.told : before)
      before = unit.told
    }
    await before
  } finally {
    await Promise.allSettled([before, latest])
  }
}

const fileIn = ({ read }: Pick<Store, 'read'>, importId: number) =>
  read(db =>
    db
      .selectFrom('imports')
      .selectAll()
      .where('id', '=', importId)
      .where('status', '=', 'publishing')
      .executeTakeFirst(),
  )

/** Publish what is staged, batch by batch. What can never be finished is marked failed. */
export async function publish(store: Store, run: RunUnit, importId: number, onBatch: OnBatch): Promise<void> {
  const atOnce = store.engine.name === 'postgres' ? 2 : 1
  for (let file = await fileIn(store, importId); file; file = await fileIn(store, importId)) {
    try {
      await publishOn(run, atOnce, file, onBatch)
      await finish(run, importId)
    } catch (error) {
      if (!isMoved(error)) throw error
    }
  }
}
