import type { CompiledQuery } from 'kysely'
import { isFault } from './fault.ts'
import { publish } from './imports/publish.ts'
import { createResolver, type Resolver } from './imports/resolve.ts'
import { type ValidRow, validateRow } from './imports/validate.ts'
import type { Context, RunUnit, Unit } from './unit.ts'
import type { ImportReport, Imports } from './verbs.ts'

/** Rows staged per unit: 100 rows of 27 columns stay below every engine's limit of parameters. */
const STAGE = 100
/** More messages than this help nobody. */
const MAX_ERRORS = 1000

interface Staging {
  importId: number
  owned: boolean
  resolver: Resolver
  accounts: Map<number, boolean>
  errors: ImportReport['errors']
  bad: number
  staged: number
  compiled?: CompiledQuery
}

function addError(staging: Staging, line: number, message: string): void {
  staging.bad++
  if (staging.errors.length < MAX_ERRORS) staging.errors.push({ line, message })
}

function checked(staging: Staging, line: number, row: Readonly<Record<string, string>>): ValidRow | undefined {
  try {
    return validateRow(row, staging.owned)
  } catch (error) {
    if (!isFault(error, 'invalid_input')) throw error
    addError(staging, line, error.details.issues[0]?.message ?? 'invalid')
    return undefined
  }
}

async function accountExists(unit: Unit, staging: Staging, id: number): Promise<boolean> {
  const known = staging.accounts.get(id)
  if (known !== undefined) return known
  const row = await unit.db.selectFrom('accounts').select('id').where('id', '=', id).executeTakeFirst()
  staging.accounts.set(id, row !== undefined)
  return row !== undefined
}

async function userFits(unit: Unit, userId: number | null, accountId: number): Promise<boolean> {
  if (userId === null) return true
  const row = await unit.db.selectFrom('users').select('account_id').where('id', '=', userId).executeTakeFirst()
  return row?.account_id === accountId
}

async function ownerFault(unit: Unit, staging: Staging, row: ValidRow): Promise<string | undefined> {
  if (row.owner_id === null) return undefined
  if (!(await accountExists(unit, staging, row.owner_id))) return `account_id: there is no account ${row.owner_id}`
  if (!(await userFits(unit, row.user_id, row.owner_id))) {
    return `user_id: there is no user ${row.user_id} in account ${row.owner_id}`
  }
  return undefined
}

type Pending = { line: number; row: ValidRow }[]

async function stageBatch(unit: Unit, staging: Staging, pending: Pending): Promise<void> {
  const rows = []
  for (const { line, row } of pending) {
    const fault = await ownerFault(unit, staging, row)
    if (fault !== undefined) addError(staging, line, fault)
    else rows.push({ import_id: staging.importId, line, ...row, ...(await staging.resolver.resolve(unit, row)) })
  }
  if (rows.length === 0) return
  staging.staged += rows.length
  if (rows.length === STAGE && staging.compiled) {
    const { compiled } = staging // the same text serves every full batch
    await unit.db.executeQuery({ ...compiled, parameters: rows.flatMap(row => Object.values(row)) })
    return
  }
  const query = unit.db.insertInto('import_rows').values(rows)
  if (rows.length === STAGE) staging.compiled = query.compile()
  await query.execute()
}

/** A number that stands twice in one file is a mistake in it. */
async function findDuplicates(context: Context, staging: Staging): Promise<void> {
  const rows = await context.store.read(db =>
    db
      .selectFrom('import_rows')
      .select(e => ['e164', e.fn.min('line').as('first'), e.fn.max('line').as('last')])
      .where('import_id', '=', staging.importId)
      .groupBy('e164')
      .having(e => e.fn.countAll(), '>', 1)
      .limit(MAX_ERRORS)
      .execute(),
  )
  for (const { e164, first, last } of rows) {
    addError(staging, Number(last), `e164: ${e164} stands on line ${first} already`)
  }
}

async function begin(run: RunUnit, owned: boolean): Promise<number> {
  return run(null, async unit => {
    const { id } = await unit.db
      .insertInto('imports')
      .values({ status: 'staging', is_owned: owned ? 1 : 0, published_line: 0, imported: 0, created_at: unit.now })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  })
}

/** Staged rows go in short batches too. */
async function discard(run: RunUnit, importId: number): Promise<void> {
  for (let more = true; more; ) {
    more = await run(null, async unit => {
      const lines = await unit.db
        .selectFrom('import_rows')
        .select('line')
        .where('import_id', '=', importId)
        .orderBy('line')
        .limit(1000)
        .execute()
      const last = lines.at(-1)
      if (!last) return false
      await unit.db.deleteFrom('import_rows').where('import_id', '=', importId).where('line', '<=', last.line).execute()
      return true
    })
  }
  await run(null, unit =>
    unit.db.updateTable('imports').set({ status: 'refused' }).where('id', '=', importId).execute(),
  )
}

type Rows = Parameters<Imports['run']>[0]
type Options = Parameters<Imports['run']>[1]

async function stage(run: RunUnit, staging: Staging, rows: Rows, options: Options): Promise<void> {
  let pending: Pending = []
  const write = async () => {
    const batch = pending
    pending = []
    if (batch.length > 0) await run(null, unit => stageBatch(unit, staging, batch))
    options.onProgress?.(staging.staged, 'staged')
  }
  for await (const { line, row } of rows) {
    const valid = checked(staging, line, row)
    if (valid) pending.push({ line, row: valid })
    if (pending.length === STAGE) await write()
  }
  await write()
}

async function removeDuplicates(run: RunUnit, staging: Staging): Promise<void> {
  const lines = staging.errors.map(error => error.line)
  if (lines.length === 0) return
  await run(null, unit =>
    unit.db.deleteFrom('import_rows').where('import_id', '=', staging.importId).where('line', 'in', lines).execute(),
  )
}

async function importRows(context: Context, run: RunUnit, rows: Rows, options: Options): Promise<ImportReport> {
  const importId = await begin(run, options.owned)
  const staging: Staging = {
    importId,
    owned: options.owned,
    resolver: createResolver(),
    accounts: new Map(),
    errors: [],
    bad: 0,
    staged: 0,
  }
  try {
    await stage(run, staging, rows, options)
  } catch (error) {
    await discard(run, importId)
    throw error
  }
  await findDuplicates(context, staging)
  if (staging.bad > 0 && !options.keepGood) {
    await discard(run, importId)
    return { imported: 0, unchanged: 0, errors: staging.errors }
  }
  await removeDuplicates(run, staging)
  await run(null, unit =>
    unit.db.updateTable('imports').set({ status: 'publishing' }).where('id', '=', importId).execute(),
  )
  let published = 0
  await publish(run, importId, count => {
    published += count
    options.onProgress?.(published, 'published')
  })
  const { imported } = await context.store.read(db =>
    db.selectFrom('imports').select('imported').where('id', '=', importId).executeTakeFirstOrThrow(),
  )
  return { imported, unchanged: published - imported, errors: staging.errors }
}

export function createImports(context: Context, run: RunUnit): Imports {
  return {
    run: (rows, options) => importRows(context, run, rows, options),
    resume: async () => {
      const open = await context.store.read(db =>
        db.selectFrom('imports').selectAll().where('status', 'in', ['staging', 'publishing']).orderBy('id').execute(),
      )
      let published = 0
      for (const { id, status } of open) {
        if (status === 'staging') await discard(run, id)
        else await publish(run, id, count => (published += count))
      }
      return published
    },
  }
}
