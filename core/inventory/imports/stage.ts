import type { Insertable } from 'kysely'
import { isFault } from '../../ground/fault.ts'
import type { Row } from '../../ground/rows.ts'
import type { RunUnit, Unit } from '../../ground/unit.ts'
import { insertMany, textsIn } from '../../store/bulk.ts'
import type { Engine } from '../../store/store.ts'
import type { ImportRowTable } from '../../store/tables.ts'
import { run as select } from '../../store/texts.ts'
import type { ImportRow } from '../../verbs.ts'
import type { Foreseen } from './forecast.ts'
import { type Verdict, verdictOn } from './hand-over.ts'
import type { Messages } from './messages.ts'
import type { Resolved, Resolver } from './resolve.ts'
import { type Terms, type ValidRow, validateRow } from './validate.ts'

export interface Staging {
  importId: number
  terms: Terms
  resolver: Resolver
  /** Accounts and users that were looked up, by what was asked. */
  people: Map<string, boolean>
  errors: Messages
  notes: Messages
  staged: number
  /** Of them, those that change nothing. */
  unchanged: number
  foreseen?: Foreseen
}

type NumberRow = Row<'numbers'>

interface Pending {
  line: number
  row: ValidRow
}

function checked(staging: Staging, line: number, row: ImportRow): ValidRow | undefined {
  try {
    return validateRow(row, staging.terms)
  } catch (error) {
    if (!isFault(error, 'invalid_input')) throw error
    staging.errors.add(line, error.details.issues[0]?.message ?? 'invalid')
    return undefined
  }
}

async function remembered(staging: Staging, key: string, look: () => Promise<boolean>): Promise<boolean> {
  const known = staging.people.get(key) ?? (await look())
  staging.people.set(key, known)
  return known
}

async function ownerFault(unit: Unit, staging: Staging, { owner_id, user_id }: ValidRow): Promise<string | undefined> {
  if (owner_id === null) return undefined
  const isAccount = await remembered(staging, `${owner_id}`, async () => {
    const row = await unit.db.selectFrom('accounts').select('id').where('id', '=', owner_id).executeTakeFirst()
    return row !== undefined
  })
  if (!isAccount) return `account_id: there is no account ${owner_id}`
  if (user_id === null) return undefined
  const isTheirs = await remembered(staging, `${owner_id} ${user_id}`, async () => {
    const row = await unit.db.selectFrom('users').select('account_id').where('id', '=', user_id).executeTakeFirst()
    return row?.account_id === owner_id
  })
  return isTheirs ? undefined : `user_id: there is no user ${user_id} in account ${owner_id}`
}

async function knownNumbers({ db, engine }: Unit, pending: readonly Pending[]): Promise<Map<string, NumberRow>> {
  const known = `SELECT * FROM numbers WHERE e164 IN (${textsIn(engine)})`
  const e164s = JSON.stringify(pending.map(({ row }) => row.e164))
  const rows = await select<NumberRow>(db, engine, known, [e164s])
  return new Map(rows.map(row => [row.e164, row]))
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

function verdictOf({ row }: Pending, known: NumberRow | undefined, now: number): Verdict {
  if (row.owner_id !== null) return verdictOn(known, row.owner_id, now)
  return known ? 'same' : 'take'
}

/** A line that is right by itself and speaks of a number that can be taken, or is as it should be. */
interface Judged extends Pending {
  verdict: Verdict
  known: NumberRow | undefined
}

async function judged(unit: Unit, staging: Staging, pending: readonly Pending[]): Promise<Judged[]> {
  const numbers = await knownNumbers(unit, pending)
  const good: Judged[] = []
  for (const each of pending) {
    const known = numbers.get(each.row.e164)
    const verdict = verdictOf(each, known, unit.now)
    const fault = await ownerFault(unit, staging, each.row)
    const refused = fault ?? (typeof verdict === 'object' ? verdict.refused : undefined)
    if (refused === undefined) good.push({ ...each, verdict, known })
    else staging.errors.add(each.line, refused)
  }
  return good
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

async function stageBatch(unit: Unit, staging: Staging, pending: readonly Pending[]): Promise<void> {
  const good = await judged(unit, staging, pending)
  if (good.length === 0) return
  const ids = await staging.resolver.resolve(
    unit,
    good.map(({ row }) => row),
  )
  const rows = good.map(
    ({ line, row }, n): StagedRow => ({ import_id: staging.importId, line, ...row, ...(ids[n] as Resolved) }),
  )
  const written = await insertStaged(unit, rows)
  const doubles = written < rows.length ? await doublesOf(unit, staging.importId, good) : new Map<number, string>()
  for (const each of good) {
    const double = doubles.get(each.line)
    if (double === undefined) accept(staging, each)
    else staging.errors.add(each.line, double)
  }
}

type Lines = AsyncIterable<{ line: number; row: ImportRow }>

/** Check all lines and keep the good ones for publishing. Lines are read while those before them are written. */
export async function stage(run: RunUnit, staging: Staging, lines: Lines, engine: Engine, onBatch: () => void) {
  let pending: Pending[] = []
  let writing: Promise<void> = Promise.resolve()
  const write = async () => {
    const batch = pending
    pending = []
    await writing
    writing = run(null, unit => stageBatch(unit, staging, batch), { isStep: true }).then(onBatch)
    writing.catch(() => {}) // told to whoever waits for it next
  }
  for await (const { line, row } of lines) {
    const valid = checked(staging, line, row)
    if (valid) pending.push({ line, row: valid })
    if (pending.length === engine.unitRows) await write()
  }
  if (pending.length > 0) await write()
  await writing
}
