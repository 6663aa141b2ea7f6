import { isFault } from '../../ground/fault.ts'
import type { Instant } from '../../ground/model.ts'
import type { Row } from '../../ground/rows.ts'
import type { Unit } from '../../ground/unit.ts'
import {
  insertOwnerships,
  type NumberRow,
  resolveTaker,
  type Start,
  settle,
  type Taker,
  take,
  type WrittenOwned,
} from '../../numbers/index.ts'
import { readAccount } from '../../people/index.ts'
import type { LineMessage } from '../../verbs.ts'
import { lockNumbers } from './known-numbers.ts'
import type { NewOwned } from './new-owned.ts'

/** `take`: it is to be handed over; `same`: it is theirs already; else why neither is possible. */
export type Verdict = 'take' | 'same' | { refused: string }

type Judged = Pick<NumberRow, 'e164' | 'state' | 'owner_id' | 'releases_at' | 'cool_until' | 'available_from'>

const time = (at: Instant) => new Date(at).toISOString()

/** What the clock has decided already, whether or not it has been written. */
function settled(row: Judged, now: Instant): Judged {
  const isReleased = row.state === 'releasing' && (row.releases_at as number) <= now
  const resting = isReleased ? { ...row, state: 'quarantined', owner_id: null } : row
  const isCool = resting.state === 'quarantined' && (resting.cool_until as number) <= now
  return isCool ? { ...resting, state: 'available', available_from: 0 } : resting
}

/**
 * The one rule for a number that a customer brings along, whatever happened to it before: what anybody could buy now is
 * handed over; what this account holds stays as it is; all else is a mistake in the file.
 */
export function verdictOn(found: Judged | undefined, accountId: number, now: Instant): Verdict {
  if (!found) return 'take'
  const { e164, state, owner_id, cool_until, available_from } = settled(found, now)
  if (owner_id === accountId) return 'same'
  if (owner_id !== null) return { refused: `e164: ${e164} belongs to account ${owner_id}` }
  if (state === 'quarantined') return { refused: `e164: ${e164} rests until ${time(cool_until as number)}` }
  if (state !== 'available') return { refused: `e164: ${e164} is ${state}` }
  if (available_from !== null && available_from > now) {
    return { refused: `e164: ${e164} is held until ${time(available_from)}` }
  }
  return 'take'
}

/** What a line says of who is to have its number. */
export const OF_OWNERS = [
  ...(['line', 'e164', 'owner_id', 'user_id', 'activated_at', 'paid_until', 'currency', 'monthly_price'] as const),
]

type StagedRow = Pick<Row<'import_rows'>, (typeof OF_OWNERS)[number]>

/** An ownership that ended here may have ended after the day that the file tells. */
async function lastEnds(unit: Unit, numbers: readonly NumberRow[]): Promise<Map<number, Instant>> {
  const ids = numbers.filter(({ version }) => version > 1).map(({ id }) => id)
  if (ids.length === 0) return new Map()
  const rows = await unit.db
    .selectFrom('leases')
    .select(e => ['number_id', e.fn.max('closed_at').as('end')])
    .where('number_id', 'in', ids)
    .groupBy('number_id')
    .execute()
  return new Map(rows.map(row => [row.number_id, Number(row.end)]))
}

/** Who takes the numbers of these lines, by `takerKey`; or why nobody can. */
export type Takers = ReadonlyMap<string, Taker | { refused: string }>

const takerKey = ({ owner_id, user_id }: StagedRow) => `${owner_id} ${user_id}`

/** Asked before any number of theirs is written: what cannot be handed over must not come to the shelf. */
export async function takersOf(unit: Unit, lines: readonly StagedRow[]): Promise<Takers> {
  const takers = new Map<string, Taker | { refused: string }>()
  for (const line of lines) {
    if (!takers.has(takerKey(line))) takers.set(takerKey(line), await takerOf(unit, line))
  }
  return takers
}

