import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Presets, SingleBar } from 'cli-progress'
import type { ImportReport } from '../../core/verbs.ts'
import { loadInto } from '../first-world.ts'
import { importCsv } from '../import-csv.ts'
import { createLog } from '../log.ts'
import { configOf, EXIT, exit, type Shell, withDatabase } from './shared.ts'

export async function migrate(shell: Shell): Promise<void> {
  await withDatabase(shell, configOf(shell, false), async () => {})
  shell.out('the database is up to date\n')
}

export async function seed(shell: Shell, file: string): Promise<void> {
  const config = configOf(shell, false)
  await withDatabase(shell, config, async database => {
    const world = { ...database, seed: file, mode: config.mode, log: createLog('warn') }
    await loadInto(world, file)
    const { total } = await database.core.accounts.list({}, { limit: 1, offset: 0 })
    shell.out(`loaded ${file}: ${total} accounts, ${await database.core.inventory.count({})} numbers to buy\n`)
  })
}

export interface ImportFlags {
  owned: boolean
  keepGood: boolean
}

export async function importNumbers(shell: Shell, file: string, flags: ImportFlags): Promise<void> {
  const config = configOf(shell, false)
  // asked first, so that a misspelt name is not told by a stream in the middle of things
  const { size } = await stat(file)
  const report = await withDatabase(shell, config, async ({ core }) => {
    const csv = createReadStream(file)
    const progress = createProgress(shell, size, () => csv.bytesRead)
    try {
      const imported = await importCsv(core, csv, { ...flags, onProgress: progress.show })
      const data = { file, imported: imported.imported, errors: imported.errors.length, ...flags }
      await core.audit.record(null, { accountId: null, action: 'numbers.imported', subject: 'csv', data })
      return imported
    } finally {
      progress.stop()
    }
  })
  tellReport(shell, report, flags)
}

/** Reading is measured in bytes of the file, publishing in rows. */
function createProgress(shell: Shell, size: number, bytesRead: () => number) {
  if (!shell.isTerminal) return { show: () => {}, stop: () => {} }
  const bar = new SingleBar({ format: '{phase} {bar} {percentage}%', clearOnComplete: true }, Presets.shades_classic)
  bar.start(size, 0, { phase: 'reading   ' })
  let staged = 0
  return {
    show(done: number, phase: 'staged' | 'published') {
      if (phase === 'staged') {
        staged = done
        bar.update(bytesRead())
      } else {
        bar.setTotal(Math.max(staged, 1))
        bar.update(done, { phase: 'publishing' })
      }
    },
    stop: () => bar.stop(),
  }
}

function tellReport(shell: Shell, report: ImportReport, { keepGood }: ImportFlags): void {
  for (const { line, message } of report.errors) shell.err(`line ${line}: ${message}\n`)
  const isRefused = report.errors.length > 0 && !keepGood
  if (isRefused) shell.err('nothing was imported: put these lines right, or use --keep-good\n')
  else shell.out(`imported ${report.imported}, unchanged ${report.unchanged}, refused ${report.errors.length}\n`)
  if (isRefused) throw exit(EXIT.failed)
}
