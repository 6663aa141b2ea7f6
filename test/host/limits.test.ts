import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
/** Floods: what is refused, in whose words, and who is let in all the same. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialectModules } from '../../src/dialects.ts'
import { createBuckets } from '../../src/limits/buckets.ts'
import { createLimits } from '../../src/limits/limits.ts'
import { createSharing } from '../../src/limits/sharing.ts'
import { sourceOf } from '../../src/limits/source.ts'
import { createLog } from '../../src/logs/log.ts'
import { contractWorld } from '../contract/world.ts'
import { engines } from '../support/engines.ts'
import { limitedGateway } from '../support/limits.ts'
import { ORIGIN, openWorld } from '../support/world.ts'

const HERE = '192.0.2.1'
const THERE = '198.51.100.7'
const names = dialectModules.map(({ name }) => name)
const SURFACES = names.map(name => [name])

/** What each provider's page says of 429, or what stands nearest to it. */
const WORDS: Record<string, RegExp> = {
  onsip: /"Code":"Request\.TooMany"/,
  wavix: /^\{"success":false,"error":true,"message":"Too many requests/,
  vobiz:
    /^\{"status":"error","error":\{"code":"RATE_LIMIT_EXCEEDED","message":"[^"]+","details":\{"limitType":"\w+","limit":\d+,"current":\d+,"retryAfter":\d+\}\},"timestamp":"[^"]+","requestId":"[^"]+"\}$/,
  'sinch-v1': /^\{"code":20429,.*"status":429\}$/,
  sinch: /^\{"error":\{"code":429,.*"status":"RESOURCE_EXHAUSTED"/,
  cm: /"title":"Too Many Requests","status":429/,
  twilio: /"?code"?[">:]+20429/i,
  signalwire: /20429/,
  bandwidth: /<Description>Too many requests/,
}

async function isTold(dialect: string, response: Response): Promise<number> {
  expect([dialect, response.status]).toEqual([dialect, 429])
  const text = await response.text()
  expect(text).toMatch(WORDS[dialect] ?? /never/)
  const after = response.headers.get('retry-after') ?? ''
  expect(after).toMatch(/^[1-9]\d*$/)
  return Number(after)
}

describe.each(engines())('limits on %s', engine => {
  let world: Awaited<ReturnType<typeof openWorld>>
  beforeAll(async () => {
    world = await openWorld(engine, contractWorld)
  })
  afterAll(() => world.drop())

  it.each(
    SURFACES,
  )('C24: %s: guesses end where they come from, and the right one is let in from elsewhere', async name => {
    const { ask, refused, pass } = limitedGateway(world, { wrong_credentials: 5 })
    const before = (await ask(name, HERE, 'wrong-0')).status
    for (let n = 1; n < 5; n++) expect((await ask(name, HERE, `wrong-${n}`)).status).toBe(before)
    expect(await isTold(name, await ask(name, HERE, 'wrong-5'))).toBeLessThanOrEqual(120)
    // whoever finds the right one now is told the same
    await isTold(name, await ask(name, HERE))
    expect((await ask(name, THERE)).status).toBeLessThan(300)
    expect(new Set(refused)).toEqual(new Set([`wrong_credentials ${name}`]))
    pass(600)
    expect((await ask(name, HERE)).status).toBeLessThan(300)
  })

  it.each(SURFACES)('C24: %s: who was right from there before is not shut out by a neighbour', async name => {
    const { ask } = limitedGateway(world, { wrong_credentials: 5 })
    expect((await ask(name, HERE)).status).toBeLessThan(300)
    for (let n = 0; n < 5; n++) await ask(name, HERE, `wrong-${n}`)
    await isTold(name, await ask(name, HERE, 'wrong-5'))
    expect((await ask(name, HERE)).status).toBeLessThan(300)
  })

  it.each(SURFACES)('%s: an address that asks too often is told so before its body is read', async name => {
    const { ask, send, pass, refused } = limitedGateway(world, { address: 10 })
    let last = await ask(name, HERE)
    for (let n = 0; n < 200 && last.status !== 429; n++) last = await ask(name, HERE)
    expect(await isTold(name, last)).toBe(1)
    expect((await ask(name, THERE)).status).toBeLessThan(300)
    expect(new Set(refused)).toEqual(new Set([`address ${name}`]))
    if (name !== 'onsip') {
      const body = '{"never":"read"}'
      const request = new Request(`${ORIGIN}/${name}/anything`, { method: 'POST', body })
      expect((await send(request, HERE)).status).toBe(429)
      expect(request.bodyUsed).toBe(false)
    }
    pass(2)
    expect((await ask(name, HERE)).status).toBeLessThan(300)
  })

  it.each(SURFACES)('%s: a credential that asks too often is told so wherever it asks from', async name => {
    const { ask, pass, refused } = limitedGateway(world, { credential: 5 })
    let last = await ask(name, HERE)
    for (let n = 0; n < 100 && last.status !== 429; n++) last = await ask(name, n % 2 ? HERE : THERE)
    await isTold(name, last)
    // a stranger with the name alone has no part in it
    expect((await ask(name, HERE, 'wrong')).status).not.toBe(429)
    expect(new Set(refused)).toEqual(new Set([`credential ${name}`]))
    pass(10)
    expect((await ask(name, HERE)).status).toBeLessThan(300)
  })

  it('C24: a user is locked for the address that guessed, and for no other; limits or not', async () => {
    const core = world.core
    const from = (source: string, password: string) =>
      core.sessions.login('onsip', 'user_12', password, source).then(
        () => 'in',
        ({ code }) => code as string,
      )
    for (let n = 0; n < 6; n++) await from(HERE, `wrong-${n}`)
    expect(await from(HERE, 'password-12')).toBe('login_locked')
    expect(await from(THERE, 'password-12')).toBe('in')
    expect(await from(HERE, 'password-12')).toBe('login_locked')
  })

  it('attempts that lock nobody any more are taken away as others come', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `stranger-${n}`)
    for (const name of names) await world.core.sessions.check('tidy', name, 'x', HERE).catch(() => undefined)
    world.setClockOnly('2026-06-02T00:00:00Z')
    for (const name of names.slice(0, 12))
      await world.core.sessions.check('tidy', name, 'x', THERE).catch(() => undefined)
    const rows = await world.store.read(db => db.selectFrom('login_attempts').select('source').execute())
    expect(rows.map(({ source }) => source)).toEqual(Array(12).fill(THERE))
  })

  it('two processes count together, a second late', async () => {
    const [one, two] = [
      limitedGateway(world, { wrong_credentials: 10 }),
      limitedGateway(world, { wrong_credentials: 10 }),
    ]
    const sharingOf = ({ limits }: typeof one, process: string) =>
      createSharing({ limits, shared: () => world.core.sharedCounts, process, log: createLog('silent') })
    const [a, b] = [sharingOf(one, `${engine}-a`), sharingOf(two, `${engine}-b`)]
    await b.round()
    for (let n = 0; n < 7; n++) await one.ask('wavix', HERE, `wrong-${n}`)
    await a.round()
    await b.round()
    const statuses = []
    for (let n = 0; n < 5; n++) statuses.push((await two.ask('wavix', HERE, `other-${n}`)).status)
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    await b.round()
    await a.round()
    expect((await one.ask('wavix', HERE, 'once-more')).status).toBe(429)
    expect((await one.ask('wavix', THERE)).status).toBe(200)
    // what was told is told once
    expect(Math.round(two.limits.counts.wrong_credentials.level(HERE))).toBe(10)
    await a.round()
    await b.round()
    expect(Math.round(two.limits.counts.wrong_credentials.level(HERE))).toBe(10)
  })

  it('what is told is gone soon: ten exchanges of each process are kept', async () => {
    const { limits } = limitedGateway(world, { wrong_credentials: 1000 })
    const options = { shared: () => world.core.sharedCounts, process: `${engine}-c`, log: createLog('silent') }
    const sharing = createSharing({ limits, ...options })
    for (let n = 0; n < 25; n++) {
      limits.counts.wrong_credentials.take(HERE)
      await sharing.round()
    }
    const rows = await world.store.read(db =>
      db.selectFrom('shared_counts').select('turn').where('process', '=', `${engine}-c`).execute(),
    )
    expect(rows.map(({ turn }) => turn).sort((x, y) => x - y)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25])
  })
})

/** What is held, without what is only not collected yet: that depends on what else the process has done. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

describe('guesses from many places', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  beforeAll(async () => {
    world = await openWorld('sqlite', contractWorld)
  })
  afterAll(() => world.drop())

  it('C24: are slowed down and lock nobody out, and who is known there waits for nobody', async () => {
    const { ask, waits } = limitedGateway(world, { wrong_credentials: 5 })
    await ask('vobiz', HERE)
    for (let n = 0; n < 100; n++) await ask('vobiz', `203.0.113.${n}`, `wrong-${n}`)
    expect(waits.length).toBeGreaterThan(70)
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000)
    const before = waits.length
    expect((await ask('vobiz', HERE)).status).toBe(200)
    expect(waits.length).toBe(before)
    expect((await ask('vobiz', THERE)).status).toBe(200)
    expect(waits.length).toBe(before + 1)
  })

  it('C24: of many at once from one place no more are looked at than of many in a row', async () => {
    const { ask } = limitedGateway(world, { wrong_credentials: 5 })
    const guesses = Array.from({ length: 100 }, (_, n) => ask('wavix', HERE, n === 99 ? undefined : `wrong-${n}`))
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect([
      statuses.filter(status => status === 401).length,
      statuses.filter(status => status === 429).length,
    ]).toEqual([5, 95])
  })

  it('many who are right at once from one new place are all let in', async () => {
    const { ask, refused } = limitedGateway(world, { wrong_credentials: 5 })
    const all = await Promise.all(names.flatMap(name => Array.from({ length: 10 }, () => ask(name, HERE))))
    expect(all.filter(({ status }) => status >= 300)).toEqual([])
    expect(refused).toEqual([])
  })
})

describe('where requests come from', () => {
  const from = (remoteAddress: string | undefined, headers: Record<string, string> = {}, trustProxy = false) =>
    sourceOf({ incoming: { socket: { remoteAddress }, headers } } as never, trustProxy)

  it('is an IPv4 address, or 64 bits of an IPv6 address', () => {
    expect(from('192.0.2.1')).toBe('192.0.2.1')
    expect(from('::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(from('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
    expect(from('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64')
    expect(from('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
    expect(from(undefined)).toBe('unknown')
    expect(sourceOf(undefined, true)).toBe('')
  })

  it('is what a trusted proxy says last, and nothing that a client says of itself', () => {
    const said = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' }
    expect(from('10.0.0.1', said)).toBe('10.0.0.1')
    expect(from('10.0.0.1', said, true)).toBe('203.0.113.9')
    for (const text of ['203.0.113.9:4711', 'x, 203.0.113.9']) {
      expect(from('10.0.0.1', { 'x-forwarded-for': text }, true)).toBe('203.0.113.9')
    }
    expect(from('10.0.0.1', { 'x-forwarded-for': '[2001:db8::1]:443' }, true)).toBe('2001:db8:0:0::/64')
    expect(from('10.0.0.1', { 'x-forwarded-for': 'nonsense' }, true)).toBe('10.0.0.1')
    expect(from('10.0.0.1', {}, true)).toBe('10.0.0.1')
  })
})

describe('what is counted', () => {
  it('leaks, and says how long until there is room', () => {
    let now = 0
    const buckets = createBuckets({ size: 10, perSecond: 2, keys: 10 }, () => now)
    for (let n = 0; n < 10; n++) expect(buckets.take('x')).toBe(0)
    expect(buckets.take('x')).toBe(0.5)
    now = 500
    expect(buckets.take('x')).toBe(0)
    buckets.add('x', 20)
    expect(buckets.take('x')).toBe(10.5)
    expect(buckets.level('never seen')).toBe(0)
    expect(buckets.untold(5)).toEqual([['x', 11]])
    expect(buckets.untold(5)).toEqual([])
  })

  it('of a million addresses fits into little memory, and costs microseconds', () => {
    const limits = createLimits({ sizes: { address: 10, credential: 10, wrong_credentials: 10 }, onRefused: () => {} })
    const before = heapInUse()
    const startedAt = performance.now()
    for (let n = 0; n < 1_000_000; n++)
      limits.checkAddress({ source: `2001:db8:${n >> 16}:${n & 65_535}::/64`, surface: 'x' })
    const microseconds = ((performance.now() - startedAt) * 1000) / 1_000_000
    expect(limits.keys().address).toBe(50_000)
    expect((heapInUse() - before) / 2 ** 20).toBeLessThan(200)
    expect(microseconds).toBeLessThan(20)
  })
})
