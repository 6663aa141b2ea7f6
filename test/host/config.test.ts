import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { openKey } from '../../src/config/key.ts'
import { demoWorldFolder } from '../../src/config/package-files.ts'

const context = { dialects: ['onsip', 'wavix'], serving: true }
const read = (env: Record<string, string>) => readConfig(env, context)
const problemsOf = (env: Record<string, string>) => read(env).problems
const production = {
  DIDGATE_MODE: 'production',
  DIDGATE_ADMIN_TOKEN: 'a-long-admin-token',
  DIDGATE_KEY: '0123456789abcdef0123456789abcdef',
}

describe('configuration', () => {
  it('has a default for everything', () => {
    expect(read({}).config).toEqual({
      mode: 'double',
      host: '127.0.0.1',
      port: 8080,
      publicUrl: undefined,
      trustProxy: false,
      dialectPorts: [],
      tls: undefined,
      admin: { host: '127.0.0.1', port: 8081, token: undefined, tls: undefined },
      databaseUrl: 'sqlite:./data/didgate.db',
      replica: undefined,
      databaseWaitMs: 30_000,
      databaseTimeoutMs: 15_000,
      seed: demoWorldFolder(),
      key: undefined,
      logLevel: 'info',
      sessionTtlMs: undefined,
      retention: { ended: 1, idempotency: 7, callbacks: 14, carts: 28, imports: 28 },
      journal: 1_000,
      spaces: { limit: 2_000, megabytes: 4_096 },
    })
  })

  it('reads every variable', () => {
    const { config } = read({
      HOST: '0.0.0.0',
      PORT: '80',
      PUBLIC_URL: 'https://numbers.example.com/gate/',
      TRUST_PROXY: 'yes',
      DIALECT_PORTS: 'onsip:8091, wavix:8092',
      ADMIN_HOST: '::1',
      ADMIN_PORT: '0',
      DIDGATE_ADMIN_TOKEN: 't',
      DATABASE_URL: 'postgres://u:p@db,db2:5433/didgate?target_session_attrs=read-write',
      DATABASE_READ_URL: 'postgres://u:p@db3/didgate',
      DATABASE_READ_LAG: '7',
      DIDGATE_SEED: 'none',
      LOG_LEVEL: 'warn',
      SESSION_TTL: '60',
      RETENTION_ENDED: '2',
      RETENTION_IDEMPOTENCY: '3',
      RETENTION_CALLBACKS: '4',
      RETENTION_CARTS: '5',
      RETENTION_IMPORTS: '36500',
    })
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 80,
      publicUrl: 'https://numbers.example.com/gate',
      trustProxy: true,
      dialectPorts: [
        { dialect: 'onsip', port: 8091 },
        { dialect: 'wavix', port: 8092 },
      ],
      admin: { host: '::1', port: 0, token: 't' },
      databaseUrl: 'postgres://u:p@db,db2:5433/didgate?target_session_attrs=read-write',
      replica: { url: 'postgres://u:p@db3/didgate', lagMs: 7_000 },
      seed: undefined,
      logLevel: 'warn',
      sessionTtlMs: 60_000,
      retention: { ended: 2, idempotency: 3, callbacks: 4, carts: 5, imports: 36_500 },
    })
  })

  it('D8: takes the private networks that callbacks may go to, and refuses what names none', () => {
    const named = read({ CALLBACK_ALLOW_NETWORKS: '172.16.0.0/12, fd00::/8' })
    expect(named.config?.callbackNetworks).toEqual(['172.16.0.0/12', 'fd00::/8'])
    for (const wrong of [
      '172.16.0.0',
      '172.16.0.0/33',
      'localnet/8',
      '0.0.0.0/0',
      '::/0',
      '10.0.0.0/8 172.16.0.0/12',
    ]) {
      const [problem] = problemsOf({ CALLBACK_ALLOW_NETWORKS: wrong })
      expect(problem, wrong).toMatch(/^CALLBACK_ALLOW_NETWORKS: must be networks such as .*, not "/)
    }
    const many = Array(101).fill('10.0.0.0/8').join()
    expect(problemsOf({ CALLBACK_ALLOW_NETWORKS: many })).toEqual([
      'CALLBACK_ALLOW_NETWORKS: must be 100 networks at most',
    ])
  })

  it('takes an empty variable as an absent one', () => {
    expect(read({ PORT: '', DIDGATE_ADMIN_TOKEN: ' ' }).config).toMatchObject({
      port: 8080,
      admin: { token: undefined },
    })
  })

  it('lists all mistakes, one line each, and repeats no secret', () => {
    const problems = problemsOf({
      PORT: '99999',
      PUBLIC_URL: 'ftp://x',
      DIALECT_PORTS: 'onsip:8091,nobody:1',
      TLS_CERT: '/no/such/file',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      DIDGATE_MODE: 'live',
      DIDGATE_KEY: 'short-secret',
      LOG_LEVEL: 'loud',
      SESSION_TTL: '-1',
      RETENTION_ENDED: '0',
      RETENTION_CARTS: '1.5',
      DIDGATE_SEED: '/no/such/world',
      TRUST_PROXY: 'perhaps',
    })
    expect(problems.map(line => line.split(':')[0])).toEqual([
      'PORT',
      'PUBLIC_URL',
      'TRUST_PROXY',
      'DIALECT_PORTS',
      'TLS_CERT',
      'DATABASE_URL',
      'DIDGATE_MODE',
      'DIDGATE_SEED',
      'DIDGATE_KEY',
      'LOG_LEVEL',
      'SESSION_TTL',
      'RETENTION_ENDED',
      'RETENTION_CARTS',
      'TLS_CERT, TLS_KEY',
    ])
    expect(problems.every(line => !line.includes('\n'))).toBe(true)
    expect(problems).toContain('RETENTION_ENDED: must be a whole number of days, 1 to 36500, not "0"')
    expect(problems.join()).not.toMatch(/hunter2|short-secret/)
  })

  it('refuses two listeners on one port, and one half of a TLS pair', () => {
    expect(problemsOf({ ADMIN_PORT: '8080' })).toEqual(['ADMIN_PORT: port 8080 is already used by PORT'])
    expect(problemsOf({ PORT: '0', ADMIN_PORT: '0' })).toEqual([])
    expect(problemsOf({ HOST: '127.0.0.2', ADMIN_PORT: '8080' })).toEqual([])
    const file = join(mkdtempSync(join(tmpdir(), 'didgate-')), 'cert.pem')
    writeFileSync(file, '-----BEGIN CERTIFICATE-----\n')
    expect(problemsOf({ TLS_CERT: file })).toEqual(['TLS_CERT, TLS_KEY: both are needed for HTTPS, or neither'])
    expect(read({ TLS_CERT: file, TLS_KEY: file }).config?.tls?.cert).toContain('BEGIN')
  })
})

