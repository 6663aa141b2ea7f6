import { sql } from 'kysely'
import type { Instant, Listed, Page, PhoneNumber } from '../ground/model.ts'
import { toNumber } from '../ground/rows.ts'
import type { Reader } from '../store/store.ts'
import { beyond, cutPage, isBackward, rowsOf } from './pages.ts'

/** By the clock: one whose rest is over is on the shelf, whether or not a job has tidied it. */
export async function listResting(
  db: Reader,
  now: Instant,
  accountId: number,
  page: Page,
): Promise<Listed<PhoneNumber>> {
  const resting = db
    .selectFrom('numbers')
    .where('state', '=', 'quarantined')
    .where('last_owner_id', '=', accountId)
    .where('cool_until', '>', now)
  const { total } = await resting.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const edge = beyond(page, [sql.ref('numbers.e164')])
  const ordered = resting.selectAll().orderBy('e164', isBackward(page) ? 'desc' : 'asc')
  let query = ordered.limit(rowsOf(page)).offset(page.offset)
  if (edge) query = query.where(edge)
  const { rows, ...neighbours } = cutPage(page, await query.execute(), row => [row.e164])
  return { items: rows.map(toNumber), total: Number(total), ...neighbours }
}
