import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LICENCES } from '../../../scripts/build/licences.ts'
import { buildPackage } from '../../../scripts/build/package.ts'
import { installed, linkInstalled } from '../../support/installed.ts'
import { megabytesOf } from '../../support/weight.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const run = promisify(execFile)
const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] }

/** A project of somebody else's, into which the package has been built and put as it is published and installed. */
let project = ''
let home = ''
beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'didgate-user-'))
  home = join(project, 'node_modules/didgate')
  mkdirSync(home, { recursive: true })
  for (const name of ['package.json', ...files.filter(each => each !== 'dist')]) {
    cpSync(join(ROOT, name), join(home, name), { recursive: true })
  }
  // nothing else: what only developers have is not there
  linkInstalled(join(home, 'node_modules'))
  symlinkSync(join(ROOT, 'node_modules/@types'), join(project, 'node_modules/@types'))
  await buildPackage(join(home, 'dist'))
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

const SUITE = `
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from 'didgate/testing'

test('buys a number', async () => {
  const gateway = await startGateway({ now: '2026-02-03T00:00:00Z' })
  const headers = { authorization: 'Bearer ' + gateway.credentials.wavix.key, 'content-type': 'application/json' }
  const base = gateway.url('wavix') + '/v1'
  const { dids } = await (await gateway.fetch(base + '/buy/countries/8652/cities/200/dids', { headers })).json()
  const body = JSON.stringify({ ids: [dids[0].number] })
  await gateway.fetch(base + '/buy/cart', { method: 'PUT', headers, body })
  const paid = await gateway.fetch(base + '/buy/cart/checkout', { method: 'POST', headers })
  assert.equal(paid.status, 201)
  const { items } = await (await gateway.fetch(base + '/numbers', { headers })).json()
  assert.deepEqual(items.map(each => each.number), [dids[0].number])
  await gateway.clock.set('2026-03-02T00:00:00Z')
  const invoice = await gateway.fetch(base + '/billing/invoices/202602', { headers })
  assert.match(await invoice.text(), /^%PDF-[^]+%%EOF/)
  await gateway.close()
})
`

it('node --test of another project imports it from the built package', async () => {
  const file = join(project, 'numbers.test.mjs')
  writeFileSync(file, SUITE)
  // the test runner of this process may not be taken for the child's parent
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env
  const child = run(process.execPath, ['--test', '--test-reporter=tap', file], { cwd: project, env })
  const { stdout } = await child.catch(error => error as { stdout: string })
  expect(stdout).toMatch(/^# pass 1$/m)
  expect(stdout).toMatch(/^# fail 0$/m)
})

const TYPED = `
import { startGateway, type TestGateway, type World } from 'didgate/testing'
const world: World = { accounts: [{ id: 1, name: 'One', currency: 'USD' }] }
const gateway: TestGateway = await startGateway({ seed: world, dialects: ['cm'], listen: true })
const answer: Response = await gateway.fetch(gateway.url('cm'))
const key: string = gateway.credentials.wavix.key
await gateway.clock.advance({ days: 1 })
console.log(answer.status, key)
// @ts-expect-error there is no such dialect
gateway.url('telepathy')
await gateway[Symbol.asyncDispose]()
`

const COMMON = `
import type { TestGateway, World } from 'didgate/testing' with { 'resolution-mode': 'import' }
const world: World = { accounts: [{ id: 1, name: 'One', currency: 'USD' }] }
const use = async (gateway: TestGateway): Promise<number> => (await gateway.fetch('/')).status
// @ts-expect-error there is no such member
world.telepathy
export = [world, use]
`

/** One program of both, since most of the compiler's time goes into what they have in common. */
it('its types say what it takes and gives, and are whole: typed.mts, typed.cts', async () => {
  const texts = { 'typed.mts': TYPED, 'typed.cts': COMMON }
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(project, name), text)
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node']
  const all = ['--ignoreConfig', '--skipLibCheck', 'false', ...flags, ...Object.keys(texts)]
  const done = run(join(ROOT, 'node_modules/.bin/tsc'), all, { cwd: project })
  expect(await done.catch(error => error.stdout as string)).toEqual({ stdout: '', stderr: '' })
})

it('takes no more than 60 MB when it is installed, and fewer than 120 packages, itself among them', () => {
  const folders = installed()
  const megabytes = [home, ...folders].map(megabytesOf).reduce((sum, each) => sum + each, 0)
  const packages = folders.length + 1
  process.stderr.write(`the package as installed: ${megabytes.toFixed(1)} MB, ${packages} packages\n`)
  expect(folders.map(folder => basename(folder))).toContain('better-sqlite3')
  expect(megabytesOf(home)).toBeGreaterThan(10)
  expect(megabytes).toBeLessThanOrEqual(60)
  expect(packages).toBeLessThan(120)
})

it('carries the licence of every library that it carries', () => {
  const vendor = join(home, 'dist/vendor')
  const files = readdirSync(vendor, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.js'))
  const text = files.map(name => readFileSync(join(vendor, name), 'utf8')).join('\n')
  const found = text.matchAll(/^ *\/\/ \S*?node_modules\/(\S*node_modules\/)?((?:@[^/\s]+\/)?[^/\s]+)\//gm)
  const carried = [...new Set([...found].map(([, outer = '', name = '']) => outer + name))]
  expect(carried).toEqual(expect.arrayContaining(['kysely', 'hono', 'pg', 'pg-types', 'valibot', 'fontkit']))
  const licences = readFileSync(join(home, 'dist', LICENCES), 'utf8')
  for (const path of carried) {
    const folder = join(ROOT, 'node_modules', path)
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    expect(licences).toContain(`\n${name} ${version} (`)
    const own = readdirSync(folder).find(file => /^licen[cs]e/i.test(file))
    if (own !== undefined) expect(licences).toContain(readFileSync(join(folder, own), 'utf8').trim())
  }
})

/** By `require`, as Jest asks where it does not run modules; the flag makes this Node as old as Jest's loader is. */
const required = (...flags: string[]) =>
  run(process.execPath, [...flags, '--eval', "console.log(typeof require('didgate/testing').startGateway)"], {
    cwd: project,
    env: { PATH: process.env.PATH },
  })

it('tells CommonJS in a line how to import it, and is required where Node can do that', async () => {
  const canRequire = process.allowedNodeEnvironmentFlags.has('--no-experimental-require-module')
  const flags = canRequire ? ['--no-experimental-require-module'] : []
  await expect(required(...flags)).rejects.toThrow(
    /Error: didgate\/testing is an ES module: import it; in Jest, run with/,
  )
  if (process.features.require_module) expect((await required()).stdout).toBe('function\n')
})
