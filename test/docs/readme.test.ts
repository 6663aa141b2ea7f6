import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialects } from '../support/dialects.ts'
import { netsOf } from '../support/nets.ts'
import { blockOf, blocksOf } from '../support/page.ts'
import { freePort, type ServerProcess, startServer } from '../support/process.ts'
import { programFile } from '../support/program.ts'

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
const run = promisify(execFile)

/** The shell walks of the README, by the heading they stand under. */
const walks = blocksOf(README).flatMap(({ chapter, language, text }) => {
  const [, dialect] = /^A walk through the `([\w-]+)` dialect$/.exec(chapter) ?? []
  return dialect !== undefined && language === 'sh' ? [{ dialect, script: text }] : []
})

describe('README', () => {
  let server: ServerProcess
  beforeAll(async () => {
    server = await startServer({ DATABASE_URL: 'sqlite::memory:' })
  })
  afterAll(() => server.stop())

  it('has a walk for every dialect', () => {
    expect(walks.map(({ dialect }) => dialect).sort()).toEqual(dialects.map(({ name }) => name).sort())
  })

  it.each(walks)('the walk through $dialect does what it says', async ({ dialect, script }) => {
    const here = script
      .replaceAll('http://127.0.0.1:8080', server.url)
      .replaceAll('http://127.0.0.1:8081', server.admin)
    // bash -x would show credentials; -e stops at the first failing command
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', here])
    for (const pattern of netsOf(dialect).walk) expect(stdout).toMatch(pattern)
    expect(stdout).not.toMatch(/IsCompleted>false|"IsCompleted":"false"|"success":false|"error"/)
  })
})

const ROOT = join(import.meta.dirname, '../..')
const asDouble = (language: string) => blockOf(README, 'Use it as a double in your CI', language)

describe('README, as a double in CI', () => {
  it('the test for Vitest passes as it stands', async () => {
    mkdirSync(join(ROOT, '.tmp'), { recursive: true })
    const folder = mkdtempSync(join(ROOT, '.tmp/readme-'))
    try {
      // from a clean clone there is no build yet; test/host/testing/package.test.ts imports the built package
      const source = asDouble('ts').replace("'didgate/testing'", "'../../src/testing/index.ts'")
      expect(source).toContain('../../src/testing/index.ts')
      writeFileSync(join(folder, 'double.test.ts'), source)
      // a stranger's project has no settings of ours
      writeFileSync(join(folder, 'vitest.config.mjs'), 'export default {}\n')
      const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, ...env } = process.env
      const args = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder, '--reporter=json']
      const { stdout } = await run(process.execPath, args, { cwd: folder, env })
      expect(JSON.parse(stdout)).toMatchObject({ success: true, numPassedTests: 1 })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('the lines for any language do what they say', async () => {
    const [port, adminPort] = [await freePort(), await freePort()]
    const here = asDouble('sh')
      .replace(
        'DATABASE_URL=sqlite::memory: node_modules/.bin/didgate',
        `DATABASE_URL=sqlite::memory: exec '${process.execPath}' '${await programFile('src/cli.ts')}'`,
      )
      .replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`)
      .replaceAll('127.0.0.1:8081', `127.0.0.1:${adminPort}`)
    const env = { ...process.env, PORT: String(port), ADMIN_PORT: String(adminPort), LOG_LEVEL: 'warn' }
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', here], { cwd: ROOT, env })
    for (const pattern of [/"countries":\[/, /"now":"20.*"ran":/, /\{"ok":true\}\{"ok":true,"checked":10/]) {
      expect(stdout).toMatch(pattern)
    }
    await expect(fetch(`http://127.0.0.1:${adminPort}/healthz`)).rejects.toThrow()
  })
})
