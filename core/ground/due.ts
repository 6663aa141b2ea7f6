import type { Reader } from '../store/store.ts'
import type { Instant } from './model.ts'
import type { Unit } from './unit.ts'

/** Something the clock makes due, found through an indexed column. */
export interface JobSource {
  name: string
  due(db: Reader, until: Instant, limit: number): Promise<Due[]>
  /** Do it, if it is still due; false when somebody else was faster. The unit's clock stands at the due time. */
  run(unit: Unit, id: number): Promise<boolean>
  /** Do the first so many of them in one unit that waits for nobody; the number of those that are done, which may be 0. */
  runTogether?(unit: Unit, dues: readonly Due[]): Promise<number>
}

/** Something that is due. */
export interface Due {
  id: number
  at: Instant
}

export function dueColumn(table: 'numbers' | 'subscriptions' | 'provisionings' | 'orders') {
  return async (db: Reader, until: Instant, limit: number) => {
    const rows = await db
      .selectFrom(table)
      .select(['id', 'due_at'])
      .where('due_at', '<=', until)
      .orderBy('due_at')
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(row => ({ id: row.id, at: row.due_at as number }))
  }
}
