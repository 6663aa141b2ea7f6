/** Lines of a file of numbers, as an import takes them. */
import type { ImportRow } from '../../core/verbs.ts'
import type { WorldRow } from '../../src/worlds/world-file.ts'

/** A local number of New York for 1 + 2 USD, changed by `more`. */
export const line = (e164: string, more: Record<string, string> = {}) => ({
  ...{ e164, country: 'US', type: 'local', region: 'NY', city: 'New York', currency: 'USD' },
  ...{ setup_price: '1.00', monthly_price: '2.00', ...more },
})

/** A file of these rows below a header. */
export async function* file(rows: Iterable<ImportRow | WorldRow>) {
  let at = 2
  for (const row of rows) yield { line: at++, row: row as ImportRow }
}
