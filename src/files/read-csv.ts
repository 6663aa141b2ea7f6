import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import type { ImportRow } from '../../core/verbs.ts'
import { checkHeader, columnsOf } from './csv-header.ts'
import { csvText, MAX_LINE_BYTES, refuse } from './csv-text.ts'

export { NUMBER_COLUMNS, type NumberColumn, OWNED_COLUMNS, type OwnedColumn } from './csv-header.ts'

export interface CsvOptions {
  owned: boolean
  /** Default: UTF-8, or what a mark of byte order says. */
  encoding?: string | undefined
  /** Called for a line with too few or too many columns, which is then left out. Without it such a line is a fault. */
  onRagged?: (line: number, message: string) => void
}

interface Parsed {
  record: string[]
  info: { lines: number }
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
  return Object.fromEntries(columnsOf(owned).map(name => [name, '']))
}

function openParser(source: AsyncIterable<Uint8Array>, encoding: string | undefined): AsyncIterable<Parsed> {
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true, // counted here, where the number of the line is known
    record_delimiter: ['\r\n', '\n'],
    max_record_size: MAX_LINE_BYTES, // a quote that is never closed must not pull the rest of the file into memory
  })
  const text = Readable.from(csvText(source, encoding), { objectMode: false })
  pipeline(text, parser, () => {}) // a failure of either side reaches whoever iterates
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
    yield* readRows(openParser(stream, options.encoding), options)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const { lines } = error as CsvError & { lines?: number }
    throw refuse(error.message, `line ${lines ?? 1}`, error)
  } finally {
    if (stream instanceof Readable) stream.destroy()
  }
}
