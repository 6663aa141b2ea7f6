import { createHmac } from 'node:crypto'
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it, test } from 'vitest'
import { callbackTargets } from '../../adapters/kit/callback-url.ts'
import { hashPassword, matchesHash } from '../../core/ground/secrets.ts'
import { createAttempt } from '../../src/callbacks/attempt.ts'
import { createResolver } from '../../src/callbacks/lookup.ts'
import { createSender, type SenderOptions } from '../../src/callbacks/sender.ts'
import { createSenderWatch } from '../../src/callbacks/watch.ts'
import { createLog } from '../../src/logs/log.ts'
import { createMetrics } from '../../src/process/metrics.ts'
import { type Bench, createReceivers, LOOPBACK, openBench, telling } from '../support/callbacks.ts'
import { engines } from '../support/engines.ts'

const receivers = createReceivers()
const benches: Bench[] = []
afterEach(async () => {
  receivers.close()
  for (const bench of benches.splice(0)) await bench.drop()
})

async function open(options: Partial<SenderOptions> = {}, engine: 'sqlite' | 'postgres' | 'pglite' = 'sqlite') {
  const bench = await openBench(engine, options)
  benches.push(bench)
  return bench
}

/** A bench at which one event has told these URLs, tried as often as they can be at once. */
async function sending(urls: readonly string[], options: Partial<SenderOptions> = {}) {
  const bench = await open(options)
  await bench.happen([{ urls }])
  return bench
}

describe('sender', () => {
  it('a callback is tried again, later each time, until it is delivered', async () => {
    const seen: unknown[] = []
    let failures = 2
    const url = await receivers.http(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString()
      seen.push([request.method, request.url, request.headers['x-sig'], request.headers['content-length'], body])
      response.writeHead(failures-- > 0 ? 500 : 202).end('ok')
    })
    const bench = await sending([url], { dialects: [telling('d', { sign: async () => ({ 'x-sig': 's' }) })] })
    expect(await bench.sender.tick()).toBe(1)
    expect(await bench.sender.tick()).toBe(0)
    await bench.moveToNext()
    await bench.sender.tick()
    await bench.moveToNext()
    await bench.sender.tick()
    const [stored] = await bench.stored()
    expect(stored).toMatchObject({ status: 'delivered', nextAttemptAt: null })
    expect(stored?.attempts.map(each => [each.status, each.error])).toEqual([
      [500, 'answered 500'],
      [500, 'answered 500'],
      [202, null],
    ])
    expect(seen).toEqual(Array(3).fill(['POST', '/in', 's', '2', 'ß']))
  })

  it('a callback is given up after six attempts, 2 s doubling with a jitter of a fifth; asked for again, it gets six more', async () => {
    const url = await receivers.http((_, response) => void response.writeHead(503).end())
    const bench = await sending([url])
    const factors: number[] = []
    for (let attempt = 1; attempt <= 6; attempt++) {
      await bench.sender.tick()
      const before = bench.now()
      if (attempt === 6) break
      await bench.moveToNext()
      factors.push((bench.now() - before) / (2_000 * 2 ** (attempt - 1)))
    }
    const [stored] = await bench.stored()
    expect([stored?.status, stored?.attempts.length]).toEqual(['failed', 6])
    expect(factors).toHaveLength(5)
    for (const factor of factors) expect(Math.abs(factor - 1)).toBeLessThanOrEqual(0.2)
    expect(new Set(factors).size).toBeGreaterThan(1)
    await bench.core.outbox.redeliver(null, stored?.id ?? 0)
    for (let attempt = 1; attempt <= 5; attempt++) {
      await bench.sender.tick()
      await bench.moveToNext()
    }
    expect((await bench.stored())[0]?.status).toBe('waiting')
    await bench.sender.tick()
    expect((await bench.stored())[0]).toMatchObject({ status: 'failed', nextAttemptAt: null })
  })

  it('a callback follows no redirect of its receiver', async () => {
    let hits = 0
    const elsewhere = await receivers.http((_, response) => void response.end(String(++hits)))
    const url = await receivers.http((_, response) => void response.writeHead(307, { location: elsewhere }).end())
    const bench = await sending([url])
    await bench.sender.tick()
    const [stored] = await bench.stored()
    expect([stored?.attempts[0]?.status, stored?.status, hits]).toEqual([307, 'waiting', 0])
  })

  it('a refused target is never connected to, however it is spelt, nor tried again, and is told why', async () => {
    let hits = 0
    const url = await receivers.http((_, response) => void response.end(String(++hits)))
    const port = new URL(url).port
    const hosts = [
      '127.0.0.1',
      'localhost',
      '0x7f.1',
      '2130706433',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
      '[::]',
      'a.localhost.',
    ]
    const told: unknown[] = []
    const bench = await sending(
      hosts.map(host => `http://${host}:${port}/`),
      { targets: callbackTargets(false), onAttempt: (_, { final, error }) => void told.push([final, error]) },
    )
    await bench.sender.tick()
    const stored = await bench.stored()
    expect(stored.map(each => each.status)).toEqual(hosts.map(() => 'failed'))
    for (const { attempts } of stored)
      expect(attempts).toMatchObject([{ status: null, error: /refused: .* (machine|receiver)$/ }])
    expect(told).toEqual(hosts.map(() => [true, expect.stringContaining('target refused')]))
    expect(hits).toBe(0)
  })

  it('a receiver on this machine is called by name where that is allowed', async () => {
    const url = await receivers.http((_, response) => void response.end())
    const bench = await sending([url.replace('127.0.0.1', 'localhost')])
    await bench.sender.tick()
    expect((await bench.stored())[0]?.status).toBe('delivered')
  })

  test('A28: a callback address that is no URL of the web is refused as that, and is seen to be', async () => {
    const bench = await sending(['localhost:9000/cb', 'ftp://example.com/', 'mailto:a@example.com'])
    await bench.sender.tick()
    const stored = await bench.stored()
    expect(stored.map(({ status, attempts }) => [status, attempts[0]?.error])).toEqual([
      ['failed', 'target refused: localhost:9000/cb is no absolute http or https URL'],
      ['failed', 'target refused: ftp://example.com/ is no absolute http or https URL'],
      ['recorded', undefined],
    ])
  })
})

