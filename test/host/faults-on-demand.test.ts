import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { openSqlite } from '../../core/store/sqlite.ts'
import { packageRoot } from '../../src/config/package-files.ts'
import { dialectModules } from '../../src/dialects.ts'
import { startGateway, type TestGateway } from '../../src/testing/index.ts'
import { createJudge, type Judge } from '../../verify/answers/judge.ts'
import { demoRequest } from '../support/demo-request.ts'

let gateway: TestGateway
const judges = new Map<string, Judge>()

beforeAll(async () => {
  gateway = await startGateway({ listen: true })
  const store = await openSqlite(':memory:')
  const core = createCore({ store, clock: { now: Date.now }, key: 'judge' })
  for (const module of dialectModules) {
    const { name, grammar } = module
    const dialect = module.create({ core, mode: 'double' })
    judges.set(
      name,
      await createJudge({ dialect, grammar, packageRoot: packageRoot(), base: gateway.url(name as never) }),
    )
  }
})
afterAll(() => gateway.close())
afterEach(() => {
  gateway.faults.clear()
  gateway.requests.clear()
  gateway.callbacks.clear()
})

/** Of onsip an operation whose grammar has both kinds of errors. */
const requestOf = (dialect: string) => {
  const { url, init } = demoRequest(dialect, gateway.url(dialect as never))
  return { url: dialect === 'onsip' ? `${gateway.url('onsip')}/api?Action=DidBrowse&SessionId=none` : url, init }
}

const ask = (dialect: string, fault?: unknown) => {
  const { url, init } = requestOf(dialect)
  const headers = new Headers(init.headers)
  if (fault !== undefined) headers.set('x-didgate-fault', typeof fault === 'string' ? fault : JSON.stringify(fault))
  return fetch(url, { ...init, headers })
}

/** What is wrong with an answer, by the dialect's own schema or grammar; what no page documents has none. */
async function faultsOf(dialect: string, response: Response): Promise<string[]> {
  const text = await response.text()
  const { url, init } = requestOf(dialect)
  const mediaType = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.toLowerCase() ?? ''
  const told = { method: 'GET', url, requestHeaders: [...new Headers(init.headers)], requestBody: undefined }
  const shown = { status: response.status, headers: [...response.headers] as [string, string][], mediaType, text }
  const { findings } = await (judges.get(dialect) as Judge)({ ...told, ...shown, isBinary: false } as never)
  return findings.filter(({ kind }) => kind !== 'documented status').map(({ message }) => message)
}

const names = dialectModules.map(({ name }) => name)

describe.each(names)('faults on demand: %s', dialect => {
  it('too many requests: 429 with Retry-After', async () => {
    gateway.faults.add({ when: { dialect, times: 1 }, then: { fault: 'rate_limited', retry_after: 7 } })
    const response = await ask(dialect)
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7'])
    expect(await faultsOf(dialect, response)).toEqual([])
    expect((await ask(dialect)).status).toBe(200)
  })

  it('any status with body and headers, a body cut short or broken, a connection that ends', async () => {
    const own = await ask(dialect, { status: 503, headers: { 'X-Own': 'yes' }, body: { down: true } })
    expect([own.status, own.headers.get('x-own'), await own.json()]).toEqual([503, 'yes', { down: true }])
    const whole = await (await ask(dialect)).text()
    const short = await (await ask(dialect, { body: 'truncated' })).text()
    expect(short.length).toBeLessThan(whole.length)
    expect(short.length).toBeGreaterThan(0)
    const broken = await (await ask(dialect, { body: 'malformed' })).text()
    expect(broken.slice(0, 2)).toBe((whole[0] as string).repeat(2))
    for (const drop of ['before', 'after_commit']) await expect(ask(dialect, { drop })).rejects.toThrow()
    const half = await ask(dialect, { drop: 'mid_body' })
    await expect(half.text()).rejects.toThrow()
    const dropped = await gateway.requests.find({ dialect })
    expect(dropped.filter(each => 'dropped' in each)).toHaveLength(3)
  })
})

