import * as v from 'valibot'
import { Fault } from '../../core/ground/fault.ts'
import { packageVersion } from '../config/package-files.ts'
import type { Exchange } from '../double/exchange.ts'
import { harOf } from '../double/har.ts'
import type { Filter } from '../double/journal.ts'
import { MOST_STREAMS } from '../double/stream.ts'
import { LISTED_CHARACTERS, view } from '../double/view.ts'
import type { AdminContext } from './context.ts'
import { journalOf, waitingOf } from './double.ts'
import { missing } from './faults.ts'
import { e164, idOf, instant, limit } from './input.ts'
import { EXCHANGE } from './request-examples.ts'
import { type AdminModule, route } from './route.ts'

const whole = (most: number) => v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(0), v.maxValue(most))
const asNumber = <S extends v.GenericSchema<number>>(schema: S) =>
  v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'must be a whole number'), v.transform(Number), schema)
const name = v.pipe(v.string(), v.nonEmpty('is empty'), v.maxLength(500))
const account = whole(Number.MAX_SAFE_INTEGER)
const status = v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599))

const texts = {
  dialect: v.optional(name),
  operation: v.optional(name),
  e164: v.optional(e164),
  fault: v.optional(name),
  since: v.optional(instant),
  method: v.optional(name),
  path: v.optional(name),
}

/** In a query everything is text. */
const filterQuery = v.object({
  ...texts,
  account: v.optional(asNumber(account)),
  status: v.optional(asNumber(status)),
  after: v.optional(asNumber(account)),
})
const matchSchema = v.strictObject({
  ...texts,
  account: v.optional(account),
  status: v.optional(status),
  after: v.optional(account),
})

/** How long somebody may wait for requests, in milliseconds. */
const LONGEST_WAIT_MS = 60_000
const MOST_COUNTED = 100_000

const countBody = v.strictObject({ match: v.optional(matchSchema, {}) })
const waitBody = v.strictObject({
  match: v.optional(matchSchema, {}),
  count: v.optional(v.pipe(whole(MOST_COUNTED), v.minValue(1)), 1),
  timeout_ms: v.optional(whole(LONGEST_WAIT_MS), 5_000),
})

/** Requests told in one answer. */
const MOST_TOLD = 1_000
/** Somebody else has a turn after so many. */
const AT_ONCE = 20

async function listed(exchanges: readonly Exchange[]) {
  const shown: unknown[] = []
  for (const exchange of exchanges) {
    shown.push(await view(exchange, { most: LISTED_CHARACTERS }))
    if (shown.length % AT_ONCE === 0) await new Promise(resolve => setImmediate(resolve))
  }
  return shown
}

function found(world: AdminContext, id: number): Exchange {
  const exchange = journalOf(world).journal.get(id)
  if (!exchange) throw missing('request', id)
  return exchange
}

async function toldWhole(world: AdminContext, exchange: Exchange) {
  const eventIds = exchange.trace?.eventIds ?? []
  const page = { limit: 100, offset: 0 }
  const { items } = eventIds.length === 0 ? { items: [] } : await world.core.outbox.deliveries({ eventIds }, page)
  return view(exchange, { deliveries: items })
}

const filterOf = (query: v.InferOutput<typeof filterQuery>): Filter => query

/** What clients asked, what they were answered, and why. */
export const requests: AdminModule = [
  route(
    'GET /requests',
    {
      summary: 'Requests that were answered, newest first',
      description: `Secrets are taken out, and of each body ${LISTED_CHARACTERS} characters are shown: one request by itself shows more.`,
      aside: true,
      query: v.object({ ...filterQuery.entries, limit }),
      answer: { requests: [EXCHANGE], total: 1 },
    },
    async (world, c, given) => {
      const { limit: most, ...filter } = given.query()
      const { journal } = journalOf(world)
      const exchanges = journal.find(filterOf(filter), Number(most))
      return c.json({ requests: await listed(exchanges), total: journal.count(filterOf(filter)) })
    },
  ),
  route('DELETE /requests', { summary: 'Forget all requests', aside: true, status: 204 }, (world, c) => {
    journalOf(world).journal.clear()
    return c.body(null, 204)
  }),
  route(
    'POST /requests/count',
    { summary: 'How many requests fit', aside: true, body: countBody, answer: { count: 1 } },
    async (world, c, given) => c.json({ count: journalOf(world).journal.count((await given.body()).match) }),
  ),
  route(
    'POST /requests/wait',
    {
      summary: 'Wait until so many requests fit',
      description:
        'Those that were there before count. 408 when the time is over first, with those that did fit. `timeout_ms` is ' +
        `${LONGEST_WAIT_MS} at most.`,
      aside: true,
      body: waitBody,
      answer: { count: 1, requests: [EXCHANGE] },
    },
    async (world, c, given) => {
      const { match, count, timeout_ms: ms } = await given.body()
      const { journal } = journalOf(world)
      const exchanges = await waitingOf(world)(() => journal.wait(match, count, ms))
      const told = await listed(exchanges.slice(0, MOST_TOLD))
      return c.json({ count: exchanges.length, requests: told }, exchanges.length >= count ? 200 : 408)
    },
  ),
  route(
    'GET /requests/stream',
    {
      summary: 'Requests as they are answered, by server-sent events',
      description: 'Events are named `exchange`. Takes the filters of the list. Whoever reads too slowly is cut off.',
      aside: true,
      query: filterQuery,
      gives: 'text/event-stream',
      answer: 'id: 1\nevent: exchange\ndata: {"id": 1}\n\n',
    },
    (world, c, given) => {
      const { signal } = c.req.raw
      const stream = journalOf(world).streams.open(filterOf(given.query()), signal)
      if (!stream) throw new Fault('limit_reached', { what: 'streams at once', limit: MOST_STREAMS })
      return c.body(stream, 200, { 'content-type': 'text/event-stream; charset=utf-8' })
    },
  ),
  route(
    'GET /requests.har',
    {
      summary: 'Requests as an HTTP Archive (HAR 1.2)',
      description: 'Takes the filters of the list. Secrets are taken out.',
      aside: true,
      query: v.object({ ...filterQuery.entries, limit }),
      answer: { log: { version: '1.2', creator: { name: 'didgate', version: '0.1.0' }, entries: [] } },
    },
    async (world, c, given) => {
      const { limit: most, ...filter } = given.query()
      return c.json(await harOf(journalOf(world).journal.find(filterOf(filter), Number(most)), packageVersion()))
    },
  ),
  route(
    'GET /requests/:id',
    {
      summary: 'One request with its answer, the reason of a refusal, and what it caused',
      aside: true,
      answer: EXCHANGE,
    },
    async (world, c) => c.json(await toldWhole(world, found(world, idOf(c, 'request')))),
  ),
  route(
    'POST /requests/:id/replay',
    {
      summary: 'Send a request again',
      description: 'With the credentials that it had. It is told among the requests as a replay of this one.',
      only: 'double',
      answer: EXCHANGE,
    },
    async (world, c) => {
      const exchange = found(world, idOf(c, 'request'))
      return c.json(await view(await journalOf(world).replay(exchange)))
    },
  ),
]
