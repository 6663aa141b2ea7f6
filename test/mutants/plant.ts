/** One fault at a time in a source, as it is read: nothing on disk changes. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PLANTED, type Planted } from './planted.ts'

const ROOT = join(import.meta.dirname, '../..')

export interface Catch {
  fault: string
  /** Titles of the tests that failed; none: nobody sees it. */
  by: string[]
}

interface Report {
  testResults: { assertionResults: { status: string; ancestorTitles: string[]; title: string }[] }[]
}

function tryOne(folder: string, { fault, source, was, is, tests }: Planted): Catch {
  const path = join(ROOT, source)
  const text = readFileSync(path, 'utf8')
  if (text.split(was).length !== 2) throw new Error(`${source} does not hold once: ${was}`)
  const [work, report] = [join(folder, 'work.json'), join(folder, 'report.json')]
  writeFileSync(work, JSON.stringify({ texts: { [path]: text.replace(was, () => is) } }))
  const args = ['vitest', 'run', '--config', 'test/mutants/vitest.config.ts', '--reporter=json']
  const env = { ...process.env, MUTANTS: work, MUTANT_TESTS: tests.join(','), PLANTED: '1', TEST_ENGINES: 'sqlite' }
  rmSync(report, { force: true })
  spawnSync('npx', [...args, `--outputFile=${report}`], { cwd: ROOT, stdio: 'ignore', env })
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  const failed = testResults.flatMap(each => each.assertionResults).filter(({ status }) => status === 'failed')
  return { fault, by: [...new Set(failed.map(({ title }) => title))] }
}

export function plantAll(note: (result: Catch) => void): Catch[] {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'))
  try {
    return PLANTED.map(planted => {
      const result = tryOne(folder, planted)
      note(result)
      return result
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
