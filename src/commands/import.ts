import { InvalidArgumentError } from 'commander'
import { formatMoney } from '../../core/ground/money.ts'
import { parseMoment } from '../../core/ground/time.ts'
import type { Forecast, ImportOptions, ImportReport } from '../../core/verbs.ts'
import { isEncoding } from '../files/csv-text.ts'
import { errorCountOf, importByOrder, openCsv } from '../files/import-csv.ts'
import { createProgress } from './progress.ts'
import { configOf, withDatabase } from './shared.ts'
import { EXIT, exit, type Shell } from './shell.ts'

export interface ImportFlags {
  owned: boolean
  keepGood: boolean
  dryRun: boolean
  billFrom?: number
  billedElsewhere: boolean
  encoding?: string
}

export function momentOf(text: string): number {
  const at = parseMoment(text)?.at
  if (at === undefined) throw new InvalidArgumentError('must be a date (2026-06-01, UTC) or a time with its zone.')
  return at
}

export function encodingOf(name: string): string {
  if (!isEncoding(name)) throw new InvalidArgumentError('must be one such as utf-8, windows-1252 or utf-16le.')
  return name
}

function billingOf({ owned, billFrom, billedElsewhere }: ImportFlags): NonNullable<ImportOptions['billing']> {
  if (billFrom !== undefined && billedElsewhere)
    throw new Error('--bill-from and --billed-elsewhere exclude each other')
  if (!owned && (billFrom !== undefined || billedElsewhere)) {
    throw new Error('--bill-from and --billed-elsewhere are for numbers that customers own: --owned')
  }
  if (billedElsewhere) return 'elsewhere'
  return billFrom === undefined ? 'asPaid' : { from: billFrom }
}

export async function importNumbers(shell: Shell, file: string, flags: ImportFlags): Promise<void> {
  const { owned, keepGood, dryRun, encoding } = flags
  const billing = billingOf(flags)
  const config = configOf(shell, false)
  const { csv, size } = await openCsv(file)
  const report = await withDatabase(shell, config, async ({ core }) => {
    const progress = createProgress(shell, size, () => csv.bytesRead)
    const options = { owned, keepGood, dryRun, billing, encoding, onProgress: progress.show }
    try {
      return await importByOrder(core, csv, options, { file })
    } finally {
      progress.stop()
    }
  })
  tellReport(shell, report, flags)
}

function tellReport(shell: Shell, report: ImportReport, { keepGood, dryRun }: ImportFlags): void {
  for (const { line, message } of report.errors) shell.err(`line ${line}: ${message}\n`)
  for (const { line, message } of report.notes ?? []) shell.err(`line ${line}: note: ${message}\n`)
  const errors = errorCountOf(report)
  const isRefused = errors > 0 && !keepGood
  if (isRefused) {
    shell.err('nothing was imported: put these lines right, or use --keep-good\n')
    throw exit(EXIT.failed)
  }
  shell.out(
    dryRun
      ? `would import ${report.imported}, leave ${report.unchanged} unchanged, refuse ${errors}; nothing was kept\n`
      : `imported ${report.imported}, unchanged ${report.unchanged}, refused ${errors}\n`,
  )
  for (const forecast of report.forecast ?? []) shell.out(forecastLine(forecast))
}

/** What will be charged, and when. */
function forecastLine({
  accountId,
  currency,
  numbers,
  monthsDue,
  dueNow,
  monthly,
  nextDueAt,
  funds,
}: Forecast): string {
  const money = (micros: number) => `${formatMoney(micros, 2)} ${currency}`
  const next = nextDueAt === null ? '' : `, next on ${new Date(nextDueAt).toISOString()}`
  const due = monthsDue === 0 ? 'nothing is due yet' : `due at once: ${money(dueNow)} for ${monthsDue} months`
  const short = dueNow > funds ? ` (the balance and credit limit are ${money(funds)}: numbers will be suspended)` : ''
  return `account ${accountId}: ${numbers} numbers, ${money(monthly)} a month; ${due}${short}${next}\n`
}
