/** The README's tests in other languages, run as they stand where the interpreter is. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blockOf } from '../support/page.ts'
import { type ServerProcess, startServer } from '../support/process.ts'

const run = promisify(execFile)
const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
const inTests = (language: string) => blockOf(README, 'The double in your tests', language)

function works(program: string, args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const LANGUAGES = [
  {
    language: 'python',
    program: 'python3',
    probe: ['-c', 'import pytest'],
    file: 'test_double.py',
    args: ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'],
    shows: /1 passed/,
  },
  {
    language: 'ruby',
    program: 'ruby',
    probe: ['-e', 'require "minitest/autorun"'],
    file: 'double_test.rb',
    args: [],
    shows: /1 runs, 2 assertions, 0 failures/,
  },
]

describe('README, the double in your tests', () => {
  let server: ServerProcess
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'didgate-readme-'))
    server = await startServer({ DATABASE_URL: 'sqlite::memory:' })
  })
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it.for(LANGUAGES)('$language', async ({ language, program, probe, file, args, shows }, { skip }) => {
    const source = inTests(language)
    expect(source).toContain('/requests/wait')
    if (!works(program, probe)) {
      skip(`${program} with its test library is not here`)
    }
    const here = source
      .replaceAll('http://127.0.0.1:8080', server.url)
      .replaceAll('http://127.0.0.1:8081', server.admin)
    writeFileSync(join(folder, file), here)
    const { stdout } = await run(program, [...args, join(folder, file)], { cwd: folder }).catch(error => error)
    expect(stdout).toMatch(shows)
  })

  it.each(['java', 'go', 'php'])('%s asks the same admin calls', language => {
    for (const path of ['/reset', '/faults', '/requests/wait']) expect(inTests(language)).toContain(path)
  })
})
