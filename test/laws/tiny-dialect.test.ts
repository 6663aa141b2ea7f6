import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const run = promisify(execFile)

interface Report {
  success: boolean
  numPassedTests: number
  testResults: { name: string; message: string; assertionResults: { status: string; fullName: string }[] }[]
}

/** Files and tests that fail. */
function failures({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message === '' ? [] : [`${name}: ${message}`]),
    ...assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `${name}: ${fullName}`),
  ])
}

// a provider without a list of owned numbers, and with nothing that could be set on one
it('a dialect of one folder and one word in the register passes every test that goes over dialects', async () => {
  const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, ...env } = process.env
  const config = join(ROOT, 'test/laws/tiny/vitest.config.ts')
  const args = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config, '--reporter=json']
  const child = run(process.execPath, args, { cwd: ROOT, env, maxBuffer: 64 * 1024 * 1024 })
  const { stdout } = await child.catch(error => error as { stdout: string })
  const report = JSON.parse(stdout.slice(stdout.indexOf('{"num'))) as Report
  expect(failures(report)).toEqual([])
  expect(report.success).toBe(true)
  expect(report.numPassedTests).toBeGreaterThan(60)
})
