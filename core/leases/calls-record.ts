/** Calls as they come in: whose they are is settled once, by who held the number when they ended. */
import { sql } from 'kysely'
import type { Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import { SPANS } from '../store/call-records.ts'
import { insertReturning } from '../store/statements.ts'
import type { NewCall, RecordedCall } from '../verbs.ts'
import { toCall } from './calls-browse.ts'

type NumberRow = Pick<Row<'numbers'>, 'id' | 'e164' | 'currency'>
type Written = Omit<Row<'calls'>, 'id'>

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
/** Rows of one statement: what SQLite takes of parameters is 32,766. */
const AT_ONCE = 200

async function numbersOf(unit: Unit, inputs: readonly NewCall[]): Promise<Map<string, NumberRow>> {
  const wanted = [...new Set(inputs.map(({ e164 }) => e164))]
  let query = unit.db.selectFrom('numbers').select(['id', 'e164', 'currency']).where('e164', 'in', wanted).orderBy('id')
  // whoever writes the last call of a number waits for the other who does
  if (unit.engine.name === 'postgres') query = query.forNoKeyUpdate()
  return new Map((await query.execute()).map(row => [row.e164, row]))
}

/** Every ownership that any of these numbers ever had. */
async function leasesOf(unit: Unit, numberIds: readonly number[]) {
  const found = new Map<number, Row<'leases'>[]>()
  if (numberIds.length === 0) return found
  const rows = await unit.db
    .selectFrom('leases')
    .selectAll()
    .where('number_id', 'in', numberIds)
    .orderBy('id', 'desc')
    .execute()
  for (const row of rows) found.set(row.number_id, [...(found.get(row.number_id) ?? []), row])
  return found
}

function ownerAt(leases: readonly Row<'leases'>[] | undefined, at: number): Row<'leases'> | undefined {
  return leases?.find(
    ({ started_at, closed_at, ends_at }) =>
      started_at <= at && (closed_at === null || closed_at > at) && (ends_at === null || ends_at > at),
  )
}

async function knownKeys(unit: Unit, inputs: readonly NewCall[]): Promise<Map<string, Row<'calls'>>> {
  const keys = inputs.flatMap(({ key }) => (key === undefined ? [] : [key]))
  if (keys.length === 0) return new Map()
  const rows = await unit.db.selectFrom('calls').selectAll().where('call_key', 'in', keys).execute()
  return new Map(rows.map(row => [row.call_key as string, row]))
}

function rowOf(unit: Unit, input: NewCall, number: NumberRow, lease: Row<'leases'> | undefined): Written {
  const { key, direction, durationSeconds, endedAt, other = '', via = '', ringSeconds = 0 } = input
  const disposition = input.disposition ?? (input.answered ? 'answered' : 'no_answer')
  const isOut = direction === 'outbound'
  return {
    number_id: number.id,
    direction,
    answered: disposition === 'answered' ? 1 : 0,
    started_at: endedAt - durationSeconds * 1000,
    ended_at: endedAt,
    duration_seconds: durationSeconds,
    guid: key !== undefined && UUID.test(key) ? key.toLowerCase() : unit.random.guid(),
    call_key: key ?? null,
    account_id: lease?.account_id ?? null,
    organization_id: lease?.organization_id ?? null,
    user_id: lease?.user_id ?? null,
    from_text: isOut ? number.e164 : other,
    to_text: isOut ? other : number.e164,
    via_text: via,
    disposition,
    talk_seconds: disposition === 'answered' ? Math.max(0, durationSeconds - ringSeconds) : 0,
    price: input.price ?? 0,
    currency: number.currency,
  }
}

/** The same call, told again. */
function isSame(known: Omit<Row<'calls'>, 'id'>, row: Written): boolean {
  const what = [
    'number_id',
    'direction',
    'ended_at',
    'duration_seconds',
    'disposition',
    'from_text',
    'to_text',
    'via_text',
  ] as const
  return [...what, 'talk_seconds' as const, 'price' as const].every(name => known[name] === row[name])
}

/** Not part of the life cycle: it changes no state and makes no event. */
async function noteLastCalls(unit: Unit, rows: readonly Written[]): Promise<void> {
  const last = new Map<number, number>()
  for (const { number_id, ended_at } of rows) last.set(number_id, Math.max(ended_at, last.get(number_id) ?? ended_at))
  for (const [id, endedAt] of [...last].sort(([a], [b]) => a - b)) {
    await unit.db
      .updateTable('numbers')
      .set({ last_call_at: endedAt })
      .where('id', '=', id)
      .where(e => e.or([e('last_call_at', 'is', null), e('last_call_at', '<', endedAt)]))
      .execute()
  }
}

type Sum = Row<'call_sums'>

function sumsOf(rows: readonly Written[]): Sum[] {
  const sums = new Map<string, Sum>()
  for (const row of rows) {
    const { account_id, direction, currency, answered, duration_seconds, talk_seconds, price } = row
    if (account_id === null) continue
    for (const span of SPANS) {
      const slot = Math.floor(row.started_at / span)
      const key = [account_id, span, slot].map(part => String(part).padStart(16, '0')).join(' ') + direction + currency
      const what = { account_id, span, slot, direction, currency }
      const start = { ...what, calls: 0, answered: 0, seconds: 0, talk_seconds: 0, price: 0 }
      const sum = sums.get(key) ?? start
      sum.calls += 1
      sum.answered += answered
      sum.seconds += duration_seconds
      sum.talk_seconds += talk_seconds
      sum.price += price
      sums.set(key, sum)
    }
  }
  // in one order, so that two who record calls of the same time wait and do not block each other
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
}

async function addToSums(unit: Unit, rows: readonly Written[]): Promise<void> {
  for (const sum of sumsOf(rows)) {
    const added = (name: 'calls' | 'answered' | 'seconds' | 'talk_seconds' | 'price') =>
      sql<number>`call_sums.${sql.ref(name)} + ${sum[name]}`
    await unit.db
      .insertInto('call_sums')
      .values(sum)
      .onConflict(conflict =>
        conflict.columns(['account_id', 'span', 'slot', 'direction', 'currency']).doUpdateSet({
          calls: added('calls'),
          answered: added('answered'),
          seconds: added('seconds'),
          talk_seconds: added('talk_seconds'),
          price: added('price'),
        }),
      )
      .execute()
  }
}

async function insertAll(unit: Unit, rows: readonly Written[]): Promise<Row<'calls'>[]> {
  const written: Row<'calls'>[] = []
  for (let n = 0; n < rows.length; n += AT_ONCE) {
    written.push(...(await insertReturning(unit, 'calls', rows.slice(n, n + AT_ONCE))))
  }
  await noteLastCalls(unit, rows)
  await addToSums(unit, rows)
  return written
}

export async function recordCalls(unit: Unit, inputs: readonly NewCall[]): Promise<RecordedCall[]> {
  if (inputs.length === 0) return []
  const numbers = await numbersOf(unit, inputs)
  const leases = await leasesOf(
    unit,
    [...numbers.values()].map(({ id }) => id),
  )
  const known = await knownKeys(unit, inputs)
  const fresh = new Map<string, Written>()
  const rows: Written[] = []
  const decided = inputs.map((input): { status: RecordedCall['status']; guid?: string; row?: Row<'calls'> } => {
    const number = numbers.get(input.e164)
    if (!number) return { status: 'unknown' }
    const row = rowOf(unit, input, number, ownerAt(leases.get(number.id), input.endedAt))
    const before = input.key === undefined ? undefined : (known.get(input.key) ?? fresh.get(input.key))
    if (before) {
      if (!isSame(before, row)) return { status: 'conflict' }
      return {
        status: 'unchanged',
        ...('id' in before ? { row: before as Row<'calls'> } : { guid: before.guid as string }),
      }
    }
    if (input.key !== undefined) fresh.set(input.key, row)
    rows.push(row)
    return { status: 'recorded', guid: row.guid as string }
  })
  const written = new Map((await insertAll(unit, rows)).map(row => [row.guid, row]))
  return decided.map(({ status, guid, row }, index): RecordedCall => {
    const shown = row ?? written.get(guid as string)
    if (status === 'unknown' || status === 'conflict' || !shown)
      return { status: status === 'unknown' ? status : 'conflict' }
    return { status, call: toCall(shown, inputs[index]?.e164 as string) }
  })
}
