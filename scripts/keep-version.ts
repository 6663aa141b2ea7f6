/**
 * `npm run keep-version`: a small database of the present version, kept in fixtures/versions for the tests of upgrades.
 * Its own program serves a small world, a short life is lived by HTTP, and what the database then holds is kept.
 * One that is kept already stays, unless `--again` is said: what databases of that version are has not changed.
 * `--program FOLDER --name NAME` keeps one of another version, from a checkout of it.
 */
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import pg from 'pg'
import { latestMigration } from '../core/store/migrations.ts'
import { freePort } from '../test/support/process.ts'
import { KEPT_KEY, keptVersions, VERSIONS } from '../test/support/versions.ts'
import { liveShortLife } from './short-life.ts'

const { values } = parseArgs({
  options: {
    program: { type: 'string', default: resolve(import.meta.dirname, '..') },
    name: { type: 'string', default: latestMigration().slice(0, 4) },
    again: { type: 'boolean', default: false },
    postgres: { type: 'string', default: 'postgres://postgres@127.0.0.1:5432/postgres' },
  },
})
const work = mkdtempSync(join(tmpdir(), 'didgate-keep-'))
const folder = join(VERSIONS, values.name)

/** Of the demo world of that version, each kind of number that the life asks for, and no more. */
function smallWorld(): string {
  const demo = join(values.program, 'fixtures/demo')
  const [header = '', ...lines] = readFileSync(join(demo, 'numbers.csv'), 'utf8').trim().split('\n')
  const some = (pattern: RegExp, count: number) => lines.filter(line => pattern.test(line)).slice(0, count)
  const world = readFileSync(join(demo, 'world.json'), 'utf8')
  const chosen = [
    ...lines.filter(line => world.includes(`"${line.split(',', 1)}"`)),
    ...some(/^\+1212789/, 5),
    ...some(/,Los Angeles,.*sms/, 8),
    ...some(/,IN,/, 5),
    ...some(/,NL,local,20,/, 40),
  ]
  const seed = join(work, 'world')
  mkdirSync(seed, { recursive: true })
  writeFileSync(join(seed, 'numbers.csv'), `${[header, ...new Set(chosen)].join('\n')}\n`)
  writeFileSync(join(seed, 'world.json'), world)
  return seed
}

async function untilReady(admin: string, hasEnded: () => boolean): Promise<void> {
  for (;;) {
    const answer = await fetch(`${admin}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    if (hasEnded()) throw new Error('the program ended before it served')
    await new Promise(done => setTimeout(done, 100))
  }
}

/** The program of that version over this database, from its first start to its end. */
async function live(url: string, seed: string): Promise<void> {
  const [port, adminPort] = [await freePort(), await freePort()]
  const settings = { PORT: `${port}`, ADMIN_PORT: `${adminPort}`, LOG_LEVEL: 'warn', DIDGATE_KEY: KEPT_KEY }
  const program = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'serve'], {
    cwd: values.program,
    env: { ...process.env, ...settings, DATABASE_URL: url, DIDGATE_SEED: seed },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise(done => program.once('exit', done))
  const [data, admin] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${adminPort}`]
  try {
    await untilReady(admin, () => program.exitCode !== null)
    await liveShortLife(data, admin)
  } finally {
    program.kill('SIGTERM')
    await ended
  }
}

function keep(name: string, bytes: Buffer): void {
  mkdirSync(folder, { recursive: true })
  const packed = gzipSync(bytes, { level: 9 })
  writeFileSync(join(folder, name), packed)
  process.stderr.write(`${values.name}/${name}: ${packed.length} bytes\n`)
}

async function keepSqlite(seed: string): Promise<void> {
  const file = join(work, 'didgate.db')
  await live(`sqlite:${file}`, seed)
  keep('sqlite.db.gz', readFileSync(file))
}

/** In statements that any client can send; the lines that only psql understands are left out. */
function dump(url: string): Buffer {
  const flags = ['--no-owner', '--no-privileges', '--inserts', '--rows-per-insert=100', url]
  const text = execFileSync('pg_dump', flags, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  return Buffer.from(text.replace(/^\\(un)?restrict .*\n/gm, ''))
}

async function keepPostgres(seed: string): Promise<void> {
  const name = `didgate_keep_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client(values.postgres)
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  try {
    const url = new URL(values.postgres)
    url.pathname = name
    await live(url.href, seed)
    keep('postgres.sql.gz', dump(url.href))
  } finally {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  }
}

async function keepBoth(): Promise<void> {
  const seed = smallWorld()
  await keepSqlite(seed)
  await keepPostgres(seed)
}

const isKept = keptVersions().includes(values.name)
try {
  if (!isKept || values.again) await keepBoth()
  else process.stderr.write(`${values.name} is kept already, and stays as it was: --again makes it anew\n`)
} finally {
  rmSync(work, { recursive: true, force: true })
}
