import type { Row } from '../../ground/rows.ts'
import type { Unit } from '../../ground/unit.ts'
import { namedUser } from '../../numbers/index.ts'
import { isRemoved, readAccount } from '../../people/index.ts'
import type { LineMessage } from '../../verbs.ts'
import { type Verdict, verdictOn } from './hand-over.ts'
import { knownNumbers } from './known-numbers.ts'
import type { ValidRow } from './validate.ts'

type NumberRow = Row<'numbers'>

/** What is wrong with accounts and users that were looked up, by what was asked; undefined: nothing. */
export type People = Map<string, string | undefined>

export interface Pending {
  line: number
  row: ValidRow
}

type Look = () => Promise<string | undefined>

async function remembered(people: People, key: string, look: Look): Promise<string | undefined> {
  if (!people.has(key)) people.set(key, await look())
  return people.get(key)
}

/** What would be wrong with the owner that a line names; publishing looks again. */
async function ownerFault(unit: Unit, people: People, accountId: number, userId: number | null) {
  const fault = await remembered(people, `${accountId}`, () => accountFault(unit, accountId))
  if (fault !== undefined || userId === null) return fault
  return remembered(people, `${accountId} ${userId}`, () => userFault(unit, userId, accountId))
}

async function accountFault(unit: Unit, id: number): Promise<string | undefined> {
  const account = await readAccount(unit.db, id)
  if (!account) return `account_id: there is no account ${id}`
  return isRemoved(account) ? `account_id: account ${id} is closed` : undefined
}

async function userFault(unit: Unit, userId: number, accountId: number): Promise<string | undefined> {
  const account = await readAccount(unit.db, accountId)
  const isTheirs = account !== undefined && (await namedUser(unit, account, userId)) !== undefined
  return isTheirs ? undefined : `user_id: there is no user ${userId} in account ${accountId}`
}

function verdictOf({ row }: Pending, known: NumberRow | undefined, now: number): Verdict {
  if (row.owner_id !== null) return verdictOn(known, row.owner_id, now)
  return known ? 'same' : 'take'
}

/** A line that is right by itself and speaks of a number that can be taken, or is as it should be. */
export interface Judged extends Pending {
  verdict: Verdict
  known: NumberRow | undefined
}

/** The good lines, and why the others cannot be kept. */
export async function judged(unit: Unit, people: People, pending: readonly Pending[]) {
  const numbers = await knownNumbers(
    unit,
    pending.map(({ row }) => row.e164),
  )
  const good: Judged[] = []
  const refused: LineMessage[] = []
  for (const each of pending) {
    const known = numbers.get(each.row.e164)
    const verdict = verdictOf(each, known, unit.now)
    const { owner_id: owner, user_id: user } = each.row
    const fault = owner === null ? undefined : await ownerFault(unit, people, owner, user)
    const message = fault ?? (typeof verdict === 'object' ? verdict.refused : undefined)
    if (message === undefined) good.push({ line: each.line, row: each.row, verdict, known })
    else refused.push({ line: each.line, message })
  }
  return { good, refused }
}
