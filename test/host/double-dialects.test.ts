/** Every fault on demand in every dialect, each answer held to the dialect's own schema or grammar; no secret is shown. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import type { createCore } from '../../core/core.ts'
import { FAULT_CODES } from '../../src/double/samples.ts'
import { type DialectName, type FaultRule, startGateway } from '../../src/testing/index.ts'
import { createJudge } from '../../verify/answers/judge.ts'
import { createProbe } from '../../verify/probe.ts'
import { CONTRACT_NUMBERS, contractWorld, credentialsOf, madeFor, PRICE, RICH } from '../contract/world.ts'
import { dialects } from '../support/dialects.ts'
import { netsOf } from '../support/nets.ts'
import { knock, letsIn } from '../support/owned.ts'

const packageRoot = join(import.meta.dirname, '../..')
const [FIRST, SECOND] = CONTRACT_NUMBERS as [string, string]

/** One gateway and one client of the dialect, whose answers are judged. */
async function openBench(module: DialectModule) {
  const name = module.name as DialectName
  const gateway = await startGateway({ seed: contractWorld })
  const base = gateway.url(name)
  const dialect = module.create({ core: {} as ReturnType<typeof createCore>, mode: 'double' })
  const judge = await createJudge({ dialect, grammar: module.grammar, packageRoot, base })
  const probe = createProbe(request => gateway.fetch(request), judge)
  const client = (credentials: Readonly<Record<string, string>>) =>
    module.driver.create({ send: probe.send, base, credentials })
  const driver = client(credentialsOf(RICH)[name] ?? {})
  /** By its own list, or as the operator sees it. */
  const owned = async () => {
    if (!module.driver.cannot?.owned) return driver.owned()
    const { numbers } = (await (await gateway.admin(`/numbers?account=${RICH}`)).json()) as {
      numbers: { e164: string }[]
    }
    return numbers.map(({ e164 }) => e164).sort()
  }
  /** With this rule alone the client asks something: the first answer, or how the connection failed. */
  const meet = async (then: FaultRule['then']) => {
    gateway.faults.clear()
    const rule = gateway.faults.add({ when: { dialect: name }, then })
    gateway.requests.clear()
    const before = probe.judged.length
    const error: unknown = await knock(module, driver).then(
      () => undefined,
      each => each,
    )
    gateway.faults.clear()
    expect(rule.matched, 'met').toBeGreaterThan(0)
    return { answer: probe.judged[before], error }
  }
  return { module, name, gateway, probe, client, driver, meet, owned }
}

type Bench = Awaited<ReturnType<typeof openBench>>

async function everyCode({ name, gateway, meet }: Bench): Promise<void> {
  for (const code of FAULT_CODES) {
    if (netsOf(name).unmet?.includes(code)) continue
    const { answer } = await meet({ fault: code })
    const wrong = answer?.findings.filter(({ kind }) => kind !== 'documented status') ?? [{ message: 'no answer' }]
    expect(wrong, `${code}: ${answer?.exchange.text}`).toEqual([])
    const [told] = await gateway.requests.find({ fault: code })
    expect(told?.why?.sentence, code).toContain(code)
    expect(answer?.exchange.text, code).not.toContain('on demand')
  }
}

async function everyTransport({ gateway, meet }: Bench): Promise<void> {
  const busy = await meet({ fault: 'rate_limited', retry_after: 7 })
  expect([busy.answer?.exchange.status, new Map(busy.answer?.exchange.headers).get('retry-after')]).toEqual([429, '7'])
  const made = await meet({ status: 503, headers: { 'x-made': 'yes' }, body: { made: true } })
  expect([made.answer?.exchange.status, made.answer?.exchange.text]).toEqual([503, '{"made":true}'])
  expect(new Map(made.answer?.exchange.headers).get('x-made')).toBe('yes')
  for (const drop of ['before', 'mid_body', 'after_commit'] as const) {
    const { answer, error } = await meet({ drop })
    expect([drop, answer, (error as Error).constructor.name]).toEqual([drop, undefined, 'TypeError'])
  }
  for (const body of ['truncated', 'malformed'] as const) {
    const { answer } = await meet({ body })
    expect(() => JSON.parse(answer?.exchange.text ?? '{}'), body).toThrow()
  }
  for (const delay_ms of [20, [20, 30] as [number, number], { median: 20, sigma: 0 }]) {
    const { error } = await meet({ delay_ms })
    const [told] = await gateway.requests.find({})
    expect([error, (told?.ms ?? 0) >= 19]).toEqual([undefined, true])
  }
}

