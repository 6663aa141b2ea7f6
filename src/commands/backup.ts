import { backUp } from '../backup/backup.ts'
import type { Checked } from '../backup/check.ts'
import { megabytes } from '../backup/files.ts'
import { howToDump, howToLoad } from '../backup/postgres-tools.ts'
import { restore } from '../backup/restore.ts'
import type { Config } from '../config/config.ts'
import { configOf } from './shared.ts'
import { EXIT, exit, type Shell } from './shell.ts'

export interface BackupFlags {
  withKey: boolean
  invariants: boolean
  json: boolean
}

export interface RestoreFlags {
  force: boolean
  invariants: boolean
  key?: string
  json: boolean
}

const LINE_EVERY_MS = 5_000

export async function backupDatabase(shell: Shell, file: string, flags: BackupFlags): Promise<void> {
  const config = configOf(shell, false)
  insistOnFile(shell, config, howToDump(config.databaseUrl, file))
  let isStopped = false
  void shell.untilStopped().then(() => {
    isStopped = true
  })
  const show = createProgress(shell)
  const onStep = (copied: number, total: number) => {
    if (isStopped) throw new Error(`broken off; there is no ${file}`)
    show(copied, total)
  }
  const made = await backUp(config, file, { ...flags, onStep })
  if (flags.json) return shell.out(`${JSON.stringify({ file, ...made, notChecked: made.notChecked ?? null })}\n`)
  shell.out(`${file}: ${megabytes(made.bytes)}, ${wordsOf(made)}\n${made.key}\n`)
}

export async function restoreDatabase(shell: Shell, file: string, flags: RestoreFlags): Promise<void> {
  const config = configOf(shell, false)
  insistOnFile(shell, config, howToLoad(config.databaseUrl, file))
  const restored = await restore(config, file, { ...flags, key: flags.key, now: Date.now() })
  if (flags.json)
    return shell.out(`${JSON.stringify({ file, ...restored, notChecked: restored.notChecked ?? null })}\n`)
  const former = restored.aside.map(name => `what was there before is kept as ${name}\n`)
  shell.out(`restored ${file}: ${wordsOf(restored)}\n${former.join('')}`)
}

/** A server and a database in memory have no file of ours. */
function insistOnFile(shell: Shell, { databaseUrl }: Config, instead: string): void {
  const isMemory = databaseUrl === 'sqlite::memory:'
  if (databaseUrl.startsWith('sqlite:') && !isMemory) return
  shell.err(isMemory ? 'didgate: a database in memory has no file: DATABASE_URL is to name one\n' : instead)
  throw exit(EXIT.misconfigured)
}

function wordsOf({ version, older, notChecked }: Checked): string {
  const invariants = notChecked === undefined ? 'invariants hold' : `invariants not checked: ${notChecked}`
  const age = older === 0 ? '' : `, ${older} migrations behind, which the next start runs`
  return `whole, schema ${version}${age}; ${invariants}`
}

function createProgress(shell: Shell) {
  let last = performance.now()
  return (copied: number, total: number) => {
    if (performance.now() - last < LINE_EVERY_MS) return
    last = performance.now()
    shell.err(`copied ${Math.floor((copied / Math.max(total, 1)) * 100)} %\n`)
  }
}
