/** The loop that replays the kept exchanges of a dialect. `UPDATE_FIXTURES=1` writes their answers anew, to be reviewed. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Operation } from '../../adapters/kit/dialect.ts'
import { type Exchange, fromResponse, keepAnswer, readExchanges, toRequest } from './exchange.ts'
import { type Exchanges, folderOf, needsOf, valuesFor } from './exchanges.ts'
import { checkShape } from './shape.ts'
import { openWorlds, type TestWorld } from './world.ts'

/** An id that a client would have learnt before, and no number that stands for something else too. */
const LEAST_ID = 20
const REFUSED = 400

const statusOf = ({ answer }: Exchange) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])

/** What is refused changes nothing, and neither does what is asked by GET; where actions come by GET, their files say it. */
function leavingIn({ getsAct }: Exchanges) {
  return (each: Exchange) =>
    getsAct ? !each.changes && each.given.length === 0 : /^GET /m.test(each.request) || statusOf(each) >= REFUSED
}

interface Opened {
  key: string
  world: TestWorld
  values: ReadonlyMap<string, string>
}

/** Those that leave a world as it was share it with all that want the same. */
function sharing(exchanges: Exchanges, open: () => Promise<TestWorld>) {
  const leavesAsItWas = leavingIn(exchanges)
  let kept: Opened | undefined
  const keyOf = (exchange: Exchange) => needsOf(exchanges, exchange).join()
  return {
    /** Those that want the same world together, and among them those that leave it as it was before the others. */
    ordered(all: readonly Exchange[]): Exchange[] {
      const rank = (each: Exchange) => `${keyOf(each)} ${leavesAsItWas(each) ? 0 : 1}`
      return [...all].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
    },
    async opened(exchange: Exchange): Promise<Opened> {
      const key = keyOf(exchange)
      const isShared = kept?.key === key && leavesAsItWas(exchange)
      const found = kept && isShared ? kept : { key, ...(await begun(exchange)) }
      kept = leavesAsItWas(exchange) ? found : undefined
      return found
    },
  }
  async function begun(exchange: Exchange): Promise<Omit<Opened, 'key'>> {
    const world = await open()
    const values = await valuesFor(exchanges, exchange, world)
    if (!values) throw new Error(`nobody knows how to give ${exchange.given}`)
    return { world, values }
  }
}

async function answerTo(name: string, exchanges: Exchanges, exchange: Exchange, { world, values }: Opened) {
  const request = toRequest(exchange, world.base(name), values)
  const response = await world.send(request.clone())
  const { inbound, cause } = world.answered.at(-1) ?? {}
  expect(cause).toBeUndefined()
  const body = await response.clone().text()
  const path = new URL(request.url).pathname.replace(`/${name}`, '')
  const isJson = /[/+]json$/.test((response.headers.get('content-type') ?? '').split(';', 1)[0] as string)
  if (body !== '') exchanges.check?.(body)
  if (isJson || body === '') {
    checkShape(world.gateway, name, request.method, path, response.status, body === '' ? undefined : JSON.parse(body))
  }
  const answer = await fromResponse(response, exchanges.headers)
  const ids = [...values].filter(([, id]) => id.length >= LEAST_ID)
  const named = ids.reduce((text, [step, id]) => text.replaceAll(id, `{{${step}}}`), answer)
  return { text: exchanges.masked?.(named, values) ?? named, operation: inbound?.operation, status: response.status }
}

const spelling = (operation: Operation) => [operation.on].flat()[0] as string

/** Registers the tests of one dialect. */
export function replayExchanges(name: string, exchanges: Exchanges): void {
  const all = readExchanges(folderOf(name, exchanges))
  const seen = new Set<string>()
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    // the vectors run on every engine; what is checked here is form
    worlds = await openWorlds('sqlite')
  })
  afterAll(() => worlds.drop())
  const { ordered, opened } = sharing(exchanges, () => worlds.open(exchanges.world))

  it.each(ordered(all).map(each => [`${each.operation}.${each.case}`, each] as const))('%s', async (_, exchange) => {
    const { text, operation, status } = await answerTo(name, exchanges, exchange, await opened(exchange))
    if (operation) seen.add(`${spelling(operation)} ${status}`)
    if (process.env.UPDATE_FIXTURES) keepAnswer(exchange, text)
    else expect(text).toBe(exchange.answer)
  })

  it('are kept for all that is documented, or a reason is', async () => {
    const { gateway } = await worlds.open(exchanges.world)
    const { operations = [] } = gateway.dialects.find(each => each.name === name) ?? {}
    expect(operations.length).toBeGreaterThan(0)
    expect(missing(operations, exchanges, seen)).toEqual({ missing: [], reached: [] })
  })
}

/** Statuses (or operations) without an exchange or reason, and reasons that an exchange has overtaken. */
function missing(operations: readonly Operation[], { unreachable = [], kept }: Exchanges, seen: ReadonlySet<string>) {
  const isExcused = (on: string, status: string) =>
    unreachable.some(([path, code]) => matches(path, on) && (code === 'any' || code === Number(status)))
  const all = operations.flatMap(operation => {
    const on = spelling(operation)
    const each = Object.keys(operation.answers).map(status => ({
      label: `${on} ${status}`,
      isSeen: seen.has(`${on} ${status}`),
      isExcused: isExcused(on, status),
    }))
    if (kept !== 'operations') return each
    return [
      { label: on, isSeen: each.some(({ isSeen }) => isSeen), isExcused: each.every(({ isExcused }) => isExcused) },
    ]
  })
  return {
    missing: all.filter(each => !each.isSeen && !each.isExcused).map(each => each.label),
    reached: all.filter(each => each.isSeen && each.isExcused).map(each => each.label),
  }
}

function matches(on: string | RegExp, path: string): boolean {
  return on === '*' || (typeof on === 'string' ? on === path : on.test(path))
}
