/**
 * Writes docs/coverage.md: runs the vectors of every dialect and what providers publish of their own once, keeps what they
 * were answered, and makes the table.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
import { JUDGED_FILE, type Judged, judgedOf, judgeRuns, keptJudged } from './coverage-judged.ts'
import { coverage } from './coverage-table.ts'

const all = describedDialects(dialectModules)
const names = all.map(({ dialect }) => dialect.name)

function recorded(...args: readonly string[]): Recorded[] {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-coverage-'))
  const file = join(folder, 'answers.jsonl')
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...args], {
    cwd: ROOT,
    env: { ...process.env, RECORD_ANSWERS: file },
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('tests fail: nothing was written')
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  rmSync(folder, { recursive: true })
  return lines.map(line => JSON.parse(line) as Recorded)
}

// one engine is enough: both answer alike
const records = recorded(...names.map(vectorsFile), '-t', 'vectors on sqlite')
const kept: Record<string, KeptVectors> = Object.fromEntries(
  names.map(name => [name, { digest: digestOf(name), answers: answersOf(records, name) }]),
)
// what is not at hand stays as it was
const judged: Record<string, Judged> = existsSync(JUDGED_FILE) ? keptJudged() : {}
for (const run of judgeRuns(all)) judged[run.dialect] = judgedOf(run, recorded(run.test))

writeFileSync(VECTORS_FILE, `${JSON.stringify(kept, null, 1)}\n`)
writeFileSync(JUDGED_FILE, `${JSON.stringify(judged, null, 1)}\n`)
writeFileSync(join(ROOT, 'docs', 'coverage.md'), await coverage(all, kept, judged))
