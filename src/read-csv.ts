import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { Fault } from '../core/fault.ts'
import type { ImportRow } from '../core/verbs.ts'

/** Columns of a file of numbers, in the order in which we write them ourselves. */
export const NUMBER_COLUMNS = [
  'e164',
  'country',
  'type',
  'area_code',
  'region',
  'city',
  'rate_center',
  'lata',
  'latitude',
  'longitude',
  'postal_code',
  'capabilities',
  'currency',
  'setup_price',
  'monthly_price',
  'per_minute_price',
  'channels',
  'required_documents',
] as const

/** What a file of numbers that customers already own has besides. */
export const OWNED_COLUMNS = ['account_id', 'user_id', 'activated_at', 'paid_until'] as const

export type NumberColumn = (typeof NUMBER_COLUMNS)[number]
export type OwnedColumn = (typeof OWNED_COLUMNS)[number]

const MANDATORY: readonly string[] = ['e164', 'country', 'type', 'currency', 'setup_price', 'monthly_price']
const MANDATORY_OWNED: readonly string[] = [...MANDATORY, 'account_id', 'activated_at', 'paid_until']

/** Longer than any honest line: an unclosed quote must not pull the rest of the file into memory. */
const MAX_LINE_BYTES = 64 * 1024

export interface CsvOptions {
  owned: boolean
  /** Called for a line with too few or too many columns, which is then left out. Without it such a line is a fault. */
  onRagged?: (line: number, message: string) => void
}

interface Parsed {
  record: string[]
  info: { lines: number }
}

function refuse(message: string, field: string, cause?: unknown): Fault<'invalid_input'> {
  const issue = { field, problem: 'format', message } as const
  return new Fault('invalid_input', { issues: [issue] }, { message: `${field}: ${message}`, cause })
}

function quoted(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ')
}

/** One message for everything that is wrong with the header, so that it can be put right in one go. */
function checkHeader(header: readonly string[], owned: boolean): void {
  const known: readonly string[] = owned ? [...NUMBER_COLUMNS, ...OWNED_COLUMNS] : NUMBER_COLUMNS
  const unknown = header.filter(name => !known.includes(name))
  const missing = (owned ? MANDATORY_OWNED : MANDATORY).filter(name => !header.includes(name))
  const twice = known.filter(name => header.indexOf(name) !== header.lastIndexOf(name))
  const problems = [
    unknown.length > 0 ? `unknown columns ${quoted(unknown)}` : '',
    missing.length > 0 ? `missing columns ${quoted(missing)}` : '',
    twice.length > 0 ? `columns given twice ${quoted(twice)}` : '',
  ].filter(problem => problem !== '')
  if (problems.length > 0) {
    throw refuse(`${problems.join('; ')} (known columns: ${known.join(',')})`, 'header')
  }
}

/** The parser counts lines to the end of a record; people look for its beginning. */
function firstLine({ record, info }: Parsed): number {
  const breaks = record.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0)
  return info.lines - breaks
}

/** Every known column has a value: '' where the file has no such column. */
function toRow(blank: ImportRow, header: readonly string[], cells: readonly string[]): ImportRow {
  const row: Record<string, string> = { ...blank }
  header.forEach((name, index) => {
    row[name] = cells[index] as string
  })
  return row
}

function blankRow(owned: boolean): ImportRow {
  const names = owned ? [...NUMBER_COLUMNS, ...OWNED_COLUMNS] : NUMBER_COLUMNS
  return Object.fromEntries(names.map(name => [name, '']))
}

function openParser(stream: Readable | AsyncIterable<Uint8Array>): AsyncIterable<Parsed> {
  const source = stream instanceof Readable ? stream : Readable.from(stream, { objectMode: false })
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true, // counted here, where the number of the line is known
    record_delimiter: ['\r\n', '\n'],
    max_record_size: MAX_LINE_BYTES,
  })
  pipeline(source, parser, () => {}) // a failure of either side reaches whoever iterates
  return parser as AsyncIterable<Parsed>
}

async function* readRows(records: AsyncIterable<Parsed>, options: CsvOptions) {
  const blank = blankRow(options.owned)
  let header: readonly string[] | undefined
  for await (const parsed of records) {
    const { record } = parsed
    if (!header) {
      checkHeader(record, options.owned)
      header = record
      continue
    }
    const line = firstLine(parsed)
    if (record.length === header.length) yield { line, row: toRow(blank, header, record) }
    else reportRagged(line, record.length, header.length, options)
  }
  if (!header) throw refuse('the file is empty, its first line must name the columns', 'header')
}

function reportRagged(line: number, found: number, expected: number, { onRagged }: CsvOptions): void {
  const message = `${found} columns instead of the ${expected} of the header`
  if (!onRagged) throw refuse(message, `line ${line}`)
  onRagged(line, message)
}

/**
 * The lines of a CSV file of numbers, one at a time, however large it is. Only the form is judged here, the values by
 * whoever takes the rows. Faults: invalid_input (header, broken quotes, lines of another length).
 */
export async function* readNumberRows(
  stream: Readable | AsyncIterable<Uint8Array>,
  options: CsvOptions,
): AsyncGenerator<{ line: number; row: ImportRow }, void> {
  try {
    yield* readRows(openParser(stream), options)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const { lines } = error as CsvError & { lines?: number }
    throw refuse(error.message, `line ${lines ?? 1}`, error)
  }
}
