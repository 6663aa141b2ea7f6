type Values = Readonly<Record<string, unknown>>

/** In JSON they are nothing that PostgreSQL takes for text. */
const UNTEXTUAL = /\\u(0000|d[89a-f])/i

const isPlain = (value: unknown) => typeof value !== 'object' || value === null

/**
 * Rows of the same columns as two parameters, whatever their number: thousands of them cost more than what is written.
 * What all rows have alike is sent once, as the record that each is filled into. Undefined where JSON cannot say it.
 */
export function asJson(rows: readonly Values[]): [record: string, own: string] | undefined {
  const [first = {}] = rows
  const columns = Object.keys(first)
  const own = columns.filter(column => rows.some(row => row[column] !== first[column]))
  const record = Object.fromEntries(columns.filter(column => !own.includes(column)).map(name => [name, first[name]]))
  const isTold = Object.values(record).every(isPlain) && rows.every(row => own.every(column => isPlain(row[column])))
  if (!isTold) return undefined
  const texts: [string, string] = [JSON.stringify(record), JSON.stringify(rows.map(row => pick(row, own)))]
  return texts.some(text => UNTEXTUAL.test(text)) ? undefined : texts
}

function pick(row: Values, columns: readonly string[]): Values {
  const picked: Record<string, unknown> = {}
  for (const column of columns) picked[column] = row[column] ?? null
  return picked
}

/** The rows that `asJson` made, as a select. */
export const fromJson = (table: string, columns: string): string =>
  `SELECT ${columns} FROM json_populate_recordset(json_populate_record(NULL::${table}, $1), $2)`
