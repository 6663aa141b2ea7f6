/** HTTPS of both planes, seen by a client that checks certificates, and certificates that are renewed meanwhile. */
import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { createCertificate } from '../../src/http/certificates.ts'
import { createLog } from '../../src/logs/log.ts'
import { startDidgate } from '../../src/main.ts'
import { hasOpenssl, makeCertificate, type Pair } from '../support/certificate.ts'
import { sampleOf } from '../support/figures.ts'
import { programFile } from '../support/program.ts'
import { openListener } from '../support/socket.ts'

const run = promisify(execFile)
const log = createLog('silent')
const TOKEN = 'a-token-of-this-test-only'
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Answer {
  status: number
  text: string
  /** Common name of the certificate that the server has shown. */
  name: string
}

/** As a client that knows one certificate and trusts no other. */
function ask(origin: string, path: string, trusted: string, headers: Record<string, string> = {}): Promise<Answer> {
  const options = { host: '127.0.0.1', port: new URL(origin).port, path, headers, servername: 'localhost' }
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, ca: readFileSync(trusted), agent: false }, response => {
      const name = String((response.socket as TLSSocket).getPeerCertificate().subject.CN)
      let text = ''
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, name }))
    })
    asked.on('error', reject).end()
  })
}

function configOf(env: Record<string, string>) {
  const base = { PORT: '0', ADMIN_PORT: '0', DATABASE_URL: 'sqlite::memory:', DIDGATE_SEED: 'none' }
  return readConfig({ ...base, ...env }, { dialects: ['onsip'], serving: true })
}

async function start(env: Record<string, string>) {
  const { config, problems } = configOf(env)
  if (!config) throw new Error(problems.join('\n'))
  const { addresses, close } = await startDidgate(config, { log })
  closing.push(close)
  return addresses
}

describe.skipIf(!hasOpenssl)('HTTPS', () => {
  let folder: string
  let data: Pair
  let admin: Pair
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'didgate-tls-'))
    data = makeCertificate(folder, 'data')
    admin = makeCertificate(folder, 'admin')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('D21: the admin plane has a certificate of its own', async () => {
    const own = { ADMIN_TLS_CERT: admin.cert, ADMIN_TLS_KEY: admin.key, DIDGATE_ADMIN_TOKEN: TOKEN }
    const addresses = await start({ TLS_CERT: data.cert, TLS_KEY: data.key, ...own })
    expect(addresses.admin).toMatch(/^https:/)
    const authorization = `Bearer ${TOKEN}`
    expect(await ask(addresses.admin, '/readyz', admin.cert)).toMatchObject({ status: 200, name: 'admin' })
    expect(await ask(addresses.admin, '/admin/v1/status', admin.cert)).toMatchObject({ status: 401 })
    const { text, status } = await ask(addresses.admin, '/metrics', admin.cert, { authorization })
    expect(status).toBe(200)
    for (const listener of ['data', 'admin']) {
      const ends = sampleOf(text, `didgate_tls_certificate_expiry_timestamp_seconds{listener="${listener}"}`)
      expect(ends).toBeGreaterThan(Date.now() / 1000 + 20 * 86_400)
    }
    await expect(ask(addresses.admin, '/readyz', data.cert)).rejects.toThrow(/certificate/)
    await expect(fetch(addresses.admin.replace('https:', 'http:'))).rejects.toThrow()
  })

  it('D21: on a network it takes that of the data plane; on this machine it stays plain', async () => {
    const both = { TLS_CERT: data.cert, TLS_KEY: data.key, DIDGATE_ADMIN_TOKEN: TOKEN }
    const open = await start({ ...both, ADMIN_HOST: '0.0.0.0' })
    expect(await ask(open.admin, '/readyz', data.cert)).toMatchObject({ status: 200, name: 'data' })
    for (const ADMIN_HOST of ['127.0.0.1', '127.0.0.2', '::1', 'localhost']) {
      expect([ADMIN_HOST, configOf({ ...both, ADMIN_HOST }).config?.admin.tls]).toEqual([ADMIN_HOST, undefined])
    }
    expect((await start(both)).admin).toMatch(/^http:/)
  })

  it('half of a pair is a mistake, and tells its name', () => {
    expect(configOf({ ADMIN_TLS_CERT: admin.cert }).problems).toEqual([
      'ADMIN_TLS_CERT, ADMIN_TLS_KEY: both are needed for HTTPS, or neither',
    ])
  })

  it('a renewed certificate is used by the next connection; a pair that does not fit never is', async () => {
    const [first, second] = [makeCertificate(folder, 'first'), makeCertificate(folder, 'second')]
    const files = { cert: join(folder, 'used.crt'), key: join(folder, 'used.key') }
    const put = (cert: string, key: string) => {
      copyFileSync(cert, files.cert)
      copyFileSync(key, files.key)
      return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8'), files }
    }
    const tls = put(first.cert, first.key)
    const listener = await openListener(closing, () => new Response('hello'), { tls })
    const certificate = createCertificate('data', tls, [listener], log)
    const nameFor = async (trusted: Pair) => (await ask(listener.url, '/', trusted.cert)).name
    expect(await nameFor(first)).toBe('first')
    put(second.cert, first.key)
    await certificate.look()
    expect(await nameFor(first)).toBe('first')
    rmSync(files.key)
    await certificate.look()
    expect(await nameFor(first)).toBe('first')
    put(second.cert, second.key)
    await certificate.look()
    expect(await nameFor(second)).toBe('second')
    await expect(nameFor(first)).rejects.toThrow(/certificate/)
  })

  it('didgate ready asks it, and says why not', async () => {
    const own = { ADMIN_TLS_CERT: admin.cert, ADMIN_TLS_KEY: admin.key }
    const { port } = new URL((await start(own)).admin)
    const ready = async (env: Record<string, string>) =>
      run(process.execPath, [await programFile('src/cli.ts'), 'ready'], { env: { PATH: process.env.PATH, ...env } })
    expect((await ready({ ...own, ADMIN_PORT: port })).stdout).toBe('ready\n')
    await expect(ready({ ADMIN_PORT: port })).rejects.toMatchObject({ code: 1, stderr: /^didgate: not ready: http:/ })
    await expect(ready({ ADMIN_PORT: '1' })).rejects.toMatchObject({ code: 1, stderr: /ECONNREFUSED/ })
  })
})