describe('production', () => {
  it('starts empty, and needs an admin token and a key', () => {
    expect(read(production).config).toMatchObject({ mode: 'production', seed: undefined })
    expect(problemsOf({ DIDGATE_MODE: 'production' }).map(line => line.split(':')[0])).toEqual([
      'DIDGATE_ADMIN_TOKEN',
      'DIDGATE_KEY',
    ])
  })

  it('needs no admin token for what does not serve', () => {
    const { DIDGATE_ADMIN_TOKEN: _, ...rest } = production
    expect(readConfig(rest, { ...context, serving: false }).problems).toEqual([])
  })

  it('names each mistake once', () => {
    const short = problemsOf({ ...production, DIDGATE_KEY: 'short' })
    expect(short).toEqual(['DIDGATE_KEY: must have 16 characters or more (openssl rand -hex 32 makes a good one)'])
    const { DIDGATE_KEY: _, ...rest } = production
    expect(problemsOf({ ...rest, DIDGATE_KEY_FILE: '/no/such/key' })).toEqual([
      'DIDGATE_KEY_FILE: cannot read /no/such/key',
    ])
  })

  it('C22: needs a token and a key that nobody guesses, and tells the rule without repeating them', () => {
    const weak = [
      'x',
      'aaaaaaaaaaaaaaaa',
      'a'.repeat(64),
      'abababababababab',
      'changemechangeme',
      'secretsecretsecre',
      'Short-1!',
    ]
    for (const secret of weak) {
      const problems = problemsOf({ ...production, DIDGATE_ADMIN_TOKEN: secret, DIDGATE_KEY: secret })
      expect([secret, problems.map(line => line.split(':')[0])]).toEqual([
        secret,
        expect.arrayContaining(['DIDGATE_ADMIN_TOKEN', 'DIDGATE_KEY']),
      ])
      expect(problems.join()).toMatch(/16 characters or more, 8 different ones or more/)
      if (secret.length > 1) expect(problems.join()).not.toContain(secret)
    }
    for (const secret of ['5a0f2be9c41d7788', 'correct horse battery', 'Zm9vYmFyYmF6cXV4']) {
      expect(problemsOf({ ...production, DIDGATE_ADMIN_TOKEN: secret, DIDGATE_KEY: secret })).toEqual([])
    }
    // commands that open the database ask the same of the key
    const context = { dialects: [], serving: false }
    expect(readConfig({ ...production, DIDGATE_KEY: 'a'.repeat(16) }, context).problems).toHaveLength(1)
    // a double for tests takes any
    expect(problemsOf({ DIDGATE_ADMIN_TOKEN: 'x', DIDGATE_KEY: 'a'.repeat(16) })).toEqual([])
  })

  it('C8: limits of the wait for the database are whole seconds within bounds', () => {
    expect(read({ DATABASE_WAIT: '0', DATABASE_TIMEOUT: '60' }).config).toMatchObject({
      databaseWaitMs: 0,
      databaseTimeoutMs: 60_000,
    })
    const problems = problemsOf({ DATABASE_WAIT: '3601', DATABASE_TIMEOUT: '0' })
    expect(problems).toEqual([
      'DATABASE_WAIT: must be a whole number of seconds, 0 to 3600, not "3601"',
      'DATABASE_TIMEOUT: must be a whole number of seconds, 1 to 3600, not "0"',
    ])
  })

  it('C1: refuses database URLs that lead nowhere, and does not repeat them', () => {
    const problems = problemsOf({
      DATABASE_URL: 'postgres://root:hunter2@a,b/x?target_session_attrs=standby',
      DATABASE_READ_URL: 'postgres://root:hunter2@a,,b/x',
      DATABASE_READ_LAG: '1',
    })
    expect(problems.map(each => each.split(':')[0])).toEqual(['DATABASE_URL', 'DATABASE_READ_URL', 'DATABASE_READ_LAG'])
    expect(problems.join()).not.toContain('hunter2')
    expect(problemsOf({ DATABASE_READ_URL: 'postgres://db/x' })).toEqual([
      'DATABASE_READ_URL: is of use beside a DATABASE_URL of PostgreSQL only',
    ])
  })

  it('refuses demo secrets, the demo world and a database that forgets', () => {
    const problems = problemsOf({
      DIDGATE_MODE: 'production',
      DIDGATE_ADMIN_TOKEN: 'demo-admin-token',
      DIDGATE_KEY: 'demo-key-of-sixteen',
      DIDGATE_SEED: demoWorldFolder(),
      DATABASE_URL: 'sqlite::memory:',
    })
    expect(problems).toHaveLength(4)
  })
})

