import type { Insertable } from 'kysely'
import { isFault } from '../../ground/fault.ts'
import type { Row } from '../../ground/rows.ts'
import type { RunUnit, Unit } from '../../ground/unit.ts'
import { insertMany } from '../../store/bulk.ts'
import type { Engine } from '../../store/store.ts'
import type { ImportRowTable } from '../../store/tables.ts'
import type { ImportRow, LineMessage } from '../../verbs.ts'
import { createBatches } from './batches.ts'
import type { Foreseen } from './forecast.ts'
import { type Judged, judged, type Pending, type People } from './judge.ts'
import type { Messages } from './messages.ts'
import type { Found, Resolved, Resolver } from './resolve.ts'
import { type Terms, type ValidRow, validateRow } from './validate.ts'

export interface Staging {
  importId: number
  terms: Terms
  resolver: Resolver
  people: People
  errors: Messages
  notes: Messages
  staged: number
  /** Of them, those that change nothing. */
  unchanged: number
  foreseen?: Foreseen
}

type NumberRow = Row<'numbers'>

function checked(staging: Staging, line: number, row: ImportRow): ValidRow | undefined {
  try {
    return validateRow(row, staging.terms)
  } catch (error) {
    if (!isFault(error, 'invalid_input')) throw error
    staging.errors.add(line, error.details.issues[0]?.message ?? 'invalid')
    return undefined
  }
}

/** What a line says of a number that is there already. */
const COMPARED = [
  ...(['country', 'type', 'area_code', 'region', 'city', 'rate_center', 'lata', 'latitude', 'longitude'] as const),
  ...(['postal_code', 'capabilities', 'currency', 'setup_price', 'monthly_price', 'per_minute_price'] as const),
  ...(['channels', 'required_documents'] as const),
]

function noteDifferences(staging: Staging, { line, row }: Pending, known: NumberRow): void {
  const different = COMPARED.filter(column => row[column] !== known[column])
  if (different.length === 0) return
  staging.notes.add(
    line,
    `${row.e164} is there already and stays as it is; this line differs in ${different.join(', ')}`,
  )
}

type StagedRow = Insertable<ImportRowTable>

/** How many were written: a number stands once in a file. */
async function insertStaged(unit: Unit, rows: readonly StagedRow[]): Promise<number> {
  const { written } = await insertMany(unit, 'import_rows', rows, ' ON CONFLICT (import_id, e164) DO NOTHING')
  return written
}

/** Lines whose number stands on an earlier one. */
async function doublesOf(unit: Unit, importId: number, good: readonly Judged[]): Promise<Map<number, string>> {
  const rows = await unit.db
    .selectFrom('import_rows')
    .select(['e164', 'line'])
    .where('import_id', '=', importId)
    .where(
      'e164',
      'in',
      good.map(({ row }) => row.e164),
    )
    .execute()
  const first = new Map(rows.map(row => [row.e164, row.line]))
  const doubles = good.filter(({ line, row }) => first.get(row.e164) !== line)
  return new Map(
    doubles.map(({ line, row }) => [line, `e164: ${row.e164} stands on line ${first.get(row.e164)} already`]),
  )
}

/** Count what was staged, and tell what there is to tell of it. */
function accept(staging: Staging, each: Judged): void {
  staging.staged++
  if (each.verdict === 'take') {
    staging.foreseen?.add(each.row)
    return
  }
  staging.unchanged++
  if (each.known) noteDifferences(staging, each, each.known)
}

/** Lines that are to be kept, with what was found for them. */
interface Prepared {
  good: Judged[]
  refused: LineMessage[]
  found: Found | undefined
}

async function prepare(unit: Unit, staging: Staging, pending: readonly Pending[]): Promise<Prepared> {
  const { good, refused } = await judged(unit, staging.people, pending)
  const rows = good.map(({ row }) => row)
  return { good, refused, found: rows.length > 0 ? await staging.resolver.resolve(unit, rows) : undefined }
}

/** Lines whose number stands on an earlier one are told by line. */
async function keep(unit: Unit, { importId }: Staging, { good, found }: Prepared): Promise<Map<number, string>> {
  if (!found) return NO_DOUBLES
  const { ids } = found
  const rows = good.map(
    ({ line, row }, n): StagedRow => ({ import_id: importId, line, ...row, ...(ids[n] as Resolved) }),
  )
  const written = await insertStaged(unit, rows)
  return written < rows.length ? doublesOf(unit, importId, good) : NO_DOUBLES
}

const NO_DOUBLES: Map<number, string> = new Map()

/** What was found is known from now on. */
function learn(staging: Staging, { refused, found }: Prepared): void {
  for (const { line, message } of refused) staging.errors.add(line, message)
  if (found) staging.resolver.learn(found)
}

function acceptAll(staging: Staging, { good }: Prepared, doubles: ReadonlyMap<number, string>): void {
  for (const each of good) {
    const double = doubles.get(each.line)
    if (double === undefined) accept(staging, each)
    else staging.errors.add(each.line, double)
  }
}

type Lines = AsyncIterable<{ line: number; row: ImportRow }>

/** Check all lines and keep the good ones for publishing. Lines are read while those before them are written. */
export async function stage(run: RunUnit, staging: Staging, lines: Lines, engine: Engine, onBatch: () => void) {
  const batches = createBatches(run, {
    isTwo: engine.name === 'postgres',
    prepare: (unit, batch: readonly Pending[]) => prepare(unit, staging, batch),
    prepared: batch => learn(staging, batch),
    keep: (unit, batch) => keep(unit, staging, batch),
    kept(batch, doubles) {
      acceptAll(staging, batch, doubles)
      onBatch()
    },
  })
  let pending: Pending[] = []
  try {
    for await (const { line, row } of lines) {
      const valid = checked(staging, line, row)
      if (valid) pending.push({ line, row: valid })
      if (pending.length < engine.unitRows) continue
      await batches.add(pending)
      pending = []
    }
    if (pending.length > 0) await batches.add(pending)
  } finally {
    await batches.end()
  }
}
