import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommanderError } from 'commander'
import { XMLParser } from 'fast-xml-parser'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { releasesAtOnce } from '../../adapters/kit/driver.ts'
import { sinch } from '../../adapters/sinch/index.ts'
import { vobiz } from '../../adapters/vobiz/index.ts'
import { wavix } from '../../adapters/wavix/index.ts'
import { createProgram } from '../../src/commands/program.ts'
import { isExit, type Shell } from '../../src/commands/shell.ts'
import { demoWorldFolder } from '../../src/config/package-files.ts'
import { demoAccess } from '../../src/demo.ts'
import { dialectModules } from '../../src/dialects.ts'
import { type Listener, listen } from '../../src/http/listen.ts'
import type { Send } from '../../verify/probe.ts'
import { GET, json } from '../support/mutate.ts'
import { type ServerProcess, startServer } from '../support/process.ts'
import { programFile } from '../support/program.ts'
import { failures, verifyWorld } from '../support/verify.ts'
import { openWorld, type TestWorld } from '../support/world.ts'

const LONG_MS = 60_000
const ROOT = join(import.meta.dirname, '../..')
const ACME = 12

interface Result {
  code: number
  out: string
  err: string
}

/** The command in this process. */
async function run(...args: string[]): Promise<Result> {
  const result: Result = { code: 0, out: '', err: '' }
  const shell: Shell = {
    env: {},
    out: text => {
      result.out += text
    },
    err: text => {
      result.err += text
    },
    input: async () => '',
    isTerminal: false,
    untilStopped: async () => {},
  }
  try {
    await createProgram(shell).parseAsync(['node', 'didgate', 'verify', ...args])
  } catch (error) {
    if (isExit(error)) result.code = error.exitCode
    // as src/cli.ts ends for a call that commander refuses
    else if (error instanceof CommanderError) result.code = 2
    else throw error
  }
  return result
}

const listeners: Listener[] = []
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close(100)
})

async function serving(fetch: Send): Promise<string> {
  const listener = await listen({ name: 'PORT', host: '127.0.0.1', port: 0, fetch })
  listeners.push(listener)
  return listener.url
}

async function inventory({ core }: TestWorld) {
  return { free: await core.inventory.count({}), money: await core.ledger.balance(ACME, 'USD') }
}

/** The clock stands still here: an order that shows its end a second later would never show it. */
async function settleAtOnce({ store }: TestWorld): Promise<void> {
  await store.write(async db => {
    for (const { id, profile } of await db.selectFrom('accounts').select(['id', 'profile']).execute()) {
      const more = JSON.stringify({ ...JSON.parse(profile), orderSettleMs: 0 })
      await db.updateTable('accounts').set({ profile: more }).where('id', '=', id).execute()
    }
  })
}