describe('rules', () => {
  const wavix = () => ask('wavix')
  const vobiz = () => ask('vobiz')

  it('which: dialect, operation, account and number; all of it must fit', async () => {
    const then = { status: 418 }
    gateway.faults.add({ when: { operation: 'GET /v1/buy/countries' }, then })
    expect([(await wavix()).status, (await vobiz()).status]).toEqual([418, 200])
    gateway.faults.clear()
    gateway.faults.add({ when: { account: 'MA_DEMO0001', dialect: 'vobiz' }, then })
    gateway.faults.add({ when: { account: 13 }, then })
    expect([(await wavix()).status, (await vobiz()).status]).toEqual([200, 418])
    gateway.faults.clear()
    gateway.faults.add({ when: { e164: '+1212*' }, then })
    const base = gateway.url('vobiz')
    const auth = { 'x-auth-id': 'MA_DEMO0001', 'x-auth-token': 'demo-vobiz-acme' }
    const inventory = (search: string) =>
      fetch(`${base}/api/v1/Account/MA_DEMO0001/inventory/numbers?search=${encodeURIComponent(search)}`, {
        headers: auth,
      })
    expect((await inventory('+12125550142')).status).toBe(418)
    expect((await inventory('+13105550142')).status).toBe(200)
  })

  it('whoever is refused meets them as well', async () => {
    gateway.faults.add({ when: { dialect: 'wavix' }, then: { fault: 'temporarily_unavailable' } })
    expect((await fetch(`${gateway.url('wavix')}/v1/mydids`)).status).toBe(503)
    expect((await fetch(`${gateway.url('wavix')}/v1/nothing`)).status).toBe(503)
  })

  it('counts exactly under 64 clients: the nth, so many times, and by a seed', async () => {
    const rule = gateway.faults.add({ when: { dialect: 'wavix', nth: 33, times: 5 }, then: { status: 500 } })
    const statuses = await Promise.all(Array.from({ length: 64 }, async () => (await wavix()).status))
    expect(statuses.filter(status => status === 500)).toHaveLength(5)
    expect(gateway.faults.list()).toMatchObject([{ id: rule.id, matched: 64, applied: 5 }])
    const drawn = async (seed: number) => {
      gateway.faults.clear()
      gateway.faults.add({ when: { probability: 0.5, seed }, then: { status: 500 } })
      const all: number[] = []
      for (let n = 0; n < 24; n++) all.push((await wavix()).status)
      return all.join()
    }
    const first = await drawn(7)
    expect(first).toContain('500')
    expect(first).toContain('200')
    expect(await drawn(7)).toBe(first)
    expect(await drawn(8)).not.toBe(first)
  })

  it('the first that applies decides; one may delay and fail', async () => {
    gateway.faults.add({ when: { times: 1 }, then: { delay_ms: [30, 40], status: 501 } })
    gateway.faults.add({ then: { status: 502 } })
    const startedAt = performance.now()
    expect((await wavix()).status).toBe(501)
    expect(performance.now() - startedAt).toBeGreaterThan(25)
    expect((await wavix()).status).toBe(502)
    gateway.faults.clear()
    gateway.faults.add({ then: { delay_ms: { median: 20, sigma: 0.2 } } })
    expect((await wavix()).status).toBe(200)
  })

  it('a long delay holds up neither a reset nor the end', async () => {
    const own = await startGateway({ listen: true })
    own.faults.add({ then: { delay_ms: 60_000 } })
    const { url, init } = demoRequest('wavix', own.url('wavix'))
    const waiting = fetch(url, init)
    while (own.faults.list()[0]?.applied !== 1) await new Promise(resolve => setTimeout(resolve, 5))
    await own.reset()
    expect((await waiting).status).toBe(200)
    expect(own.faults.list()).toEqual([])
    await own.close()
  })

  it('what is wrong with a rule is told, and nothing is kept', async () => {
    const post = (rule: unknown) =>
      gateway.admin('/faults', {
        method: 'POST',
        body: JSON.stringify(rule),
        headers: { 'content-type': 'application/json' },
      })
    const wrong = [
      {},
      { then: {} },
      { then: { fault: 'nonsense' } },
      { then: { status: 99 } },
      { then: { drop: 'later' } },
      { then: { status: 500, drop: 'before' } },
      { then: { body: 'other' } },
      { then: { delay_ms: 60_001 } },
      { then: { delay_ms: [5, 1] } },
      { then: { callback: 'lost' } },
      { when: { callback: true }, then: { status: 500 } },
      { when: { e164: 'abc' }, then: { status: 500 } },
      { when: { nth: 0 }, then: { status: 500 } },
      { when: { probability: 2 }, then: { status: 500 } },
      { when: { other: 1 }, then: { status: 500 } },
      { then: { status: 500, headers: { 'bad name': 'x' } } },
      { then: { status: 500, headers: { name: 'a\nb' } } },
    ]
    for (const rule of wrong) {
      const response = await post(rule)
      expect([rule, response.status]).toEqual([rule, 400])
      expect(((await response.json()) as { error: { code: string } }).error.code).toBe('invalid_input')
    }
    expect(gateway.faults.list()).toEqual([])
    const made = await post({ when: { dialect: 'cm' }, then: { fault: 'conflict' } })
    expect(made.status).toBe(201)
    const { id } = (await made.json()) as { id: number }
    expect(await (await gateway.admin(`/faults/${id}`)).json()).toMatchObject({ id, matched: 0 })
    expect((await gateway.admin(`/faults/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await gateway.admin(`/faults/${id}`)).status).toBe(404)
    for (let n = 0; n < 200; n++) gateway.faults.add({ then: { status: 500 } })
    expect((await post({ then: { status: 500 } })).status).toBe(409)
  })

  it.each([204, 205, 304])('a status that has no body sends none: %i', async status => {
    const headers = { 'content-length': '5', 'x-kept': 'yes' }
    gateway.faults.add({ then: { status, body: { a: 1 }, headers } })
    const { url, init } = requestOf('wavix')
    const answer = await fetch(url, init)
    expect([answer.status, answer.headers.get('x-kept'), await answer.text()]).toEqual([status, 'yes', ''])
    expect(answer.headers.get('content-type')).toBeNull()
    expect(Number(answer.headers.get('content-length') ?? 0)).toBe(0)
  })

  it('a header that cannot be read is refused in the words of the dialect', async () => {
    for (const header of ['nonsense', '{', '{"callback":"lost"}', '{"status":1}']) {
      expect((await ask('wavix', header)).status).toBe(400)
      expect((await ask('sinch', header)).status).toBe(400)
    }
  })
})

describe('committed, answer lost', () => {
  const E164 = '+12125550142'
  const headers = { 'x-auth-id': 'MA_DEMO0001', 'x-auth-token': 'demo-vobiz-acme', 'content-type': 'application/json' }
  const free = async (own: TestGateway) => {
    const found = await own.fetch(`/vobiz/api/v1/Account/MA_DEMO0001/inventory/numbers?per_page=1`, { headers })
    return ((await found.json()) as { items: { e164: string }[] }).items[0]?.e164 ?? E164
  }

  it('the purchase happened, a repeated one meets what the provider lets it meet', async () => {
    const own = await startGateway({ listen: true })
    const e164 = await free(own)
    own.faults.add({ when: { e164, times: 1 }, then: { drop: 'after_commit' } })
    const buy = () =>
      fetch(`${own.url('vobiz')}/api/v1/Account/MA_DEMO0001/numbers/purchase-from-inventory`, {
        ...{ method: 'POST', headers, body: JSON.stringify({ e164 }) },
      })
    await expect(buy()).rejects.toThrow()
    const [lost] = await own.requests.find({ e164 })
    expect(lost).toMatchObject({ status: 200, dropped: 'after_commit', changes: [{ e164, kind: 'purchased' }] })
    expect((await buy()).status).toBe(404)
    const list = await (await own.fetch(`/vobiz/api/v1/Account/MA_DEMO0001/numbers`, { headers })).text()
    expect(list).toContain(e164)
    expect(await own.invariants()).toMatchObject({ ok: true })
    await own.close()
  })

  it('in process: what fetch would throw', async () => {
    const own = await startGateway()
    own.faults.add({ when: { times: 1 }, then: { drop: 'before' } })
    await expect(own.fetch('/wavix/v1/mydids')).rejects.toThrow(TypeError)
    expect((await own.fetch('/wavix/v1/mydids')).status).toBe(401)
    await own.close()
  })
})

describe('callbacks', () => {
  let server: Server
  const calls: { url: string; headers: Record<string, unknown>; body: string }[] = []
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = ''
      request.on('data', chunk => (body += chunk))
      request.on('end', () => {
        calls.push({ url: request.url ?? '', headers: request.headers, body })
        // a receiver may refuse what it has had
        response.statusCode = calls.filter(call => call.body === body).length > 1 ? 409 : 200
        response.end()
      })
    }).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
  })
  afterAll(() => void server.close())
  afterEach(() => void calls.splice(0))

  const project = '00000000-0000-4000-8000-000000000012'
  const sinch = { authorization: `Basic ${Buffer.from('demo-sinch-key:demo-sinch-secret').toString('base64')}` }
  /** Rents some numbers, each of which is told to this URL. */
  const rent = async (count: number, callbackUrl: string): Promise<string[]> => {
    const base = `/sinch/v1/projects/${project}`
    const found = await gateway.fetch(`${base}/availableNumbers?regionCode=US&type=LOCAL&size=${count}`, {
      headers: sinch,
    })
    const { availableNumbers } = (await found.json()) as { availableNumbers: { phoneNumber: string }[] }
    const numbers = availableNumbers.map(({ phoneNumber }) => phoneNumber)
    for (const e164 of numbers) {
      const init = { method: 'POST', headers: { ...sinch, 'content-type': 'application/json' } }
      const body = JSON.stringify({ callbackUrl, smsConfiguration: { servicePlanId: 'plan1' } })
      const answer = await gateway.fetch(`${base}/availableNumbers/${e164}:rent`, { ...init, body })
      expect(answer.status).toBe(200)
    }
    return numbers
  }
  const secret = () =>
    gateway.fetch(`/sinch/v1/projects/${project}/callbackConfiguration`, {
      ...{ method: 'PATCH', headers: { ...sinch, 'content-type': 'application/json' } },
      body: JSON.stringify({ hmacSecret: 'callback-secret' }),
    })
  const here = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  const until = async (done: () => boolean | Promise<boolean>) => {
    while (!(await done())) {
      await gateway.clock.advance({ seconds: 1 } as never)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
  const deliveries = async () => {
    const answer = await gateway.admin('/deliveries?limit=1000')
    return ((await answer.json()) as { deliveries: { status: string; body: string }[] }).deliveries
  }

  it('the receiver of the gateway takes them, and tells of them', async () => {
    const [e164] = await rent(1, gateway.callbacks.url('/mine'))
    await until(() => gateway.callbacks.find('/mine').length >= 1)
    const [callback] = await gateway.callbacks.wait('/mine')
    expect(callback).toMatchObject({ method: 'POST', path: '/mine' })
    expect(callback?.body).toContain(e164)
    await expect(gateway.callbacks.wait('/other', { timeoutMs: 20 })).rejects.toThrow('0 of 1 callbacks')
  })

  it('twice, and late', async () => {
    gateway.faults.add({ when: { callback: '/hook', times: 1 }, then: { callback: 'twice', delay_ms: 20 } })
    const [e164] = await rent(1, here())
    await until(async () =>
      (await deliveries()).some(
        ({ body, status }) => body.includes(`${e164}`) && ['delivered', 'failed'].includes(status),
      ),
    )
    expect(calls.map(({ body }) => body)).toEqual([calls[0]?.body, calls[0]?.body])
    // what was taken once is not tried again because its repetition was refused
    const found = (await deliveries()).filter(({ body }) => body.includes(`${e164}`))
    expect(found.map(({ status }) => status)).toEqual(['delivered'])
  })

  it('lost: nobody is called, and it is told as failed', async () => {
    gateway.faults.add({ when: { callback: true, times: 1 }, then: { callback: 'lost' } })
    const [e164] = await rent(1, here())
    await until(async () =>
      (await deliveries()).some(({ status, body }) => status === 'failed' && body.includes(e164 as string)),
    )
    expect(calls).toEqual([])
  })

  it('out of order', async () => {
    gateway.faults.add({ when: { callback: true, times: 1 }, then: { callback: 'out_of_order' } })
    const numbers = await rent(3, here())
    await until(() => calls.length >= 3)
    const order = calls.map(({ body }) => numbers.findIndex(e164 => body.includes(e164)))
    expect([...order].sort()).toEqual([0, 1, 2])
    expect(order).not.toEqual([0, 1, 2])
  })

  it('wrongly signed', async () => {
    expect((await secret()).status).toBe(200)
    gateway.faults.add({ when: { callback: true, times: 1 }, then: { callback: 'wrong_signature' } })
    await rent(1, here())
    await until(() => calls.length >= 1)
    const [{ headers, body }] = calls as [(typeof calls)[number]]
    const { createHmac } = await import('node:crypto')
    const right = createHmac('sha1', 'callback-secret').update(body).digest('hex')
    expect(headers['x-sinch-signature']).toMatch(/^[0-9a-f]{40}$/)
    expect(headers['x-sinch-signature']).not.toBe(right)
  })
})