describe('the key', () => {
  it('is generated once, beside the database, for its owner alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'didgate-'))
    const databaseUrl = `sqlite:${join(folder, 'deep', 'x.db')}`
    const first = openKey({ key: undefined, databaseUrl })
    expect(openKey({ key: undefined, databaseUrl })).toEqual(first)
    const file = join(folder, 'deep', 'didgate.key')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).toBe(`${first}\n`)
    expect(first).toMatch(/^[0-9a-f]{64}$/)
  })

  it('comes from DIDGATE_KEY when that is set', () => {
    expect(openKey({ key: 'an operator chose it', databaseUrl: 'sqlite:/nowhere/x.db' })).toBe('an operator chose it')
  })

  it('takes secrets from files that variables name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'didgate-'))
    const kept = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const { DIDGATE_KEY: key, DIDGATE_ADMIN_TOKEN: token, ...mode } = production
    const files = {
      DIDGATE_KEY_FILE: kept('key', `${key}\n`),
      DIDGATE_ADMIN_TOKEN_FILE: kept('token', token),
      DATABASE_URL_FILE: kept('url', 'postgres://u:p@db/didgate\r\n'),
    }
    expect(read({ ...mode, ...files }).config).toMatchObject({
      ...{ key, admin: { token }, databaseUrl: 'postgres://u:p@db/didgate' },
    })
    expect(problemsOf({ ...production, ...files })).toEqual([
      'DIDGATE_KEY, DIDGATE_KEY_FILE: one of both, not both',
      'DIDGATE_ADMIN_TOKEN, DIDGATE_ADMIN_TOKEN_FILE: one of both, not both',
    ])
    expect(problemsOf({ ...production, DATABASE_URL_FILE: '/no/such' })).toEqual([
      'DATABASE_URL_FILE: cannot read /no/such',
    ])
    const empty = kept('empty', '\n')
    expect(problemsOf({ DIDGATE_KEY_FILE: empty })).toEqual([`DIDGATE_KEY_FILE: ${empty} is empty or too long`])
    // settings that hold no secret are what they are
    expect(read({ PORT_FILE: '/no/such', LOG_LEVEL_FILE: '/no/such' }).problems).toEqual([])
  })
})