/** The operation that buys is found by a purchase that is answered. */
async function committedAndLost({ name, gateway, driver, owned }: Bench): Promise<void> {
  expect(await driver.buy(FIRST)).toBe('bought')
  const buying = (await gateway.requests.find({ dialect: name })).find(({ changes }) => changes.length > 0)
  const operation = buying?.operation ?? ''
  const before = await driver.balance?.('USD')
  gateway.faults.add({ when: { dialect: name, operation, times: 1 }, then: { drop: 'after_commit' } })
  await expect(driver.buy(SECOND)).rejects.toThrow(TypeError)
  gateway.faults.clear()
  expect(await owned()).toEqual([FIRST, SECOND].sort())
  const again = await driver.buy(SECOND)
  expect(again).not.toBe('bought')
  expect(await owned()).toEqual([FIRST, SECOND].sort())
  if (before !== undefined) expect(await driver.balance?.('USD')).toBe(before - PRICE)
  expect((await gateway.invariants()).violations).toEqual([])
}

/** As it was sent, in Basic's form, and tokens that were given for it. */
function secretsOf(secret: string, names: readonly string[], texts: readonly string[]): string[] {
  const basic = names.map(id => Buffer.from(`${id}:${secret}`).toString('base64'))
  const tokens = texts.flatMap(text => [...text.matchAll(/(?:access_token":"|<SessionId>)([^"<]+)/g)].map(([, t]) => t))
  return [secret, ...basic, ...tokens].filter(each => each !== undefined)
}

async function noSecrets({ module, gateway, probe, client }: Bench): Promise<void> {
  gateway.requests.clear()
  const ending = new AbortController()
  const stream = await gateway.admin('/requests/stream', { signal: ending.signal })
  const made = madeFor(RICH, module)
  const [given, wrong] = [made.secret, `${made.secret}-wrong-secret`].map(secret =>
    module.driver.credentials({ ...made, secret }),
  ) as [Record<string, string>, Record<string, string>]
  const names = Object.values(given).filter(value => value !== made.secret)
  const before = probe.judged.length
  await letsIn(module, client(given))
  await letsIn(module, client(wrong))
  const texts = probe.judged.slice(before).map(({ exchange }) => exchange.text)
  const { requests } = (await (await gateway.admin('/requests')).json()) as { requests: { id: number }[] }
  expect(requests.length).toBeGreaterThan(1)
  const shown = [JSON.stringify(requests), await (await gateway.admin('/requests.har')).text()]
  for (const { id } of requests) {
    shown.push(await (await gateway.admin(`/requests/${id}`)).text())
    const replay = await gateway.admin(`/requests/${id}/replay`, { method: 'POST' })
    expect(replay.status).toBe(200)
    shown.push(await replay.text())
  }
  shown.push(await firstOf(stream, requests.length))
  ending.abort()
  const secrets = [...secretsOf(made.secret, names, texts), ...secretsOf(`${made.secret}-wrong-secret`, names, [])]
  expect(secrets.length).toBeGreaterThan(1)
  for (const secret of secrets)
    expect(
      shown.findIndex(text => text.includes(secret)),
      secret,
    ).toBe(-1)
}

async function firstOf(stream: Response, events: number): Promise<string> {
  const reader = stream.body?.getReader()
  let text = ''
  while (reader && text.split('event: exchange').length <= events) {
    const { done, value } = await reader.read()
    if (done) break
    text += new TextDecoder().decode(value)
  }
  await reader?.cancel()
  return text
}

describe.each(dialects)('$name', module => {
  it('meets every fault in its own words, loses an answer but no purchase, and shows no secret', async () => {
    const bench = await openBench(module)
    try {
      // logged in, where there is such a thing
      await knock(module, bench.driver)
      await everyCode(bench)
      await everyTransport(bench)
      await committedAndLost(bench)
      await noSecrets(bench)
    } finally {
      await bench.gateway.close()
    }
  })
})
