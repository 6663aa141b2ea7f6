import type { Row } from '../../ground/rows.ts'
import type { Unit } from '../../ground/unit.ts'
import { namedUser } from '../../numbers/index.ts'
import { readAccount } from '../../people/index.ts'
import type { LineMessage } from '../../verbs.ts'
import { type Verdict, verdictOn } from './hand-over.ts'
import { knownNumbers } from './known-numbers.ts'
import type { ValidRow } from './validate.ts'

type NumberRow = Row<'numbers'>

/** Accounts and users that were looked up, by what was asked. */
export type People = Map<string, boolean>

export interface Pending {
  line: number
  row: ValidRow
}

async function remembered(people: People, key: string, look: () => Promise<boolean>): Promise<boolean> {
  const known = people.get(key) ?? (await look())
  people.set(key, known)
  return known
}

async function ownerFault(unit: Unit, people: People, { owner_id, user_id }: ValidRow): Promise<string | undefined> {
  if (owner_id === null) return undefined
  const isAccount = await remembered(people, `${owner_id}`, async () => {
    const row = await unit.db.selectFrom('accounts').select('id').where('id', '=', owner_id).executeTakeFirst()
    return row !== undefined
  })
  if (!isAccount) return `account_id: there is no account ${owner_id}`
  if (user_id === null) return undefined
  const isTheirs = await remembered(people, `${owner_id} ${user_id}`, () => isUserOf(unit, user_id, owner_id))
  return isTheirs ? undefined : `user_id: there is no user ${user_id} in account ${owner_id}`
}

async function isUserOf(unit: Unit, userId: number, accountId: number): Promise<boolean> {
  const account = await readAccount(unit.db, accountId)
  return account !== undefined && (await namedUser(unit, account, userId)) !== undefined
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
    const fault = each.row.owner_id === null ? undefined : await ownerFault(unit, people, each.row)
    const message = fault ?? (typeof verdict === 'object' ? verdict.refused : undefined)
    if (message === undefined) good.push({ line: each.line, row: each.row, verdict, known })
    else refused.push({ line: each.line, message })
  }
  return { good, refused }
}
