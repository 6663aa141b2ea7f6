import type { Readable } from 'node:stream'
import { isFault } from '../core/fault.ts'
import type { Core, ImportReport, Imports } from '../core/verbs.ts'
import { readNumberRows } from './read-csv.ts'

const LINE = /^line (\d+)$/

/**
 * Read a CSV file of numbers into the core. A line of a wrong length or with broken quotes is reported like one with
 * wrong values: it refuses the whole file, or with `keepGood` just itself (broken quotes always refuse the file: what
 * follows them cannot be told apart). Faults: invalid_input for a wrong header.
 */
export async function importCsv(
  core: Pick<Core, 'imports'>,
  csv: Readable | AsyncIterable<Uint8Array>,
  options: Parameters<Imports['run']>[1],
): Promise<ImportReport> {
  const ragged: ImportReport['errors'] = []
  const onRagged = (line: number, message: string) => ragged.push({ line, message })
  const rows = readNumberRows(csv, { owned: options.owned, ...(options.keepGood ? { onRagged } : {}) })
  try {
    const report = await core.imports.run(rows, options)
    return { ...report, errors: [...report.errors, ...ragged].sort((a, b) => a.line - b.line) }
  } catch (error) {
    const issue = isFault(error, 'invalid_input') ? error.details.issues[0] : undefined
    const [, line] = LINE.exec(issue?.field ?? '') ?? []
    if (!issue || line === undefined) throw error
    return { imported: 0, unchanged: 0, errors: [{ line: Number(line), message: issue.message }] }
  }
}
