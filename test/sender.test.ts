import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Dialect } from '../adapters/kit/dialect.ts'
import { seededRandom } from '../core/random.ts'
import type { Core, CoreEvent, Delivery, Outbox, StoredDelivery } from '../core/verbs.ts'
import { createSender, type SenderOptions } from '../src/outbound.ts'

type Stored = StoredDelivery & { pauses: number[] }

/** An outbox in memory, on a clock that the test moves. */
function memoryOutbox(events: CoreEvent[]) {
  let now = 0
  const stored: Stored[] = []
  const add = (each: Delivery) =>
    stored.push({
      ...each,
      id: stored.length + 1,
      eventId: 1,
      accountId: 12,
      status: 'waiting',
      attempts: [],
      nextAttemptAt: now,
      createdAt: now,
      pauses: [],
    })
  const outbox: Partial<Outbox> = {
    async expand(route) {
      const taken = events.splice(0)
      for (const event of taken) (await route(event)).forEach(add)
      return taken.length
    },
    async take(limit, leaseMs) {
      const due = stored.filter(each => each.nextAttemptAt !== null && each.nextAttemptAt <= now).slice(0, limit)
      for (const each of due) each.nextAttemptAt = now + leaseMs
      return due.map(each => structuredClone(each))
    },
    async attempted(id, { delivered, ...attempt }, nextAttemptAt) {
      const row = stored[id - 1] as Stored
      row.attempts.push({ ...attempt, at: now })
      row.status = delivered ? 'delivered' : nextAttemptAt === null ? 'failed' : 'waiting'
      row.nextAttemptAt = nextAttemptAt
      if (nextAttemptAt !== null) row.pauses.push(nextAttemptAt - now)
    },
  }
  const core = { outbox, clock: { now: () => now }, random: seededRandom('sender') } as unknown as Core
  const moveToNext = () => {
    now = Math.min(...stored.flatMap(each => each.nextAttemptAt ?? []))
  }
  return { core, stored, moveToNext }
}

const EVENT: CoreEvent = { id: 1, kind: 'number.purchased', accountId: 12, at: 0, data: {} }
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

async function receiver(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`
}

function dialect(name: string, urls: readonly string[] | Error): Dialect {
  const rest = { method: 'POST', headers: { 'content-type': 'text/plain', 'x-sig': 's' }, body: 'ß' } as const
  const route = () => {
    if (urls instanceof Error) throw urls
    return urls.map(url => ({ dialect: name, url, ...rest }))
  }
  return { name, outbound: { 'number.purchased': route } } as unknown as Dialect
}

function sending(urls: readonly string[], options: Partial<SenderOptions> = {}) {
  const box = memoryOutbox([EVENT])
  const sender = createSender({ core: box.core, dialects: [dialect('d', urls)], allowLoopback: true, ...options })
  return { ...box, sender }
}

describe('sender', () => {
  it('tries again, later each time, until it is delivered', async () => {
    const seen: unknown[] = []
    let failures = 2
    const url = await receiver(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString()
      seen.push([request.method, request.url, request.headers['x-sig'], request.headers['content-length'], body])
      response.writeHead(failures-- > 0 ? 500 : 202).end('ok')
    })
    const { sender, stored, moveToNext } = sending([url])
    expect(await sender.tick()).toBe(1)
    expect(await sender.tick()).toBe(0)
    moveToNext()
    await sender.tick()
    moveToNext()
    await sender.tick()
    expect(stored).toMatchObject([{ status: 'delivered', nextAttemptAt: null }])
    expect(stored[0]?.attempts.map(each => [each.status, each.error])).toEqual([
      [500, 'answered 500'],
      [500, 'answered 500'],
      [202, null],
    ])
    expect(seen).toEqual(Array(3).fill(['POST', '/in', 's', '2', 'ß']))
  })

  it('gives up after six attempts, 2 s doubling with a jitter of a fifth', async () => {
    const url = await receiver((_, response) => void response.writeHead(503).end())
    const { sender, stored, moveToNext } = sending([url])
    for (let attempt = 1; attempt <= 6; attempt++) {
      await sender.tick()
      if (attempt < 6) moveToNext()
    }
    expect([stored[0]?.status, stored[0]?.attempts.length]).toEqual(['failed', 6])
    const factors = (stored[0]?.pauses ?? []).map((pause, i) => pause / (2_000 * 2 ** i))
    expect(factors).toHaveLength(5)
    for (const factor of factors) expect(Math.abs(factor - 1)).toBeLessThanOrEqual(0.2)
    expect(new Set(factors).size).toBeGreaterThan(1)
  })

  it('follows no redirect', async () => {
    let hits = 0
    const elsewhere = await receiver((_, response) => void response.end(String(++hits)))
    const url = await receiver((_, response) => void response.writeHead(307, { location: elsewhere }).end())
    const { sender, stored } = sending([url])
    await sender.tick()
    expect([stored[0]?.attempts[0]?.status, stored[0]?.status, hits]).toEqual([307, 'waiting', 0])
  })

  it('waits for silent receivers only so long, for several at once, and not for the end of a body', async () => {
    const silent = await receiver(() => undefined)
    const endless = await receiver((_, response) => void response.writeHead(200).write('…'))
    const { sender, stored } = sending([silent, silent, endless], { timeoutMs: 150 })
    const startedAt = performance.now()
    expect(await sender.tick()).toBe(3)
    expect(performance.now() - startedAt).toBeLessThan(290)
    expect(stored.map(each => each.attempts[0]?.error ?? each.status)).toEqual(['timed out', 'timed out', 'delivered'])
    // the time-out of the endless answer passes without an unhandled error
    await new Promise(resolve => setTimeout(resolve, 200))
  })

  it('never connects to a refused target, however it is spelt, and does not try it again', async () => {
    let hits = 0
    const url = await receiver((_, response) => void response.end(String(++hits)))
    const port = new URL(url).port
    const hosts = ['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', '0.0.0.0', '[::]']
    const { sender, stored } = sending(
      hosts.map(host => `http://${host}:${port}/`),
      { allowLoopback: false },
    )
    await sender.tick()
    expect(stored.map(each => each.status)).toEqual(hosts.map(() => 'failed'))
    for (const { attempts } of stored) expect(attempts).toMatchObject([{ status: null, error: /refused/ }])
    expect(hits).toBe(0)
  })

  it('permits loopback by name where it is allowed', async () => {
    const url = await receiver((_, response) => void response.end())
    const { sender, stored } = sending([url.replace('127.0.0.1', 'localhost')])
    await sender.tick()
    expect(stored[0]?.status).toBe('delivered')
  })

  it('a dialect that cannot word an event holds up nobody', async () => {
    const url = await receiver((_, response) => void response.end())
    const errors: unknown[] = []
    const { sender, stored } = sending([], {
      dialects: [dialect('broken', new Error('no words')), dialect('d', [url])],
      onError: (error, event, name) => void errors.push([(error as Error).message, event.id, name]),
    })
    await sender.tick()
    expect(errors).toEqual([['no words', 1, 'broken']])
    expect(stored.map(each => each.status)).toEqual(['delivered'])
  })
})