export function refusalOf(takers: Takers, line: StagedRow): string | undefined {
  const taker = takers.get(takerKey(line))
  return taker && 'refused' in taker ? taker.refused : undefined
}

async function takerOf(unit: Unit, { owner_id, user_id }: StagedRow): Promise<Taker | { refused: string }> {
  const account = await readAccount(unit.db, owner_id as number)
  if (!account) return { refused: `account_id: there is no account ${owner_id}` }
  try {
    return await resolveTaker(unit, account, user_id ?? undefined)
  } catch (error) {
    if (isFault(error, 'forbidden')) return { refused: `account_id: account ${owner_id} is closed` }
    if (isFault(error, 'not_found')) return { refused: `user_id: there is no user ${user_id} in account ${owner_id}` }
    throw error
  }
}

interface Wanted {
  line: StagedRow
  number: NumberRow
}

function startOf(line: StagedRow, isFree: boolean, notBefore: Instant = 0): Start {
  const startedAt = Math.max(line.activated_at as number, notBefore)
  return { startedAt, paidUntil: line.paid_until as number, isCharged: false, ...(isFree ? { monthly: 0 } : {}) }
}

/** An open lease each, and billing from `paid_until`; no charge. */
async function takeGroup(unit: Unit, group: readonly Wanted[], taker: Taker, isFree: boolean): Promise<void> {
  const numbers = group.map(({ number }) => number)
  const ends = await lastEnds(unit, numbers)
  const starts = new Map<number, Start>()
  for (const { line, number } of group) starts.set(number.id, startOf(line, isFree, ends.get(number.id)))
  await take(unit, taker, null, numbers, {}, row => starts.get(row.id) as Start)
}

/** Lines of the same account and user, which few statements can serve. */
function grouped(wanted: readonly Wanted[]): Map<string, Wanted[]> {
  const groups = new Map<string, Wanted[]>()
  for (const each of wanted) {
    const group = groups.get(takerKey(each.line))
    if (group) group.push(each)
    else groups.set(takerKey(each.line), [each])
  }
  return groups
}

export interface HandedOver {
  taken: number
  /** Lines that could be handed over when they were read, and no longer. */
  late: LineMessage[]
}

/** Leases and bills of numbers that were written with their owners. Returns the lines that are left. */
export async function openWritten(
  unit: Unit,
  lines: readonly StagedRow[],
  numbers: readonly NewOwned[],
  takers: Takers,
  isFree: boolean,
): Promise<StagedRow[]> {
  const written = new Map(numbers.map(number => [number.e164, number]))
  const owned: WrittenOwned[] = []
  const left = lines.filter(line => {
    const number = written.get(line.e164)
    if (!number) return true
    const { currency, monthly_price } = line
    const taker = takers.get(takerKey(line)) as Taker
    owned.push({
      id: number.id,
      leaseId: number.lease_id,
      currency,
      monthly_price,
      taker,
      start: startOf(line, isFree),
    })
    return false
  })
  await insertOwnerships(unit, owned)
  return left
}

/** Give the numbers of these lines, all of which are in the database, to their owners. */
export async function handOver(
  unit: Unit,
  lines: readonly StagedRow[],
  takers: Takers,
  isFree: boolean,
): Promise<HandedOver> {
  if (lines.length === 0) return { taken: 0, late: [] }
  const found = await lockNumbers(
    unit,
    lines.map(({ e164 }) => e164),
  )
  const wanted: Wanted[] = []
  const late: LineMessage[] = []
  for (const line of lines) {
    const number = await settle(unit, found.get(line.e164) as NumberRow)
    const verdict = verdictOn(number, line.owner_id as number, unit.now)
    if (verdict === 'take') wanted.push({ line, number })
    else if (verdict !== 'same') late.push({ line: line.line, message: verdict.refused })
  }
  for (const [key, group] of grouped(wanted)) await takeGroup(unit, group, takers.get(key) as Taker, isFree)
  return { taken: wanted.length, late }
}
