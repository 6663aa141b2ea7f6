/** One attempt at a receiver: what is sent, what counts as an answer, and what is left of it. */
import { getEventListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import type { Delivery } from '../../core/verbs.ts'
import { createAttempt } from '../../src/callbacks/attempt.ts'
import type { Resolve } from '../../src/callbacks/lookup.ts'
import { createReceivers, LOOPBACK } from '../support/callbacks.ts'
import { message } from '../support/outbox.ts'

const receivers = createReceivers()
afterEach(() => receivers.close())

const attempt = createAttempt({ targets: LOOPBACK, timeoutMs: 60_000 })
const never = new AbortController().signal
const to = (url: string, more: Partial<Delivery> = {}) => ({ ...message('one.test'), url, ...more })
const send = (url: string, more: Partial<Delivery> = {}, signal = never) => attempt(to(url, more), signal)

const answering = (text: string) => receivers.raw(socket => void socket.write(text))
const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length

it.each([
  [200, true],
  [299, true],
  [300, false],
  [404, false],
  [599, false],
])('the answer %d of a receiver counts as delivered: %s', async (status, delivered) => {
  const { url } = await answering(`HTTP/1.1 ${status} So\r\nContent-Length: 0\r\n\r\n`)
  const error = delivered ? null : `answered ${status}`
  expect(await send(url)).toEqual({ status, delivered, error, final: false })
})

it('a callback has its method, headers and bytes, and one that asks has no body', async () => {
  const seen: [Partial<IncomingMessage>, string][] = []
  const url = await receivers.http(async (request, response) => {
    seen.push([request, Buffer.concat(await request.toArray()).toString()])
    response.end()
  })
  await send(url, { body: 'ß' })
  await send(url, { method: 'GET', body: 'nothing' })
  expect(seen).toMatchObject([
    [{ method: 'POST', headers: { a: 'b', 'content-length': '2' } }, 'ß'],
    [{ method: 'GET', headers: { a: 'b' } }, ''],
  ])
  expect(seen[1]?.[0].headers).not.toHaveProperty('content-length')
})

it('a callback to https goes out encrypted or not at all', async () => {
  let hits = 0
  const url = await receivers.http((_, response) => void response.end(String(++hits)))
  const outcome = await send(url.replace('http:', 'https:'))
  expect(outcome).toMatchObject({ status: null, delivered: false, final: false, error: /SSL|EPROTO|packet length/i })
  expect(hits).toBe(0)
})

it('a receiver may hint sixteen times before it answers', async () => {
  const hint = 'HTTP/1.1 102 Processing\r\n\r\n'
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
  expect(await send((await answering(hint.repeat(16) + answer)).url)).toMatchObject({ status: 200 })
  const more = await send((await answering(hint.repeat(17) + answer)).url)
  expect(more).toMatchObject({ status: null, error: 'more than 16 interim answers' })
})

it('an answer is not waited for longer when it has come, is too long, or breaks off', async () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n'
  const ways: [string, (socket: Socket) => void][] = [
    ['lingers', socket => void socket.write(`${head}${'x'.repeat(60_000)}`)],
    ['ends', socket => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx')],
    ['is long', socket => void socket.write(`${head}${'x'.repeat(70_000)}`)],
    ['breaks off', socket => void socket.end(`${head}x`)],
    ['is reset', socket => void socket.write(`${head}x`, () => setImmediate(() => socket.resetAndDestroy()))],
  ]
  const order: string[] = []
  await Promise.all(
    ways.map(async ([name, act]) => {
      expect(await send((await receivers.raw(act)).url)).toMatchObject({ status: 200, delivered: true })
      order.push(name)
    }),
  )
  expect(order.at(-1)).toBe('lingers')
})

it('nothing is left of an attempt that is over, and its connection is closed', async () => {
  const cut = new AbortController()
  for (const text of [
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    'nonsense\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
  ]) {
    const { url, sockets } = await answering(text)
    const before = timers()
    await send(url, {}, cut.signal)
    expect([timers() - before, getEventListeners(cut.signal, 'abort')]).toEqual([0, []])
    await expect.poll(() => sockets.size).toBe(0)
  }
})

it('an attempt that is given up ends at once, with the look-up of its name, and one that is given up before never goes out', async () => {
  const { url, sockets } = await receivers.silent()
  const cut = new AbortController()
  const given = { status: null, error: 'given up', delivered: false, final: false }
  const ended = send(url, {}, cut.signal)
  await expect.poll(() => sockets.size).toBe(1)
  cut.abort()
  expect(await ended).toEqual(given)
  await expect.poll(() => sockets.size).toBe(0)
  let lookUp: AbortSignal | undefined
  const resolve: Resolve = (_, signal) => {
    lookUp = signal
    return new Promise(() => {})
  }
  const cutToo = new AbortController()
  const lost = createAttempt({ targets: LOOPBACK, timeoutMs: 60_000, resolve })(to('http://name.test/'), cutToo.signal)
  await expect.poll(() => lookUp?.aborted).toBe(false)
  cutToo.abort()
  expect([await lost, lookUp?.aborted]).toEqual([given, true])
  const other = await answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  expect(await send(other.url, {}, cut.signal)).toEqual(given)
  expect(other.sockets.size).toBe(0)
})

it('what cannot be sent ends its attempt with the reason, in few words', async () => {
  expect(await send('http://127.0.0.1:9/', { headers: { a: '\n' } })).toMatchObject({
    ...{ status: null, delivered: false, final: false, error: /invalid character/i },
  })
  const broken = (error: unknown) =>
    createAttempt({ targets: LOOPBACK, timeoutMs: 60_000, resolve: () => Promise.reject(error) })
  const lost = await broken(new Error('x'.repeat(400)))(to('http://name.test/'), never)
  expect(lost).toEqual({ status: null, error: 'x'.repeat(300), delivered: false, final: false })
})
