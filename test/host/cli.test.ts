import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommanderError } from 'commander'
import { beforeAll, describe, expect, it } from 'vitest'
import { createProgram } from '../../src/commands/program.ts'
import { isExit, type Shell } from '../../src/commands/shell.ts'
import { environmentSchema } from '../../src/config/config-schema.ts'
import { demoWorldFolder } from '../../src/config/package-files.ts'
import { programFile } from '../support/program.ts'

const temporary = () => mkdtempSync(join(tmpdir(), 'didgate-'))
const freshDatabase = () => ({ DATABASE_URL: `sqlite:${join(temporary(), 'didgate.db')}`, LOG_LEVEL: 'silent' })

async function migrated() {
  const env = freshDatabase()
  await run(env, ['migrate'])
  return env
}

interface Result {
  code: number
  out: string
  err: string
}

/** One command in this process. `whileServing` runs between the banner and the stop signal. */
async function run(
  env: Record<string, string>,
  args: string[],
  whileServing?: (banner: string) => Promise<void>,
  input = '',
): Promise<Result> {
  const result: Result = { code: 0, out: '', err: '' }
  const shell: Shell = {
    env,
    out: text => {
      result.out += text
    },
    err: text => {
      result.err += text
    },
    input: async () => input,
    isTerminal: false,
    untilStopped: async () => whileServing?.(result.out),
  }
  try {
    await createProgram(shell).parseAsync(['node', 'didgate', ...args])
  } catch (error) {
    if (isExit(error) || error instanceof CommanderError) result.code = error.exitCode
    else throw error
  }
  return result
}

const HEADER = 'e164,country,type,area_code,region,city,currency,setup_price,monthly_price'
const good = (n: number) => `+1212789010${n},US,local,212,NY,New York,USD,1.00,2.00`

function csvFile(...rows: string[]): string {
  const file = join(temporary(), 'numbers.csv')
  writeFileSync(file, [HEADER, ...rows].join('\n'))
  return file
}

describe('help', () => {
  const commands = [
    [],
    ['serve'],
    ['migrate'],
    ['seed'],
    ['import'],
    ['verify'],
    ['account'],
    ...['list', 'create', 'topup', 'credential', 'organization', 'user'].map(name => ['account', name]),
  ]
  it.each(commands.map(words => [words.join(' '), words] as const))('didgate %s --help', async (_, words) => {
    const { code, out } = await run({}, [...words, '--help'])
    expect(code).toBe(0)
    expect(out).toContain('Usage: didgate')
  })
})

it('help names every setting', async () => {
  const { out } = await run({}, ['--help'])
  const ofTests = ['DIDGATE_JOURNAL', 'SPACES_LIMIT', 'SPACES_MEGABYTES']
  for (const name of Object.keys(environmentSchema([]).entries)) {
    if (!ofTests.includes(name)) expect(out).toMatch(new RegExp(`\\b${name}\\b`))
  }
})

