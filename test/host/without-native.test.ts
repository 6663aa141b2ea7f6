/** Installed by a manager that runs no scripts, the package has no native part: what it says then, as a process. */
import { spawn } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkInstalled } from '../support/installed.ts'
import { programFolder } from '../support/program.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const MODULES = join(ROOT, 'node_modules')

let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'didgate-scripts-'))
  const home = await programFolder()
  cpSync(home, join(folder, 'program'), { recursive: true })
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  const here = join(folder, 'node_modules')
  mkdirSync(here)
  linkInstalled(here, 'better-sqlite3')
  for (const part of ['package.json', 'lib']) {
    cpSync(join(MODULES, 'better-sqlite3', part), join(here, 'better-sqlite3', part), { recursive: true })
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function said(): Promise<{ code: number | null; text: string }> {
  const env = { ...process.env, DATABASE_URL: 'sqlite::memory:', PORT: '0', ADMIN_PORT: '0' }
  const child = spawn(process.execPath, [join(folder, 'program/src/cli.js'), 'serve'], { cwd: folder, env })
  let text = ''
  child.stderr.on('data', chunk => {
    text += String(chunk)
  })
  return new Promise(done => child.once('close', code => done({ code, text })))
}

it('D19: without the native part of SQLite it ends with one line that says what to run', async () => {
  const { code, text } = await said()
  expect(text).toMatch(
    /^didgate: better-sqlite3 was installed without its native part.*`npm rebuild better-sqlite3`.*\n$/,
  )
  expect(code).toBe(1)
})
