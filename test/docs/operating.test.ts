/** docs/operating.md, word for word: its blocks in one shell, in folders that stand for those of the machine. */
import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresIsHere } from '../support/engines.ts'
import { blocksOf } from '../support/page.ts'
import { SERVER } from '../support/postgres-schemas.ts'
import { freePort } from '../support/process.ts'
import { programFile } from '../support/program.ts'

const run = promisify(execFile)
const ROOT = resolve(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8')
const blocks = blocksOf(PAGE).filter(({ language }) => language === 'sh')
const SYSTEM = ['/opt/didgate', '/etc/didgate', '/var/lib/didgate']

describe('docs/operating.md', () => {
  let top: string
  beforeAll(async () => {
    top = mkdtempSync(join(tmpdir(), 'didgate-operating-'))
    for (const folder of [...SYSTEM, '/opt/didgate/bin']) mkdirSync(join(top, folder), { recursive: true })
    const program = join(top, '/opt/didgate/bin/didgate')
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${await programFile('src/cli.ts')}' "$@"\n`)
    chmodSync(program, 0o755)
    cpSync(join(ROOT, 'deploy'), join(top, '/opt/didgate/lib/node_modules/didgate/deploy'), { recursive: true })
  })
  afterAll(() => rmSync(top, { recursive: true, force: true }))

  it('leads from an empty machine to a gateway that serves in production', async () => {
    const [port, adminPort] = [String(await freePort()), String(await freePort())]
    const here = (text: string) =>
      SYSTEM.reduce((all, folder) => all.replaceAll(folder, `${top}${folder}`), text)
        .replaceAll(':8080', `:${port}`)
        .replaceAll(':8081', `:${adminPort}`)
        .replace(/^PORT=8080$/m, `PORT=${port}`)
        .replace(/^ADMIN_PORT=8081$/m, `ADMIN_PORT=${adminPort}`)
    const settings = join(top, '/opt/didgate/lib/node_modules/didgate/deploy/systemd/didgate.env')
    writeFileSync(settings, here(readFileSync(settings, 'utf8')))
    // each block says who it is, so that a failure names it; the server ends with the shell
    const texts = blocks
      .filter(({ why }) => why === '')
      .map(({ chapter, text }) => `echo '## ${chapter}'\n${missing(text)}${here(text)}`)
    const script = `HELP=$('${top}/opt/didgate/bin/didgate' --help)\ntrap '[ -z "\${SERVER:-}" ] || kill "$SERVER" 2>/dev/null || true' EXIT\n${texts.join('')}`
    const env = { PATH: process.env.PATH, HOME: top }
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: top, env }).catch(error => {
      throw new Error(`${error.stdout.split('\n').slice(-12).join('\n')}\n${error.stderr}`)
    })
    const shown = [
      /the database is up to date\nready\n\{"ok":true\}/,
      /"name": "Acme Telecom"/,
      /"client": \{\s+"api_key": "\w+"/,
      /would import 3, .*\nimported 3, unchanged 0, refused 0/,
      /would import 1, [\s\S]*imported 1, unchanged 0, refused 0/,
      /^didgate_numbers_owned 1$/m,
      /^didgate_numbers\{state="available"\} 3$/m,
      /"number":"12125550190"/,
      /\{"ok":true,"checked":\d+,"violations":\[\]\}/,
      /^\d+ passed, 0 failed/m,
      /^\d+ values sealed anew$/m,
    ]
    for (const pattern of shown) expect(stdout).toMatch(pattern)
    expect(existsSync(join(top, '/var/lib/didgate/didgate.log'))).toBe(true)
  })

  it.skipIf(!postgresIsHere)('brings a backup on PostgreSQL back by the commands that it names', async () => {
    const [one, other] = [0, 1].map(() => `didgate_${randomBytes(6).toString('hex')}`) as [string, string]
    const block = blocks.find(({ why, text }) => why.startsWith('postgres') && text.includes('pg_dump'))?.text ?? ''
    const commands = block
      .replaceAll('postgres://didgate@127.0.0.1:5432/didgate', `${SERVER}/${one}`)
      .replaceAll('postgres://didgate@127.0.0.1:5432/restored', `${SERVER}/${other}`)
      .replace(
        'sudo -u postgres createdb --owner=didgate restored',
        `createdb --maintenance-db=${SERVER}/test ${other}`,
      )
    expect(commands).not.toMatch(/restored|sudo/)
    const drop = [one, other].map(name => `dropdb --maintenance-db=${SERVER}/test --if-exists --force ${name}`)
    const settings = 'export DIDGATE_KEY=0123456789abcdef0123456789abcdef DIDGATE_SEED=none PORT=0 ADMIN_PORT=0'
    const didgate = `'${top}/opt/didgate/bin/didgate'`
    const script = `trap '${drop.join('; ')}' EXIT
      ${settings}
      createdb --maintenance-db=${SERVER}/test ${one}
      DATABASE_URL=${SERVER}/${one} ${didgate} migrate
      DATABASE_URL=${SERVER}/${one} ${didgate} account create Acme
      ${commands}
      DATABASE_URL=${SERVER}/${other} ${didgate} doctor
      DATABASE_URL=${SERVER}/${other} ${didgate} account list`
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: top,
      env: { PATH: process.env.PATH },
    })
    expect(stdout).toMatch(/^ok {7}invariants[\s\S]* Acme /m)
  })

  it('says why a block is not run, and has no slip of the pen in it', () => {
    const others = blocks.filter(({ why }) => why !== '')
    for (const { why, text, chapter } of others) {
      expect(why).toMatch(/^(root|docker|kubernetes|postgres): \S+/)
      execFileSync('bash', ['-n'], { input: text })
      process.stderr.write(`not run: ${chapter}: ${why}\n`)
    }
  })

  it('names files that are there', () => {
    const named = PAGE.match(/\bdeploy\/[\w./-]*\w/g) ?? []
    expect(named.length).toBeGreaterThan(10)
    for (const path of named) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true])
  })
})

const commandsOf = (text: string) => [
  ...new Set([...text.matchAll(/^\s*didgate ([a-z]+)/gm)].map(([, name = '']) => name)),
]

/** Tells at once, and by name, which command of a block this program does not have. */
function missing(text: string): string {
  return commandsOf(text)
    .map(
      command =>
        `grep -q '^  ${command}\\b' <<< "$HELP" || { echo "this program has no command: didgate ${command}" >&2; exit 1; }\n`,
    )
    .join('')
}