describe.each(dialectModules)('$name of our own gateway', ({ name, driver }) => {
  let world: TestWorld & { drop(): Promise<void> }
  let target: string
  beforeAll(async () => {
    world = await openWorld('sqlite', demoWorldFolder())
    await settleAtOnce(world)
  }, LONG_MS)
  afterAll(() => world.drop())

  it(
    'is right, and reading changes nothing',
    async () => {
      target = `${await serving(world.send)}/${name}`
      const before = await inventory(world)
      const { code, out } = await run('--dialect', name, '--target', target)
      expect(out.split('\n').filter(line => line.startsWith('FAIL'))).toEqual([])
      expect(out).toMatch(/\n\d\d+ passed, 0 failed, \d+ not applicable/)
      expect(out).toContain('needs --allow-purchases')
      expect(code).toBe(0)
      expect(await inventory(world)).toEqual(before)
    },
    LONG_MS,
  )

  it(
    'is right with purchases, which are given back where they can be',
    async () => {
      target = `${await serving(world.send)}/${name}/`
      const { code, out } = await run('--dialect', name, '--target', target, '--allow-purchases')
      expect(out.split('\n').filter(line => line.startsWith('FAIL'))).toEqual([])
      expect(out).not.toContain('needs --allow-purchases')
      expect(code).toBe(0)
      expect(await world.core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
      const { total } = await world.core.numbers.owned(
        { accountIds: [ACME] },
        { limit: 1, offset: 0 },
        { dialect: name },
      )
      if (releasesAtOnce(driver)) expect(total).toBe(0)
      else expect(total).toBeGreaterThan(0)
    },
    LONG_MS,
  )
})

describe('a server that is wrong', () => {
  let world: TestWorld & { drop(): Promise<void> }
  const wrong = json(GET(/\/v1\/profile$/), body => {
    delete body.company_name
    body.additional_info = 'a|b ```'
  })
  const check = async (report: string) => {
    const target = `${await serving(wrong(request => world.send(request)))}/wavix`
    return run('--dialect', 'wavix', '--target', target, '--report', report)
  }
  beforeAll(async () => {
    world = await openWorld('sqlite', demoWorldFolder())
  }, LONG_MS)
  afterAll(() => world.drop())

  it('is told with request, answer, rule and source, and ends with 1', async () => {
    const { code, out } = await check('text')
    expect(code).toBe(1)
    expect(out).toContain('FAIL rules: the profile has both forms of the company')
    expect(out).toContain('company_name is undefined, which is not allowed')
    expect(out).toContain('rule: docs/rules.md, wavix: the profile has both forms of the company')
    expect(out).toMatch(/GET http:\/\/127\.0\.0\.1:\d+\/wavix\/v1\/profile\n/)
    expect(out).toContain('authorization: Bearer [hidden]')
    expect(out).toContain('"first_name"')
  })
  it.each(['text', 'json', 'junit', 'markdown'])('is told without secrets as %s', async kind => {
    const { code, out } = await check(kind)
    expect(code).toBe(1)
    for (const { key = '' } of Object.values(demoAccess(wavix))) expect(out).not.toContain(key)
  })
  it('is told as JUnit', async () => {
    const { out } = await check('junit')
    const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(out)
    expect(testsuites['@_failures']).toBe('1')
    expect(testsuites.testsuite.map((each: Record<string, string>) => each['@_name'])).toEqual([
      'wavix contract',
      'wavix rules',
      'wavix answers',
    ])
    const failed = testsuites.testsuite[1].testcase.filter((each: object) => 'failure' in each)
    expect(failed).toMatchObject([{ '@_name': 'the profile has both forms of the company' }])
    expect(testsuites.testsuite[1].testcase.some((each: object) => 'skipped' in each)).toBe(true)
  })
  it('is told as JSON', async () => {
    const report = JSON.parse((await check('json')).out)
    expect(report).toMatchObject({ dialect: 'wavix', allowPurchases: false, totals: { failed: 1 } })
    const failed = report.checks.filter((each: { outcome: string }) => each.outcome === 'failed')
    expect(failed).toMatchObject([
      {
        group: 'rules',
        source: 'docs/rules.md, wavix: the profile has both forms of the company',
        failure: { message: expect.stringContaining('company_name') },
      },
    ])
    expect(failed[0].failure.request).toMatch(/^GET http/)
    expect(failed[0].failure.answer).toMatch(/^200\n/)
  })
  it('is told as Markdown', async () => {
    const { out } = await check('markdown')
    expect(out).toContain('| failed | rules | the profile has both forms of the company |  |')
    expect(out).toMatch(/\n````\n200\n/)
  })
})

describe('what is run', () => {
  let world: TestWorld & { drop(): Promise<void> }
  beforeAll(async () => {
    world = await openWorld('sqlite', demoWorldFolder())
  }, LONG_MS)
  afterAll(() => world.drop())

  it('is chosen by --only, and answers are judged all the same', async () => {
    const target = `${await serving(world.send)}/cm`
    const { code, out } = await run('--dialect', 'cm', '--target', target, '--only', 'RULES: .*statuses')
    expect(code).toBe(0)
    expect(out).toMatch(/\n2 passed, 0 failed, 0 not applicable/)
    expect(out).toContain('numberRequests/statuses: 1 as documented')
  })
  it('takes credentials from a file, and says what lacks without a second account', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'didgate-')), 'credentials.json')
    writeFileSync(file, JSON.stringify({ account: demoAccess(sinch).account }))
    const target = `${await serving(world.send)}/sinch`
    const { code, out } = await run('--dialect', 'sinch', '--target', target, '--credentials', file)
    expect(code).toBe(0)
    expect(out).toContain("another project's path is refused with 403\n       the credentials name no second account")
  })
  it('fails where credentials are wrong', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'didgate-')), 'credentials.json')
    writeFileSync(file, JSON.stringify({ account: { key: 'not-a-key' } }))
    const target = `${await serving(world.send)}/wavix`
    const { code, out } = await run('--dialect', 'wavix', '--target', target, '--credentials', file)
    expect(code).toBe(1)
    expect(out).not.toContain('not-a-key')
  })
  it('says so when the target stops answering in the middle', async () => {
    let left = 5
    const send: Send = async request => {
      if (left-- <= 0) throw new TypeError('fetch failed')
      return world.send(request)
    }
    const report = await verifyWorld(world, { module: vobiz, send })
    expect(failures(report).some(text => text.includes('fetch failed'))).toBe(true)
  })
})

