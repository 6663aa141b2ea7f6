import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { isFault } from '../../core/ground/fault.ts'
import type { JsonObject } from '../../core/ground/model.ts'
import type { Core, ImportOptions, ImportReport, LineMessage } from '../../core/verbs.ts'
import { readNumberRows } from './read-csv.ts'

const LINE = /^line (\d+)$/
/** As many errors as the core lists. */
const MAX_ERRORS = 1000

/** Opened before anybody reads: a file that is not there is told here, and not by an event in the middle of things. */
export async function openCsv(path: string) {
  const file = await open(path)
  const { size } = await file.stat()
  return { csv: file.createReadStream(), size }
}

type Csv = Readable | AsyncIterable<Uint8Array>

export type CsvImport = ImportOptions & { encoding?: string | undefined }

/** Errors of both readers in order of line; where they are cut, the list says so. */
function mergeErrors(report: ImportReport, ragged: readonly LineMessage[], raggedCount: number): ImportReport {
  const all = [...report.errors, ...ragged].sort((a, b) => a.line - b.line)
  const errors = all.slice(0, MAX_ERRORS)
  const errorCount = (report.errorCount ?? report.errors.length) + raggedCount
  if (errorCount === errors.length) return { ...report, errors }
  const message = `${errorCount - errors.length} more bad lines are not listed`
  return { ...report, errors: [...errors, { line: errors.at(-1)?.line ?? 1, message }], errorCount }
}

/**
 * Read a CSV file of numbers into the core. A line of a wrong length or with broken quotes is reported like one with
 * wrong values: it refuses the whole file, or with `keepGood` just itself (broken quotes and lines without an end always
 * refuse the file: what follows them cannot be told apart). Faults: invalid_input for a wrong header.
 */
export async function importCsv(
  core: { imports: Pick<Core['imports'], 'run'> },
  csv: Csv,
  options: CsvImport,
): Promise<ImportReport> {
  const { encoding, ...wanted } = options
  const ragged: LineMessage[] = []
  let count = 0
  const onRagged = (line: number, message: string) => {
    if (count++ < MAX_ERRORS) ragged.push({ line, message })
  }
  const rows = readNumberRows(csv, { owned: options.owned, encoding, ...(options.keepGood ? { onRagged } : {}) })
  try {
    return mergeErrors(await core.imports.run(rows, wanted), ragged, count)
  } catch (error) {
    const issue = isFault(error, 'invalid_input') ? error.details.issues[0] : undefined
    const [, line] = LINE.exec(issue?.field ?? '') ?? []
    if (!issue || line === undefined) throw error
    return { imported: 0, unchanged: 0, errors: [{ line: Number(line), message: issue.message }] }
  }
}

export const errorCountOf = ({ errors, errorCount }: ImportReport): number => errorCount ?? errors.length

/** The same by order of an administrator, who is on record for it. A dry run leaves nothing behind, this neither. */
export async function importByOrder(
  core: Pick<Core, 'imports' | 'audit'>,
  csv: Csv,
  options: CsvImport,
  about: JsonObject = {},
): Promise<ImportReport> {
  const report = await importCsv(core, csv, options)
  if (options.dryRun) return report
  const { owned, keepGood, billing } = options
  const how: JsonObject = typeof billing === 'object' ? { billFromAt: billing.from } : { billing: billing ?? 'asPaid' }
  const { imported, unchanged } = report
  const data = { ...about, imported, unchanged, errors: errorCountOf(report), owned, keepGood, ...(owned ? how : {}) }
  await core.audit.record(null, { accountId: null, action: 'numbers.imported', subject: 'csv', data })
  return report
}
