import type { CompiledQuery } from 'kysely'
import { isFault } from '../fault.ts'
import type { Row } from '../rows.ts'
import type { RunUnit, Unit } from '../unit.ts'
import type { ImportRow } from '../verbs.ts'
import type { Foreseen } from './forecast.ts'
import { verdictOn } from './hand-over.ts'
import type { Messages } from './messages.ts'
import type { Resolver } from './resolve.ts'
import { type Terms, type ValidRow, validateRow } from './validate.ts'

/** Rows staged per unit: 100 rows of 27 columns stay below every engine's limit of parameters. */
const STAGE = 100

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
  compiled?: CompiledQuery
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

/** Lines of this file on which these numbers stand already. */
async function stagedLines(unit: Unit, importId: number, e164s: readonly string[]): Promise<Map<string, number>> {
  const rows = await unit.db
    .selectFrom('import_rows')
    .select(['e164', 'line'])
    .where('import_id', '=', importId)
    .where('e164', 'in', e164s)
    .execute()
  return new Map(rows.map(row => [row.e164, row.line]))
}

async function knownNumbers(unit: Unit, e164s: readonly string[]): Promise<Map<string, NumberRow>> {
  const rows = await unit.db.selectFrom('numbers').selectAll().where('e164', 'in', e164s).execute()
  return new Map(rows.map(row => [row.e164, row]))
}

/** What a line says of a number that is there already. */
const COMPARED = [
  ...(['country', 'type', 'area_code', 'region', 'city', 'rate_center', 'lata', 'latitude', 'longitude'] as const),
  ...(['postal_code', 'capabilities', 'currency', 'setup_price', 'monthly_price', 'per_minute_price'] as const),
  ...(['channels', 'required_documents'] as const),
]

function note(staging: Staging, { line, row }: Pending, known: NumberRow): void {
  staging.unchanged++
  const different = COMPARED.filter(column => row[column] !== known[column])
  if (different.length === 0) return
  staging.notes.add(
    line,
    `${row.e164} is there already and stays as it is; this line differs in ${different.join(', ')}`,
  )
}

/** What speaks against a line that is right by itself. */
async function faultOf(unit: Unit, staging: Staging, { row }: Pending, known: NumberRow | undefined) {
  const fault = await ownerFault(unit, staging, row)
  if (fault !== undefined || row.owner_id === null) return fault
  const verdict = verdictOn(known, row.owner_id, unit.now)
  return typeof verdict === 'object' ? verdict.refused : undefined
}

/** The lines of a batch that can be staged. */
async function acceptable(unit: Unit, staging: Staging, pending: readonly Pending[]): Promise<Pending[]> {
  const e164s = pending.map(({ row }) => row.e164)
  const lines = await stagedLines(unit, staging.importId, e164s)
  const known = await knownNumbers(unit, e164s)
  const good: Pending[] = []
  for (const each of pending) {
    const { line, row } = each
    const first = lines.get(row.e164)
    const found = known.get(row.e164)
    const fault =
      first === undefined
        ? await faultOf(unit, staging, each, found)
        : `e164: ${row.e164} stands on line ${first} already`
    if (fault !== undefined) {
      staging.errors.add(line, fault)
      continue
    }
    lines.set(row.e164, line)
    good.push(each)
    const isTaken = row.owner_id !== null && (!found || verdictOn(found, row.owner_id, unit.now) === 'take')
    if (found && !isTaken) note(staging, each, found)
    if (isTaken) staging.foreseen?.add(row)
  }
  return good
}

async function stageBatch(unit: Unit, staging: Staging, pending: readonly Pending[]): Promise<void> {
  const rows = []
  for (const { line, row } of await acceptable(unit, staging, pending)) {
    rows.push({ import_id: staging.importId, line, ...row, ...(await staging.resolver.resolve(unit, row)) })
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

type Lines = AsyncIterable<{ line: number; row: ImportRow }>

/** Check all lines and keep the good ones for publishing. */
export async function stage(run: RunUnit, staging: Staging, lines: Lines, onBatch: () => void): Promise<void> {
  let pending: Pending[] = []
  const write = async () => {
    const batch = pending
    pending = []
    if (batch.length > 0) await run(null, unit => stageBatch(unit, staging, batch))
    onBatch()
  }
  for await (const { line, row } of lines) {
    const valid = checked(staging, line, row)
    if (valid) pending.push({ line, row: valid })
    if (pending.length === STAGE) await write()
  }
  await write()
}
