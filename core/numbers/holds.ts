import type { Hold, Instant, Listed, Page } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import type { Context, RunUnit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { Holds } from '../verbs.ts'
import { giveUpHolds, moveHolds, takeHolds, toHold } from './hold.ts'

/** Those that the clock has not ended. */
function openHolds(db: Reader, accountId: number, now: Instant) {
  return db
    .selectFrom('holds')
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .where('held_until', '>', now)
}

async function withNumbers(db: Reader, holds: readonly Row<'holds'>[]): Promise<Hold[]> {
  const ids = [0, ...holds.map(hold => hold.number_id)]
  const rows = await db.selectFrom('numbers').selectAll().where('id', 'in', ids).execute()
  const byId = new Map(rows.map(row => [row.id, row]))
  return holds.map(hold => toHold(hold, byId.get(hold.number_id) as Row<'numbers'>))
}

async function list(db: Reader, accountId: number, now: Instant, page: Page): Promise<Listed<Hold>> {
  const open = openHolds(db, accountId, now)
  const rows = await open.selectAll().orderBy('id').limit(page.limit).offset(page.offset).execute()
  const { total } = await open.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  return { items: await withNumbers(db, rows), total: Number(total) }
}

async function find(db: Reader, accountId: number, now: Instant, guid: string): Promise<Hold | undefined> {
  const rows = await openHolds(db, accountId, now).selectAll().where('guid', '=', guid).execute()
  return (await withNumbers(db, rows))[0]
}

export function createHolds({ store, clock }: Context, run: RunUnit): Holds {
  return {
    take: (caller, wish, terms) => run(caller, unit => takeHolds(unit, caller, wish, terms)),
    extend: (caller, ids, until) => run(caller, unit => moveHolds(unit, caller.account.id, ids, until)),
    giveUp: (caller, ids) => run(caller, unit => giveUpHolds(unit, caller.account.id, ids)),
    find: (accountId, guid) => store.read(db => find(db, accountId, clock.now(), guid)),
    of: (accountId, page) => store.read(db => list(db, accountId, clock.now(), page)),
  }
}