const write =
  (...parts: string[]) =>
  (socket: Socket) =>
    void parts.forEach(part => void socket.write(part))
/** Something of it every few milliseconds, for ever. */
const drip =
  (part: string, first = '') =>
  (socket: Socket) => {
    socket.write(first)
    const timer = setInterval(() => socket.write(part), 5)
    socket.on('close', () => clearInterval(timer))
  }
const OK = 'HTTP/1.1 200 OK\r\n'

/** What a receiver does, and what becomes of the attempt. */
const STRANGE: [string, (socket: Socket) => void, RegExp | number][] = [
  ['switches protocols', write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'), 101],
  ['switches protocols and names none', write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n'), 101],
  [
    'switches protocols and closes',
    socket => void socket.end('HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    101,
  ],
  [
    'offers an upgrade with its answer',
    write(`${OK}Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n`),
    200,
  ],
  ['closes at once', socket => void socket.end(), /hang up|without an answer|reset/i],
  ['resets', socket => void socket.resetAndDestroy(), /ECONNRESET|hang up/],
  ['sends half a status line', socket => void socket.end('HTTP/1.1 2'), /./],
  ['sends half a status line and waits', write('HTTP/1.1 2'), /^timed out$/],
  ['speaks something else', write('220 mail.example ESMTP\r\n'), /Parse Error/],
  ['never answers', () => {}, /^timed out$/],
  ['drips headers', drip('X-A: b\r\n', OK), /^timed out$|Header/i],
  ['sends huge headers', write(OK, `X-A: ${'a'.repeat(40_000)}\r\n\r\n`), /Header overflow/i],
  ['continues for ever', drip('HTTP/1.1 100 Continue\r\n\r\n'), /interim/],
  ['processes for ever', drip('HTTP/1.1 102 Processing\r\n\r\n'), /interim/],
  ['hints and answers', write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', `${OK}Content-Length: 0\r\n\r\n`), 200],
  ['answers without an end', drip('x'.repeat(1000), `${OK}Transfer-Encoding: identity\r\n\r\n`), 200],
  ['answers and keeps the connection', write(`${OK}Connection: keep-alive\r\nContent-Length: 0\r\n\r\n`), 200],
  ['promises a body that never comes', write(`${OK}Content-Length: 1000\r\n\r\n`), 200],
  ['sends broken chunks', write(`${OK}Transfer-Encoding: chunked\r\n\r\nnonsense\r\n`), 200],
  ['sends 204 with a body', write('HTTP/1.1 204 No Content\r\n\r\n', 'body that may not be'), 204],
  ['answers twice', write(`${OK}Content-Length: 0\r\n\r\n`, `HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n`), 200],
]

describe('attempts', () => {
  it.each(
    STRANGE,
  )('an attempt ends in bounded time, counted and with a reason, at a receiver that %s', async (_, act, expected) => {
    const strange = await receivers.raw(act)
    const healthy = await receivers.http((_, response) => void response.end())
    const bench = await sending([strange.url, healthy], { timeoutMs: 1_000 })
    await bench.sender.tick()
    const [stored, other] = await bench.stored()
    expect(other?.status).toBe('delivered')
    expect(stored?.attempts).toHaveLength(1)
    const [attempt] = stored?.attempts ?? []
    if (typeof expected === 'number') expect(attempt?.status).toBe(expected)
    else expect(attempt).toMatchObject({ status: null, error: expect.stringMatching(expected) })
    const isDelivered = typeof expected === 'number' && expected >= 200
    expect([stored?.status, stored?.nextAttemptAt === null]).toEqual(
      isDelivered ? ['delivered', true] : ['waiting', false],
    )
    // nothing of it is left
    await expect.poll(() => strange.sockets.size).toBe(0)
  })

  it('an attempt ends in bounded time at a receiver whose TLS handshake never ends', async () => {
    const strange = await receivers.raw(() => {})
    const bench = await sending([strange.url.replace('http:', 'https:')], { timeoutMs: 200 })
    await bench.sender.tick()
    expect((await bench.stored())[0]?.attempts).toMatchObject([{ status: null, error: 'timed out' }])
    await expect.poll(() => strange.sockets.size).toBe(0)
  })

  it('an attempt ends in bounded time at a receiver whose name is never resolved', async () => {
    const never = () => new Promise<never>(() => {})
    const attempt = createAttempt({ targets: LOOPBACK, timeoutMs: 200, resolve: never })
    const bench = await sending(['http://silent.example/'], { attempt })
    await bench.sender.tick()
    expect((await bench.stored())[0]?.attempts).toMatchObject([{ status: null, error: 'timed out' }])
  })

  it('nobody waits for many receivers whose name servers are silent', { timeout: 20_000 }, async () => {
    const server = createSocket('udp4')
    await new Promise<void>(resolve => server.bind(0, '127.0.0.1', resolve))
    const asked = new Promise(resolve => server.once('message', resolve))
    try {
      const resolve = createResolver({ servers: [`127.0.0.1:${server.address().port}`] })
      const attempt = createAttempt({ targets: LOOPBACK, timeoutMs: 1_500, resolve })
      const url = (await receivers.http((_, response) => void response.end())).replace('127.0.0.1', 'well.localhost')
      const silent = Array.from({ length: 40 }, (_, i) => `http://silent${i}.example/`)
      const bench = await sending([...silent, url], { attempt })
      await bench.sender.round()
      await asked
      // a password check needs a thread of the pool, and gets one
      expect(await matchesHash('right', await hashPassword('right', new Uint8Array(16)))).toBe(true)
      await bench.sender.tick()
      const stored = await bench.stored()
      expect(stored.at(-1)?.status).toBe('delivered')
      for (const { attempts } of stored.slice(0, -1)) expect(attempts).toMatchObject([{ error: 'timed out' }])
    } finally {
      server.close()
    }
  })

  it('an attempt ends at once where nobody listens, with that as its reason', async () => {
    const bench = await sending(['http://127.0.0.1:1/'])
    await bench.sender.tick()
    expect((await bench.stored())[0]?.attempts).toMatchObject([{ status: null, error: /ECONNREFUSED/ }])
  })
})

it("E: every address of a callback's name is checked, wherever a private one stands", async () => {
  let hits = 0
  const port = new URL(await receivers.http((_, response) => void response.end(String(++hits)))).port
  const [open, shut] = [
    { address: '127.0.0.1', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ]
  for (const addresses of [[open, shut], [shut, open], [open, open, shut], [shut]]) {
    const attempt = createAttempt({ targets: LOOPBACK, timeoutMs: 1_000, resolve: async () => addresses })
    const bench = await sending([`http://two.example:${port}/`], { attempt })
    await bench.sender.tick()
    const error = 'target refused: two.example has the address 10.0.0.1, which is a private address'
    expect((await bench.stored())[0]).toMatchObject({ status: 'failed', attempts: [{ error }] })
  }
  expect(hits).toBe(0)
  const attempt = createAttempt({ targets: LOOPBACK, timeoutMs: 1_000, resolve: async () => [open, open] })
  const bench = await sending([`http://two.example:${port}/`], { attempt })
  await bench.sender.tick()
  expect([(await bench.stored())[0]?.status, hits]).toEqual(['delivered', 1])
})

test('D8: a named private network may be called, by address and by name, and no other', async () => {
  const port = new URL(await receivers.http((_, response) => void response.end())).port
  // of this machine's own network only a part is named, since no other one is here
  const targets = callbackTargets(false, ['127.0.0.0/30'])
  const resolve = async (name: string) => [{ address: name === 'in.example' ? '127.0.0.1' : '127.0.0.9', family: 4 }]
  const attempt = createAttempt({ targets, timeoutMs: 1_000, resolve })
  const hosts = ['127.0.0.1', '127.0.0.9', 'in.example', 'out.example']
  const bench = await sending(
    hosts.map(host => `http://${host}:${port}/`),
    { attempt },
  )
  await bench.sender.tick()
  expect((await bench.stored()).map(({ status }) => status)).toEqual(['delivered', 'failed', 'delivered', 'failed'])
})

describe.each(engines())('on %s', engine => {
  test('A27: a delivery is signed when it is sent, and anew when it is repeated or asked for again', async () => {
    let secret = 'old'
    const seen: unknown[] = []
    let isUp = false
    const url = await receivers.http(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString()
      const hmac = (key: string) => createHmac('sha1', key).update(body).digest('hex')
      seen.push(['old', 'new', 'newer'].find(key => hmac(key) === request.headers['x-sig']))
      response.writeHead(isUp ? 200 : 503).end()
    })
    const sign = async ({ body }: { body: string }) => ({
      'x-sig': createHmac('sha1', secret).update(body).digest('hex'),
    })
    const bench = await open({ dialects: [telling('d', { sign })] }, engine)
    await bench.happen([{ urls: [url] }])
    await bench.sender.tick()
    secret = 'new'
    isUp = true
    await bench.moveToNext()
    await bench.sender.tick()
    secret = 'newer'
    await bench.core.outbox.redeliver(null, (await bench.stored())[0]?.id ?? 0)
    await bench.sender.tick()
    expect(seen).toEqual(['old', 'new', 'newer'])
  })

  test('C4: a callback that cannot be signed for a while is not lost, and does not hold up others', async () => {
    let isBroken = true
    const sign = async () => {
      if (isBroken) throw new Error('another key')
      return {}
    }
    const url = await receivers.http((_, response) => void response.end())
    const bench = await open({ dialects: [telling('d', { sign }), telling('e')] }, engine)
    await bench.happen([{ urls: [url] }])
    for (let attempt = 0; attempt < 8; attempt++) {
      await bench.sender.tick()
      await bench.moveToNext()
    }
    const [stored, other] = await bench.stored()
    expect([stored?.status, stored?.attempts[7]?.error, other?.status]).toEqual([
      'waiting',
      'cannot be signed: another key',
      'delivered',
    ])
    isBroken = false
    await bench.sender.tick()
    expect((await bench.stored())[0]?.status).toBe('delivered')
  })

  test('C4: an event that cannot be worded stays open, for its dialect alone, and holds up nobody', async () => {
    let isBroken = true
    const url = await receivers.http((_, response) => void response.end())
    const broken = telling('broken')
    const say = broken.outbound?.['number.purchased']
    const outbound = {
      'number.purchased': (...event: Parameters<NonNullable<typeof say>>) => {
        if (isBroken) throw new Error('the database is away')
        return say?.(...event) ?? []
      },
    }
    const failures: unknown[] = []
    const dialects = [{ ...broken, outbound }, telling('d')]
    const bench = await open(
      { dialects, onUnworded: ({ dialect, error, isLast }) => void failures.push([dialect, error, isLast]) },
      engine,
    )
    await bench.happen([{ urls: [url] }, { urls: [url] }])
    await bench.sender.tick()
    expect((await bench.stored()).map(({ dialect, status }) => [dialect, status])).toEqual(
      Array(2).fill(['d', 'delivered']),
    )
    expect(failures).toEqual(Array(2).fill(['broken', 'the database is away', false]))
    isBroken = false
    await bench.sender.tick()
    expect(await bench.stored()).toHaveLength(2)
    bench.advance(2_000)
    await bench.sender.tick()
    expect((await bench.stored()).map(({ dialect }) => dialect)).toEqual(['d', 'd', 'broken', 'broken'])
    expect(failures).toHaveLength(2)
  })

  test('C4: an event that cannot be worded is given up visibly in the end, and can be asked for again', async () => {
    let isBroken = true
    const url = await receivers.http((_, response) => void response.end())
    const tell = () => {
      if (isBroken) throw new Error('no words')
      return [{ dialect: 'broken', url, method: 'POST' as const, headers: {}, body: '' }]
    }
    const lasts: boolean[] = []
    const dialects = [telling('broken', { outbound: { 'number.purchased': tell } }), telling('d')]
    const bench = await open({ dialects, onUnworded: ({ isLast }) => void lasts.push(isLast) }, engine)
    await bench.happen([{ urls: [] }])
    for (let hours = 0; hours < 30; hours++) {
      await bench.sender.tick()
      bench.advance(3_600_000)
    }
    expect(lasts).toEqual([...Array(12).fill(false), true])
    const [stored] = await bench.stored()
    expect(stored).toMatchObject({ dialect: 'broken', status: 'unworded', nextAttemptAt: null })
    expect(stored?.attempts).toMatchObject([{ status: null, error: 'no words' }])
    isBroken = false
    await bench.core.outbox.redeliver(null, stored?.id ?? 0)
    await bench.sender.tick()
    expect((await bench.stored()).map(({ dialect, status }) => [dialect, status])).toEqual([['broken', 'delivered']])
  })

  test('C4: an event whose snapshot cannot be read holds up nobody', async () => {
    const url = await receivers.http((_, response) => void response.end())
    const bench = await open({}, engine)
    await bench.store.write(db =>
      db
        .insertInto('outbox')
        .values({ kind: 'number.purchased', account_id: 12, at: bench.now(), data: '{', is_done: 0 })
        .execute(),
    )
    await bench.happen([{ urls: [url] }])
    await bench.sender.tick()
    expect((await bench.stored()).map(({ status }) => status)).toEqual(['delivered'])
  })

  test('A1: a callback that is given up at a stop waits again, untried, and goes out after the start', async () => {
    const silent = await receivers.silent()
    let isUp = false
    const healthy = await receivers.http((_, response) => {
      if (isUp) response.end()
    })
    const bench = await open({}, engine)
    await bench.happen([{ urls: [silent.url, healthy] }])
    await bench.sender.round()
    await expect.poll(() => silent.sockets.size).toBe(1)
    const startedAt = performance.now()
    await bench.sender.stop()
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    for (const each of await bench.stored()) {
      expect(each).toMatchObject({ status: 'waiting', attempts: [], nextAttemptAt: bench.now() })
    }
    await expect.poll(() => silent.sockets.size).toBe(0)
    isUp = true
    await bench.sender.round()
    await expect
      .poll(async () => {
        await bench.sender.round()
        return (await bench.stored())[1]?.status
      })
      .toBe('delivered')
    await bench.sender.stop()
  })
})

test('D8: callbacks that are refused or given up are logged with their reason and counted, successes are only counted', async () => {
  const lines: string[] = []
  const log = createLog('info', { write: line => void lines.push(line) })
  const metrics = createMetrics()
  const url = await receivers.http((_, response) => void response.end())
  const broken = telling('broken', {
    outbound: {
      'number.purchased': () => {
        throw new Error('the key is another')
      },
    },
  })
  const bench = await open({ dialects: [telling(), broken], ...createSenderWatch(log, metrics) })
  await bench.happen([{ urls: [url, 'http://10.0.0.1/cb?token=s3cret'] }])
  await bench.sender.tick()
  expect(lines.map(line => JSON.parse(line))).toMatchObject([
    { level: 'error', dialect: 'broken', reason: 'the key is another', msg: 'no callback could be worded yet' },
    { level: 'warn', receiver: '10.0.0.1:80', reason: 'target refused: 10.0.0.1 is a private address' },
  ])
  expect(lines.join()).not.toContain('s3cret')
  const text = await metrics.text()
  expect(text).toContain('didgate_delivery_attempts_total{dialect="d",outcome="delivered"} 1')
  expect(text).toContain('didgate_delivery_attempts_total{dialect="d",outcome="refused"} 1')
  expect(text).toContain('didgate_events_unworded_total{dialect="broken",outcome="retry"} 1')
})

test.each(engines())('several senders over one database on %s send everything once', async engine => {
  const seen: string[] = []
  const attempt: SenderOptions['attempt'] = async ({ url }) => {
    seen.push(url)
    return { status: 200, error: null, delivered: true, final: false }
  }
  const bench = await open({ attempt }, engine)
  const other = createSender({ core: bench.core, dialects: [telling()], attempt })
  await bench.happen(Array.from({ length: 300 }, (_, i) => ({ urls: [`http://r${i % 20}.example/${i}`] })))
  await Promise.all([bench.sender.tick(), other.tick(), bench.sender.tick(), other.tick()])
  expect([seen.length, new Set(seen).size]).toEqual([300, 300])
  expect(await bench.core.outbox.deliveries({ status: 'delivered' }, { limit: 1, offset: 0 })).toMatchObject({
    total: 300,
  })
})

test('C4: while the database is away no callback is lost, and what was sent meanwhile is written down afterwards', async () => {
  const url = await receivers.http((_, response) => void response.end())
  const bench = await open()
  await bench.happen([{ urls: [url] }])
  let isAway = true
  const { outbox } = bench.core
  const attempted: typeof outbox.attempted = async attempts => {
    if (isAway && attempts.length > 0) throw new Error('away')
    await outbox.attempted(attempts)
  }
  const core = { ...bench.core, outbox: { ...outbox, attempted } }
  const sender = createSender({ core, dialects: [telling()], targets: LOOPBACK })
  await expect(sender.tick()).rejects.toThrow('away')
  isAway = false
  await sender.tick()
  expect((await bench.stored())[0]).toMatchObject({ status: 'delivered', attempts: [{ status: 200 }] })
})
