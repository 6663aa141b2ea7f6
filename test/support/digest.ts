import { createHash } from 'node:crypto'
import { EMPTY_ORDER } from '../../core/store/migrations.ts'
import type { Store } from '../../core/store/store.ts'

/** One line for everything that a database holds: equal before and after means that nothing was changed. */
export async function digest(store: Store): Promise<string> {
  const hash = createHash('sha256')
  for (const table of EMPTY_ORDER) {
    const rows = await store.read(db => db.selectFrom(table).selectAll().execute())
    for (const row of rows.map(each => JSON.stringify(each)).sort()) hash.update(`${table} ${row}\n`)
  }
  return hash.digest('hex')
}
