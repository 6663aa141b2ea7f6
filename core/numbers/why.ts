/** Sentences on why a number could not be had, by the row that decided. */

import type { Why } from '../ground/fault.ts'
import type { Instant, JsonObject } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import { listOf, timeOf, why } from '../ground/why.ts'
import type { ClaimLine } from '../verbs.ts'

type NumberRow = Row<'numbers'>

/** What of a row tells its story. */
type Told = Pick<NumberRow, 'e164' | 'state' | 'owner_id' | 'cool_until' | 'releases_at' | 'held_by' | 'held_until'> &
  Pick<NumberRow, 'updated_at'>

const dataOf = (row: Told): JsonObject => ({
  e164: row.e164,
  state: row.state,
  owner: row.owner_id,
  since: timeOf(row.updated_at),
})

/** What stands in the way of whoever wants this number now. */
function obstacle(row: Told, now: Instant): string {
  const { e164, state, owner_id: owner, cool_until: cool, held_by: holder, held_until: heldUntil } = row
  if (owner !== null) {
    const ends = state === 'releasing' ? `, who gives it back at ${timeOf(row.releases_at as number)}` : ''
    return `${e164} is owned by account ${owner} since ${timeOf(row.updated_at)}${ends}`
  }
  if (cool !== null && cool > now) return `${e164} rests until ${timeOf(cool)}`
  if (heldUntil !== null && heldUntil > now) return `${e164} is held for account ${holder} until ${timeOf(heldUntil)}`
  return `${e164} is ${state} since ${timeOf(row.updated_at)}`
}

export function whyState(row: Told, then: string): Why {
  return why(
    'state of a number',
    `${row.e164} is ${row.state} since ${timeOf(row.updated_at)}, and ${then}`,
    dataOf(row),
  )
}

/** Some of these cannot be had: `rows` are those of them that are there at all. */
export function whyNotForSale(unit: Unit, gone: readonly string[], rows: readonly NumberRow[]): Why {
  const byName = new Map(rows.map(row => [row.e164, row]))
  const told = gone.map(e164 => {
    const row = byName.get(e164)
    return row ? obstacle(row, unit.now) : `${e164} is not in the inventory`
  })
  const found = gone.flatMap(e164 => byName.get(e164) ?? [])
  return why('a number is sold while it is on the shelf', listOf(told), { numbers: found.slice(0, 20).map(dataOf) })
}

/** A lease that this account does not hold now. */
export function whyNotHeld(id: number, lease: Row<'leases'> | undefined, accountId: number): Why {
  const rule = 'what the account holds now'
  if (!lease) return why(rule, `there is no lease ${id}`, { lease: id })
  const { account_id: holder, closed_at: closed } = lease
  const story =
    closed !== null
      ? `ended at ${timeOf(closed)}`
      : `is held by account ${holder} since ${timeOf(lease.started_at)}, not by account ${accountId}`
  return why(rule, `lease ${id} ${story}`, { lease: id, holder })
}

export function whyTooFew(lines: readonly Pick<ClaimLine, 'filter' | 'quantity'>[], found: number): Why {
  const wanted = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const asked = lines.map(({ filter, quantity }) => `${quantity} with ${JSON.stringify(filter)}`)
  const sentence = `${wanted} wanted (${listOf(asked)}), ${found} on the shelf`
  return why('as many on the shelf as are asked for', sentence, { wanted, found })
}

export function whyForeign(rows: readonly NumberRow[], currency: string | undefined): Why {
  const told = rows.map(({ e164, currency: own }) => `${e164} is priced in ${own}`)
  return why('numbers priced in the currency of the account', `${listOf(told)}, asked for in ${currency}`, {
    numbers: rows.slice(0, 20).map(({ e164 }) => e164),
  })
}

export function whyPapers(rows: readonly NumberRow[], then: string): Why {
  const told = rows.map(({ e164, required_documents: papers }) => `${e164} needs ${papers}`)
  return why('numbers that need documents', `${listOf(told)}, ${then}`, {
    numbers: rows.slice(0, 20).map(({ e164 }) => e164),
  })
}