describe('serve', () => {
  it('lists every mistake and ends with 2', async () => {
    const { code, out, err } = await run({ PORT: 'x', LOG_LEVEL: 'loud', DIDGATE_MODE: 'production' }, ['serve'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err.trim().split('\n')).toHaveLength(4)
  })

  it('prints base URLs, credentials and one curl that works for each dialect', async () => {
    const env = { ...freshDatabase(), PORT: '0', ADMIN_PORT: '0' }
    const { code } = await run(env, ['serve'], async banner => {
      expect(banner).toMatch(/onsip +http:\/\/127\.0\.0\.1:\d+\/onsip/)
      expect(banner).toContain('demo-ann-password')
      const [, url = ''] = /curl '([^']+onsip[^']+)'/.exec(banner) ?? []
      const answer = await (await fetch(url)).json()
      expect(answer).toMatchObject({ Response: { Context: { Session: { IsEstablished: 'true' } } } })
    })
    expect(code).toBe(0)
  })

  it('prints no credentials of a world it does not know', async () => {
    const env = { ...freshDatabase(), PORT: '0', ADMIN_PORT: '0', DIDGATE_SEED: 'none' }
    const { out } = await run(env, ['serve'])
    expect(out).toContain('/onsip')
    expect(out).not.toMatch(/demo-|curl/)
  })
})

describe('data', () => {
  it('migrates, as often as one likes', async () => {
    const env = freshDatabase()
    expect((await run(env, ['migrate'])).code).toBe(0)
    expect((await run(env, ['migrate'])).out).toBe('the database is up to date\n')
  })

  it('seeds an empty database only', async () => {
    const env = freshDatabase()
    expect((await run(env, ['seed', demoWorldFolder()])).out).toMatch(/loaded .*: \d+ accounts, \d{4,} numbers to buy/)
    await expect(run(env, ['seed', demoWorldFolder()])).rejects.toThrow('not empty')
  })

  it('imports a file, and refuses one with bad lines', async () => {
    const env = freshDatabase()
    expect((await run(env, ['import', csvFile(good(1), good(2))])).out).toBe('imported 2, unchanged 0, refused 0\n')
    const bad = csvFile(good(3), '+1212,US,local,212,NY,New York,USD,1.00,2.00', good(4), '+12127890105,US,local')
    const refused = await run(env, ['import', bad])
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toMatch(/^line \d+: /)
    const kept = await run(env, ['import', bad, '--keep-good'])
    expect(kept).toMatchObject({ code: 0, out: 'imported 2, unchanged 0, refused 2\n' })
    expect(kept.err).toMatch(/^line 3: .*\nline 5: .*\n$/)
  })

  it('D2: tells what owned numbers will cost before they come in', async () => {
    const env = await migrated()
    const { id } = JSON.parse((await run(env, ['account', 'create', 'Acme', '--currency', 'USD'])).out)
    const file = join(temporary(), 'owned.csv')
    const header = `${HEADER},account_id,activated_at,paid_until`
    writeFileSync(file, `${header}\n${good(1)},${id},2020-01-05,2024-04-05\n${good(1)},${id},2020-01-05,2024-04-05\n`)
    const flags = ['--owned', '--keep-good', '--dry-run']
    const tried = await run(env, ['import', file, ...flags])
    expect(tried.out).toMatch(
      /^would import 1, leave 0 unchanged, refuse 1; nothing was kept\naccount \d+: 1 numbers, 2.00 USD a month; due at once: \d+.00 USD for \d+ months \(.*suspended\), next on /,
    )
    expect((await run(env, ['import', file, ...flags, '--billed-elsewhere'])).out).toContain('nothing is due yet')
    await expect(run(env, ['import', file, '--billed-elsewhere'])).rejects.toThrow('--owned')
    expect((await run(env, ['import', file, '--owned', '--bill-from', '2026-02-30'])).code).not.toBe(0)
    expect((await run(env, ['import', file, '--encoding', 'klingon'])).code).not.toBe(0)
    expect((await run(env, ['import', file, '--owned', '--keep-good', '--billed-elsewhere'])).out).toMatch(
      /^imported 1/,
    )
  })

  it('says what is wrong with a file that is not there', async () => {
    await expect(run(freshDatabase(), ['import', '/no/such/file.csv'])).rejects.toThrow('no such file')
    expect((await run({}, ['import'])).code).not.toBe(0)
  })
})

describe('account', () => {
  it.each([
    ['--parent', 'create', 'Sub', '--parent', 'abc'],
    ['--parent', 'create', 'Sub', '--parent', ''],
    ['--parent', 'create', 'Sub', '--parent', '0x1'],
    ['--user', 'credential', '1', 'wavix', '--user', '1e1'],
    ['--overlap', 'rotate', '1', '1', '--overlap', 'long'],
    ['transaction', 'refund', '1', 'tx', '--reason', 'x'],
  ])('says that %s is a whole number: %s %s %s', async (what, ...args) => {
    const env = await migrated()
    await run(env, ['account', 'create', 'Acme'])
    await expect(run(env, ['account', ...args])).rejects.toThrow(`${what}: must be a whole number`)
  })

  it('takes an id for what it is, and writes no control characters of names on a terminal', async () => {
    const env = await migrated()
    await run(env, ['account', 'create', 'Acme\u001b[31m\nRed'])
    expect((await run(env, ['account', 'list'])).out).toContain('Acme [31m Red')
    await expect(run(env, ['account', 'organization', '1/users?', 'a.example'])).rejects.toThrow('no account 1/users?')
  })

  it('lists every account, more than one answer of the admin plane holds', async () => {
    const env = freshDatabase()
    const file = join(temporary(), 'world.json')
    const accounts = Array.from({ length: 1002 }, (_, i) => ({ id: i + 1, name: `A ${i + 1}`, currency: 'USD' }))
    writeFileSync(file, JSON.stringify({ accounts }))
    await run(env, ['seed', file])
    const listed = JSON.parse((await run(env, ['account', 'list', '--json'])).out)
    expect(listed.map(({ id }: { id: number }) => id)).toEqual(accounts.map(({ id }) => id))
  })

  it('creates, lists and pays an account, and opens it', async () => {
    const env = await migrated()
    const json = async (...args: string[]) => JSON.parse((await run(env, ['account', ...args])).out)
    const { id } = await json('create', 'Acme', '--currency', 'EUR')
    expect(await json('topup', String(id), '25.00')).toMatchObject({ currency: 'EUR', balance_after: '25.00' })
    const credential = await json('credential', String(id), 'onsip', '--kind', 'password', '--public-id', 'acme')
    expect(credential).toMatchObject({ realm: 'onsip', public_id: 'acme' })
    expect(credential.secret.length).toBeGreaterThan(20)
    expect(await json('organization', String(id), 'acme.example.com')).toMatchObject({ domain: 'acme.example.com' })
    expect(await json('user', String(id), 'ann')).toMatchObject({ auth_username: 'ann', domain: 'acme.example.com' })
    const { out } = await run(env, ['account', 'list'])
    expect(out).toMatch(new RegExp(`^ID .*\\n${id} +MA_\\w+ +Acme +EUR +owner\\n$`))
    expect(await json('list', '--json')).toMatchObject([{ id, name: 'Acme' }])
  })

  it('corrects what went wrong, and each event says who did it and why', async () => {
    const env = { ...(await migrated()), DIDGATE_SEED: 'none' }
    const json = async (...args: string[]) => JSON.parse((await run(env, args)).out)
    const { id } = await json('account', 'create', 'Acme')
    const of = (verb: string, ...args: string[]) => json('account', verb, String(id), ...args)
    await of('topup', '25.00')
    expect((await run(env, ['account', 'correct', String(id), '--', '-5.00'])).err).toContain('--reason')
    expect(await of('correct', '--reason', 'typed twice', '--', '-5.00')).toMatchObject({ balance_after: '20.00' })
    const token = await json('token', 'create', 'ann', '--reason', 'new colleague')
    expect(token.token).toMatch(/^\w{40}$/)
    expect(await json('token', 'revoke', String(token.id), '--reason', 'left')).toMatchObject({ name: 'ann' })
    const revoke = (id: unknown) => run(env, ['token', 'revoke', String(id), '--reason', 'left'])
    await expect(revoke(token.id)).rejects.toThrow(`admin token ${token.id} is revoked already`)
    await expect(revoke(99)).rejects.toThrow('no admin token 99')
    const { events } = await json('events', '--account', String(id), '--kind', 'account.corrected')
    expect(events).toMatchObject([
      { administrator: expect.stringMatching(/^command line/), data: { note: 'typed twice' } },
    ])
    const key = await of('credential', 'wavix')
    const next = await of('rotate', String(key.id), '--overlap', '60', '--reason', 'yearly')
    expect(next.secret).not.toBe(key.secret)
    expect((await of('credentials')).credentials.length).toBe(2)
    expect((await run(env, ['account', 'ledger', String(id), '--kind', 'adjustment'])).out).toContain('"-5.00"')
    expect(await json('number', 'find', '--starts', '1212')).toMatchObject({ numbers: [] })
    await expect(run(env, ['number', 'move', '+12125550100', String(id), '--reason', 'x'])).rejects.toThrow('no number')
  })

  it('writes exports to a new file or to the standard output', async () => {
    const env = freshDatabase()
    await run(env, ['seed', demoWorldFolder()])
    const file = join(temporary(), 'inventory.csv')
    expect(await run(env, ['export', 'inventory', '--for-import', '--output', file])).toMatchObject({
      code: 0,
      out: '',
    })
    await expect(run(env, ['export', 'inventory', '--output', file])).rejects.toThrow('already')
    const { out } = await run(env, ['export', 'ledger', '--format', 'ndjson'])
    expect(
      out
        .trim()
        .split('\n')
        .map(line => JSON.parse(line).kind),
    ).toContain('topup')
    const other = freshDatabase()
    const lines = readFileSync(file, 'utf8').trim().split('\r\n').length - 1
    expect((await run(other, ['import', file])).out).toBe(`imported ${lines}, unchanged 0, refused 0\n`)
  })

  it('takes secrets from the standard input alone', async () => {
    const env = await migrated()
    const { id } = JSON.parse((await run(env, ['account', 'create', 'Acme'])).out)
    const made = await run(
      env,
      ['account', 'credential', String(id), 'wavix', '--secret-stdin'],
      undefined,
      'a-given-secret\n',
    )
    expect(JSON.parse(made.out).secret).toBe('a-given-secret')
    await expect(run(env, ['account', 'credential', String(id), 'wavix', '--secret-stdin'])).rejects.toThrow(
      'no secret',
    )
    expect((await run(env, ['account', 'credential', String(id), 'wavix', '--secret', 'x'])).code).not.toBe(0)
  })

  it('makes no database: settings that were not loaded would lead to an empty one', async () => {
    const env = freshDatabase()
    const path = env.DATABASE_URL.slice('sqlite:'.length)
    const commands = [
      'account list',
      'account create A',
      'number show +12125550100',
      'export ledger',
      'token list',
      'events',
    ]
    const rotate = { ...env, DIDGATE_KEY: 'a-key-for-this-test', DIDGATE_KEY_OLD: 'the-one-before-it' }
    const refused = `there is no database at ${path}; if DATABASE_URL is right, didgate migrate makes it`
    for (const command of commands) await expect(run(env, command.split(' '))).rejects.toThrow(refused)
    await expect(run(rotate, ['rotate-key'])).rejects.toThrow(refused)
    expect(existsSync(path)).toBe(false)
  })

  it('says what is wrong', async () => {
    const env = await migrated()
    await expect(run(env, ['account', 'topup', '999', '1.00'])).rejects.toThrow('no account 999')
    await expect(run(env, ['account', 'create', 'A', '--currency', 'euro'])).rejects.toThrow('currency')
    await expect(run(env, ['export', 'ledger', '--from', 'november'])).rejects.toThrow('from: must be a date')
  })
})

describe('the program', () => {
  let cli: string
  beforeAll(async () => {
    cli = await programFile('src/cli.ts')
  })

  function start(env: Record<string, string>, ...args: string[]) {
    const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, ...env } })
    const result: Result = { code: -1, out: '', err: '' }
    child.stdout.on('data', data => {
      result.out += data
    })
    child.stderr.on('data', data => {
      result.err += data
    })
    const ended = new Promise<Result>(done => child.on('close', code => done({ ...result, code: code ?? -1 })))
    const says = async (text: string) => {
      while (!result.out.includes(text)) await new Promise(done => child.stdout.once('data', done))
      return result.out
    }
    return { child, ended, says }
  }

  it('serves until SIGTERM and ends with 0', async () => {
    const { child, ended, says } = start({ ...freshDatabase(), PORT: '0', ADMIN_PORT: '0' }, 'serve')
    const [url = ''] = /http:\S+\/onsip/.exec(await says('admin')) ?? []
    expect((await fetch(`${url}/api?Action=NoOp`)).status).toBe(200)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0 })
  })

  it('ends with 2 on mistakes in the settings, and with 1 and one line when a port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise(done => taken.once('listening', done))
    const { port } = taken.address() as AddressInfo
    const env = { ...freshDatabase(), DIDGATE_SEED: 'none', ADMIN_PORT: '0', PORT: String(port) }
    const [wrong, busy] = await Promise.all([start({ PORT: 'x' }, 'serve').ended, start(env, 'serve').ended])
    taken.close()
    expect(wrong).toMatchObject({ code: 2, err: expect.stringMatching(/^didgate: PORT: .*\n$/) })
    expect(busy).toMatchObject({ code: 1, err: expect.stringMatching(/^didgate: .* is in use .*\n$/) })
  })
})
