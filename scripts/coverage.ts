/** Writes docs/coverage.md: runs the vectors of every dialect once, keeps what they were answered, and makes the table. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dialectModules } from '../src/dialects.ts'
import type { Recorded } from '../test/support/record.ts'
import {
  answersOf,
  describedDialects,
  digestOf,
  type KeptVectors,
  ROOT,
  VECTORS_FILE,
  vectorsFile,
} from './coverage-data.ts'
import { coverage } from './coverage-table.ts'

const all = describedDialects(dialectModules)
const names = all.map(({ dialect }) => dialect.name)

function recorded(): Recorded[] {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-coverage-'))
  const file = join(folder, 'answers.jsonl')
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  // one engine is enough: both answer alike
  const args = [vitest, 'run', ...names.map(vectorsFile), '-t', 'vectors on sqlite']
  const { status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, RECORD_ANSWERS: file },
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('the vectors fail: nothing was written')
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  rmSync(folder, { recursive: true })
  return lines.map(line => JSON.parse(line) as Recorded)
}

const records = recorded()
const kept: Record<string, KeptVectors> = Object.fromEntries(
  names.map(name => [name, { digest: digestOf(name), answers: answersOf(records, name) }]),
)
writeFileSync(VECTORS_FILE, `${JSON.stringify(kept, null, 1)}\n`)
writeFileSync(join(ROOT, 'docs', 'coverage.md'), await coverage(all, kept))
