import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Operation } from '../../adapters/kit/dialect.ts'
import type { World } from '../../src/worlds/world-file.ts'
import { type Exchange, fromResponse, keepAnswer, readExchanges, toRequest } from './exchange.ts'
import { checkShape } from './shape.ts'
import { openWorlds, type TestWorld } from './world.ts'

export interface Replay {
  dialect: string
  world: World
  headers: readonly string[]
  /** What must be there first, by the name that a file gives it. */
  given: Record<string, (world: TestWorld) => Promise<unknown>>
  /** What differs from run to run. */
  masked: (text: string) => string
  /** Throws where an answer in XML is not what it should be. */
  checkXml?: (text: string) => void
  /** Documented statuses that no request can provoke: operation (or `*`), status, and why. */
  unreachable: readonly (readonly [operation: string | RegExp, status: number, why: string])[]
}

const LEAST_ID = 20

const keyOf = ({ given }: Exchange) => given.join()

const statusOf = ({ answer }: Exchange) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])

const REFUSED = 400
/** What is refused changes nothing, and neither does what is asked. */
const leavesAsItWas = (each: Exchange) => /^GET /m.test(each.request) || statusOf(each) >= REFUSED

/** Those that want the same world together, and among them those that leave it as it was before the others. */
function readersFirst(exchanges: readonly Exchange[]): Exchange[] {
  const rank = (each: Exchange) => `${keyOf(each)} ${leavesAsItWas(each) ? 0 : 1}`
  return [...exchanges].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
}

/** Replays the kept exchanges of a dialect. `UPDATE_FIXTURES=1` writes their answers anew, to be reviewed. */
export function replayExchanges({
  dialect: name,
  world: start,
  headers,
  given,
  masked,
  unreachable,
  checkXml,
}: Replay): void {
  const exchanges = readExchanges(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)))
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds('sqlite')
  })
  afterAll(() => worlds.drop())

  /** Those that leave a world as it was share it with all that want the same. */
  let kept: { key: string; world: TestWorld; values: Map<string, string> } | undefined
  const opened = async (exchange: Exchange) => {
    const key = keyOf(exchange)
    if (kept?.key === key && leavesAsItWas(exchange)) return kept
    const world = await worlds.open(start)
    const values = new Map<string, string>()
    for (const step of exchange.given) {
      const made = await (given[step] as (typeof given)[string])(world)
      // an id that the client would have learnt before
      if (typeof made === 'string' && made.length >= LEAST_ID) values.set(step, made)
    }
    kept = { key, world, values }
    return kept
  }

  it.each(
    readersFirst(exchanges).map(each => [`${each.operation}.${each.case}`, each] as const),
  )('%s', async (_, exchange) => {
    const { world, values } = await opened(exchange)
    if (!leavesAsItWas(exchange)) kept = undefined
    const request = toRequest(exchange, world.base(name), values)
    const response = await world.send(request.clone())
    const body = await response.clone().text()
    const path = new URL(request.url).pathname.replace(`/${name}`, '')
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '')
    if (body.startsWith('<')) checkXml?.(body)
    if (isJson || body === '') {
      checkShape(world.gateway, name, request.method, path, response.status, body === '' ? undefined : JSON.parse(body))
    }
    const answer = await fromResponse(response, headers)
    const text = masked([...values].reduce((all, [step, id]) => all.replaceAll(id, `{{${step}}}`), answer))
    if (process.env.UPDATE_FIXTURES) keepAnswer(exchange, text)
    else expect(text).toBe(exchange.answer)
  })

  it('are kept for each documented status of each operation, or a reason is', async () => {
    const world = await worlds.open(start)
    expect(missing(world, name, exchanges, unreachable)).toEqual({ missing: [], reached: [] })
  })
}

/** Statuses without an exchange or reason, and reasons that an exchange has overtaken. */
function missing({ gateway }: TestWorld, name: string, exchanges: readonly Exchange[], reasons: Replay['unreachable']) {
  const dialect = gateway.dialects.find(each => each.name === name)
  const seen = new Map<Operation, Set<number>>()
  for (const exchange of exchanges) {
    const request = toRequest(exchange, 'http://didgate.test', new Map())
    const { pathname } = new URL(request.url)
    const { operation } = dialect?.wire.match({ request, base: '', pathname, startedAt: 0, requestId: '' }) ?? {}
    if (operation) seen.set(operation, (seen.get(operation) ?? new Set()).add(statusOf(exchange)))
  }
  const all = (dialect?.operations ?? []).flatMap(operation =>
    Object.keys(operation.answers).map(status => ({
      label: `${[operation.on].flat()[0]} ${status}`,
      isSeen: seen.get(operation)?.has(Number(status)) === true,
      isExcused: reasons.some(
        ([on, code]) => code === Number(status) && matches(on, [operation.on].flat()[0] as string),
      ),
    })),
  )
  expect(all.length).toBeGreaterThan(0)
  return {
    missing: all.filter(each => !each.isSeen && !each.isExcused).map(each => each.label),
    reached: all.filter(each => each.isSeen && each.isExcused).map(each => each.label),
  }
}

function matches(on: string | RegExp, path: string): boolean {
  return on === '*' || (typeof on === 'string' ? on === path : on.test(path))
}
