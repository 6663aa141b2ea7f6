/** The image without a container engine: what its file says, and its steps in plain folders. */
import { execFile, spawn } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageVersion } from '../../src/config/package-files.ts'
import { copyOf, type Instruction, isSent, type Stage, stagesOf } from '../support/dockerfile.ts'
import { linkInstalled } from '../support/installed.ts'
import { freePort } from '../support/process.ts'

const run = promisify(execFile)
const ROOT = resolve(import.meta.dirname, '../..')
const ignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
const [build, final] = stagesOf(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')) as [Stage, Stage]
const wordsOf = (stage: Stage, word: string) => stage.steps.filter(each => each.word === word).map(({ rest }) => rest)
const SECRET = /key|token|password|secret|credential/i

describe('the Dockerfile', () => {
  it('builds in one stage and keeps nothing of it but what is copied', () => {
    for (const { from } of [build, final]) expect(from).toMatch(/^node:22-[\w.-]+$/)
    expect(build.name).toBe('build')
    expect(wordsOf(final, 'RUN').join('\n')).not.toMatch(/apt-get|npm|curl/)
    for (const { steps } of [build, final]) expect(steps.map(({ word }) => word)).not.toContain('ADD')
  })

  it('runs as nobody in particular, is checked, and has no secret in any layer', () => {
    expect(wordsOf(final, 'USER')).toEqual(['1000:1000'])
    expect(wordsOf(final, 'HEALTHCHECK')[0]).toMatch(/ CMD \["didgate", "ready"\]$/)
    const entry = [...wordsOf(final, 'ENTRYPOINT'), ...wordsOf(final, 'CMD')]
    expect(entry.map(each => JSON.parse(each))).toEqual([['didgate'], ['serve']])
    const kept = [build, final].flatMap(stage => ['ARG', 'ENV', 'COPY'].flatMap(word => wordsOf(stage, word)))
    for (const each of kept) expect(each).not.toMatch(SECRET)
  })

  it('is sent what it copies and nothing that is private', () => {
    const sources = [build, final].flatMap(({ steps }) =>
      steps
        .filter(({ word }) => word === 'COPY')
        .map(copyOf)
        .filter(({ from }) => from === undefined),
    )
    for (const path of sources.flatMap(each => each.sources)) {
      expect([path, existsSync(join(ROOT, path)), isSent(ignore, path)]).toEqual([path, true, true])
    }
    const privates = [
      'data/didgate.db',
      'data/didgate.key',
      '.git/config',
      '.env',
      'secrets/key',
      'node_modules/x',
      'dist/x',
    ]
    for (const path of privates) expect([path, isSent(ignore, path)]).toEqual([path, false])
  })
})

/** In place of steps that want a network, or root. */
const INSTEAD: [step: RegExp, why: string][] = [
  [/^apt-get /, 'what compiles is installed'],
  [/^npm ci$/, 'what is installed here is linked'],
  [/^npm prune/, 'links to what the program depends on are put in the place of that one'],
]

describe('its steps, in plain folders', () => {
  let top: string
  const places = new Map<string, string>()
  /** A path of the image, in its stage's folder. */
  const at = (stage: Stage, path: string) => join(places.get(stage.from + stage.name) as string, path)
  const inside = (stage: Stage, text: string) =>
    text.replace(/(?<![\w/.])\/(?=app|data|usr\/local|build)/g, `${at(stage, '/')}`)
  const isRoot = process.getuid?.() === 0

  function copy(folder: string, step: Instruction): void {
    const { from, sources, target } = copyOf(step)
    for (const source of sources) {
      const found = from === undefined ? join(ROOT, source) : at(build, source)
      const end = target.endsWith('/') ? join(target, basename(source)) : target
      cpSync(found, resolve(folder, end), { recursive: true, verbatimSymlinks: true })
    }
  }

  async function runHere(stage: Stage, folder: string, { rest }: Instruction): Promise<void> {
    const [, why] = INSTEAD.find(([pattern]) => pattern.test(rest)) ?? []
    if (why === undefined) {
      await run('sh', ['-ec', inside(stage, rest.replace('chown', isRoot ? 'chown' : 'true'))], { cwd: folder })
      return
    }
    process.stderr.write(`not run: ${rest.slice(0, 30)}: ${why}\n`)
    const modules = join(folder, 'node_modules')
    if (rest === 'npm ci') symlinkSync(join(ROOT, 'node_modules'), modules)
    if (!rest.startsWith('npm prune')) return
    rmSync(modules)
    linkInstalled(modules)
  }

  async function execute(stage: Stage): Promise<void> {
    let folder = at(stage, '/')
    for (const step of stage.steps) {
      if (step.word === 'WORKDIR') {
        folder = at(stage, step.rest)
        mkdirSync(folder, { recursive: true })
      }
      if (step.word === 'COPY') copy(folder, step)
      if (step.word === 'RUN') await runHere(stage, folder, step)
    }
  }

  beforeAll(async () => {
    top = mkdtempSync(join(tmpdir(), 'didgate-image-'))
    chmodSync(top, 0o755)
    for (const [index, stage] of [build, final].entries()) {
      const place = join(top, String(index))
      places.set(stage.from + stage.name, place)
      mkdirSync(join(place, 'usr/local/bin'), { recursive: true })
    }
    await execute(build)
    await execute(final)
  })
  afterAll(() => rmSync(top, { recursive: true, force: true }))

  /** As the image sets it, on ports of this test. */
  async function environment(): Promise<Record<string, string>> {
    const set = wordsOf(final, 'ENV').join(' ').split(/\s+/)
    const env = Object.fromEntries(set.map(each => each.split(/=(.*)/s) as [string, string]))
    const url = inside(final, (env.DATABASE_URL as string).replace('sqlite:', '')).replace(/^/, 'sqlite:')
    const ports = { PORT: String(await freePort()), ADMIN_PORT: String(await freePort()) }
    return { PATH: `${at(final, '/usr/local/bin')}:${process.env.PATH}`, ...env, ...ports, DATABASE_URL: url }
  }

  it('make a program that serves without a right to write anything but its data', async () => {
    const env = await environment()
    const ids = isRoot ? { uid: 1000, gid: 1000 } : {}
    if (!isRoot) process.stderr.write('the image serves as this user: only root can become another one\n')
    const options = { env, cwd: at(final, '/app'), ...ids }
    expect((await run('didgate', ['--version'], options)).stdout).toBe(`${packageVersion()}\n`)
    await expect(run('didgate', ['ready'], options)).rejects.toMatchObject({ code: 1 })
    const server = spawn('didgate', ['serve'], { ...options, stdio: 'ignore' })
    const ended = new Promise<number | null>(done => server.once('exit', done))
    try {
      expect((await run('didgate', ['ready', '--wait', '60'], options)).stdout).toBe('ready\n')
      const answer = await fetch(`http://127.0.0.1:${env.PORT}/wavix/v1/buy/countries?appid=demo-wavix-acme`)
      expect(answer.status).toBe(200)
      expect(existsSync(at(final, '/data/didgate.db'))).toBe(true)
    } finally {
      server.kill('SIGTERM')
      expect(await ended).toBe(0)
    }
  })
})
