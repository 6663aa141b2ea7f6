import { Fault } from '../../ground/fault.ts'
import type { Row } from '../../ground/rows.ts'
import type { Context, RunUnit } from '../../ground/unit.ts'
import type { ImportOptions, ImportReport, Imports, StoredImport } from '../../verbs.ts'
import { foresee } from './forecast.ts'
import { createMessages, toldErrors } from './messages.ts'
import { publish } from './publish.ts'
import { createResolver } from './resolve.ts'
import { type Staging, stage } from './stage.ts'
import { nextLines } from './staged.ts'

async function begin(run: RunUnit, { owned, billing }: ImportOptions): Promise<number> {
  return run(null, async unit => {
    const { id } = await unit.db
      .insertInto('imports')
      .values({
        ...{ status: 'staging', is_owned: owned ? 1 : 0, published_line: 0, imported: 0, created_at: unit.now },
        ...{ billed_elsewhere: billing === 'elsewhere' ? 1 : 0, reason: null },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  })
}

/** In short batches too. */
async function dropRows(run: RunUnit, importId: number): Promise<void> {
  for (let dropped: number | undefined = 0; dropped !== undefined; ) {
    const before: number = dropped
    dropped = await run(null, async unit => {
      const lines = await nextLines(unit, importId, before)
      if (!lines) return undefined
      const rows = unit.db.deleteFrom('import_rows').where('import_id', '=', importId)
      await rows.where('line', '>', before).where('line', '<=', lines.last).execute()
      return lines.last
    })
  }
}

async function discard(run: RunUnit, importId: number, status: StoredImport['status'] = 'refused'): Promise<void> {
  await dropRows(run, importId)
  await run(null, unit => unit.db.updateTable('imports').set({ status }).where('id', '=', importId).execute())
}

/** Faults: conflict (another process gave it up, because it took this one for dead). */
async function beginPublishing(run: RunUnit, importId: number): Promise<void> {
  await run(null, async unit => {
    const { numUpdatedRows } = await unit.db
      .updateTable('imports')
      .set({ status: 'publishing' })
      .where('id', '=', importId)
      .where('status', '=', 'staging')
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) throw new Fault('conflict', { what: 'resource', id: `import ${importId}` })
  })
}

type Rows = Parameters<Imports['run']>[0]

function openStaging(context: Context, importId: number, options: ImportOptions): Staging {
  const terms = { isOwned: options.owned, now: context.clock.now(), billing: options.billing ?? 'asPaid' }
  return {
    ...{ importId, terms, resolver: createResolver(), people: new Map(), staged: 0, unchanged: 0 },
    ...{ errors: createMessages(), notes: createMessages() },
    ...(options.dryRun && options.owned ? { foreseen: foresee(terms) } : {}),
  }
}

async function publishStaged(context: Context, run: RunUnit, staging: Staging, { onProgress }: ImportOptions) {
  const { importId, errors } = staging
  await beginPublishing(run, importId)
  let published = 0
  let late = 0
  await publish(context.store, run, importId, (rows, lateLines) => {
    published += rows
    late += lateLines.length
    for (const { line, message } of lateLines) errors.add(line, message)
    onProgress?.(published, 'published')
  })
  const { imported } = await context.store.read(db =>
    db.selectFrom('imports').select('imported').where('id', '=', importId).executeTakeFirstOrThrow(),
  )
  return { imported, unchanged: published - imported - late }
}

async function importRows(context: Context, run: RunUnit, rows: Rows, options: ImportOptions): Promise<ImportReport> {
  const importId = await begin(run, options)
  const staging = openStaging(context, importId, options)
  try {
    await stage(run, staging, rows, context.store.engine, () => options.onProgress?.(staging.staged, 'staged'))
  } catch (error) {
    await discard(run, importId)
    throw error
  }
  const isRefused = staging.errors.count > 0 && !options.keepGood
  if (isRefused) await discard(run, importId)
  else if (options.dryRun) await discard(run, importId, 'tried')
  const counts = isRefused
    ? { imported: 0, unchanged: 0 }
    : options.dryRun
      ? { imported: staging.staged - staging.unchanged, unchanged: staging.unchanged }
      : await publishStaged(context, run, staging, options)
  const forecast = isRefused ? undefined : await staging.foreseen?.told(context.store)
  return {
    ...counts,
    ...toldErrors(staging.errors),
    ...(staging.notes.count > 0 ? { notes: [...staging.notes.kept] } : {}),
    ...(forecast ? { forecast } : {}),
  }
}

const toImport = (row: Row<'imports'>): StoredImport => ({
  id: row.id,
  status: row.status as StoredImport['status'],
  isOwned: row.is_owned === 1,
  imported: row.imported,
  publishedLine: row.published_line,
  reason: row.reason,
  createdAt: row.created_at,
})

/** Each for itself: one that fails holds up none of the others. */
async function resumeAll(context: Context, run: RunUnit): Promise<number> {
  const open = await context.store.read(db =>
    db.selectFrom('imports').selectAll().where('status', 'in', ['staging', 'publishing']).orderBy('id').execute(),
  )
  let published = 0
  const errors: unknown[] = []
  for (const { id, status } of open) {
    try {
      if (status === 'staging') await discard(run, id)
      else await publish(context.store, run, id, count => (published += count))
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} imports could not be finished`)
  return published
}

export function createImports(context: Context, run: RunUnit): Imports {
  return {
    run: (rows, options) => importRows(context, run, rows, options),
    resume: () => resumeAll(context, run),
    list: ({ limit, offset }) =>
      context.store.read(async db => {
        const rows = await db
          .selectFrom('imports')
          .selectAll()
          .orderBy('id', 'desc')
          .limit(limit)
          .offset(offset)
          .execute()
        const { total } = await db
          .selectFrom('imports')
          .select(e => e.fn.countAll<number>().as('total'))
          .executeTakeFirstOrThrow()
        return { items: rows.map(toImport), total: Number(total) }
      }),
  }
}