describe('mistakes in the call end with 2', () => {
  const file = (text: string) => {
    const path = join(mkdtempSync(join(tmpdir(), 'didgate-')), 'credentials.json')
    writeFileSync(path, text)
    return path
  }
  const good = ['--dialect', 'wavix', '--target', 'http://127.0.0.1:1/wavix']
  it.each([
    [[], 'required option'],
    [['--dialect', 'wavix'], 'required option'],
    [['--dialect', 'nope', '--target', 'http://127.0.0.1:1'], 'must be one of onsip'],
    [['--dialect', 'wavix', '--target', 'ftp://127.0.0.1'], 'must be an http'],
    [['--dialect', 'wavix', '--target', 'wavix'], 'must be an http'],
    [[...good, '--report', 'pdf'], 'must be one of text'],
    [[...good, '--only', '('], 'is not a regular expression'],
    [[...good, '--only', 'no such check'], 'no check has such a name'],
    [[...good, '--credentials', '/nowhere.json'], 'no such file'],
    [[...good, '--credentials', file('{"account": {"key": "sec')], 'is not JSON'],
    [[...good, '--credentials', file('{"account": {}}')], 'account lacks key'],
    [[...good, '--credentials', file('{"acount": {}}')], 'or what didgate account credential wrote'],
    [good, 'cannot be reached'],
  ])('%j', async (args, message) => {
    const { code, out, err } = await run(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).not.toContain('"sec')
  })
})

describe('as a process', () => {
  let server: ServerProcess
  let cli: string
  beforeAll(async () => {
    cli = await programFile('src/cli.ts')
    server = await startServer({ DATABASE_URL: 'sqlite::memory:' })
  }, LONG_MS)
  afterAll(() => server.stop())

  const exitCode = (...args: string[]) =>
    new Promise<number>(resolve => {
      const child = execFile(process.execPath, [cli, 'verify', ...args], { cwd: ROOT })
      child.once('exit', code => resolve(code ?? -1))
    })

  it(
    'ends with 0, 1 and 2',
    async () => {
      const right = ['--dialect', 'sinch-v1', '--target', `${server.url}/sinch-v1`]
      const wrong = ['--dialect', 'sinch-v1', '--target', `${server.url}/wavix`]
      const away = ['--dialect', 'sinch-v1', '--target', 'http://127.0.0.1:1']
      const calls = [right, wrong, away, ['--target', server.url]]
      expect(await Promise.all(calls.map(args => exitCode(...args)))).toEqual([0, 1, 2, 2])
    },
    LONG_MS,
  )
})
