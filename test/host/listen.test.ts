/** What clients meet at the socket, before and beside any dialect. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import type { ListenOptions } from '../../src/http/listen.ts'
import { startServer } from '../support/process.ts'
import { openListener, raw } from '../support/socket.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const open = (fetch: ListenOptions['fetch'], more?: Partial<ListenOptions>) => openListener(closing, fetch, more)

const end = 'Connection: close\r\n\r\n'

it('S4: a request with two Host headers reaches nobody, the same name twice as well', async () => {
  let reached = 0
  const { port } = await open(() => new Response(String(++reached)))
  for (const hosts of ['Host: a\r\nHost: b\r\n', 'Host: a\r\nhost: a\r\n']) {
    expect(await raw(port, `GET / HTTP/1.1\r\n${hosts}${end}`)).toMatch(/^HTTP\/1.1 400 [\s\S]*sent twice/)
  }
  expect(reached).toBe(0)
  expect(await raw(port, `GET / HTTP/1.1\r\nHost: a\r\n${end}`)).toMatch(/^HTTP\/1.1 200 /)
})

it('C14: while it closes, every answer says so, and nobody who keeps connections alive is cut', async () => {
  const listener = await open(async () => {
    await sleep(5)
    return new Response('done')
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 24 })
  closing.push(async () => agent.destroy())
  const state = { isClosing: false, kept: 0, last: 0, resets: [] as string[] }
  const ask = () =>
    new Promise<boolean>(resolve => {
      const request = get(listener.url, { agent }, response => {
        const isLast = response.headers.connection === 'close'
        if (state.isClosing && isLast) state.last++
        if (!state.isClosing) state.kept++
        response.resume().on('end', () => resolve(!isLast))
      })
      request.on('error', error => {
        state.resets.push((error as NodeJS.ErrnoException).code ?? error.message)
        resolve(false)
      })
    })
  const buyer = async () => {
    while (await ask()) await sleep(5)
  }
  const buyers = Promise.all(Array.from({ length: 24 }, buyer))
  while (state.kept < 100) await sleep(5)
  state.isClosing = true
  await listener.close(10_000)
  await buyers
  expect(state.resets).toEqual([])
  expect(state.last).toBe(24)
})

it('C14: the program under SIGTERM, too: one process, and several', { timeout: 120_000 }, async () => {
  for (const args of [[], ['--workers', '2']]) {
    const DATABASE_URL = `sqlite:${join(mkdtempSync(join(tmpdir(), 'didgate-')), 'didgate.db')}`
    const server = await startServer({ DATABASE_URL, DIDGATE_SEED: 'none' }, args)
    closing.push(() => server.kill())
    const agent = new Agent({ keepAlive: true, maxSockets: 24 })
    const resets: string[] = []
    let answers = 0
    let stoppedAt = Number.POSITIVE_INFINITY
    const ask = () =>
      new Promise<boolean>(resolve => {
        const askedAt = performance.now()
        const request = get(`${server.url}/onsip/api?Action=NoOp`, { agent }, response => {
          answers++
          response.resume().on('end', () => resolve(response.headers.connection !== 'close'))
        })
        request.on('error', error => {
          const [asked, cut] = [askedAt, performance.now()].map(at => Math.round(at - stoppedAt))
          resets.push(
            `${error.message}: asked ${asked} ms, cut ${cut} ms after the signal, kept: ${request.reusedSocket}`,
          )
          resolve(false)
        })
      })
    const buyer = async () => {
      while (await ask());
    }
    const buyers = Promise.all(Array.from({ length: 24 }, buyer))
    while (answers < 200) await sleep(5)
    stoppedAt = performance.now()
    expect(await server.stop()).toBe(0)
    await buyers
    expect(resets).toEqual([])
    agent.destroy()
  }
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

function selfSigned(): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-'))
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=localhost']
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
}

for (const kind of ['plain', 'TLS']) {
  it.skipIf(kind === 'TLS' && !hasOpenssl)(
    `S4: a ${kind} socket that stays silent is cut`,
    { timeout: 20_000 },
    async () => {
      const tls = kind === 'TLS' ? selfSigned() : undefined
      const { port } = await open(() => new Response(), { requestMs: 300, tls })
      await raw(port, '')
    },
  )
}

it('A31: listening leaves the classes of this process as they are', async () => {
  const before = [globalThis.Request, globalThis.Response]
  const { url } = await open(request => new Response(request.method))
  expect(await (await fetch(url, { method: 'PUT' })).text()).toBe('PUT')
  expect([globalThis.Request, globalThis.Response]).toEqual(before)
})
