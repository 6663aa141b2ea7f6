import type { Context } from 'hono'
import * as v from 'valibot'
import { Fault, isFault } from '../../core/ground/fault.ts'
import type { Core, LineMessage, NewCall, RecordedCall } from '../../core/verbs.ts'
import { type JsonLine, readJsonLines } from '../files/ndjson.ts'
import { accountOf } from './accounts.ts'
import { actorOf } from './actor.ts'
import type { AdminEnv } from './context.ts'
import { listOf } from './examples.ts'
import { missing } from './faults.ts'
import { check, e164, idOf, instant, money, readBody } from './input.ts'
import { present, presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

const MAX_SECONDS = 31 * 86_400
/** Micros. */
const MAX_PRICE = 1_000_000_000_000
/** Bad lines that are named. */
const MAX_ERRORS = 1_000

const seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SECONDS))
const shortText = v.pipe(v.string(), v.trim(), v.maxLength(100))

const call = v.pipe(
  v.strictObject({
    id: v.optional(v.pipe(shortText, v.nonEmpty('is empty'))),
    e164,
    ended_at: v.optional(instant),
    duration_seconds: seconds,
    ring_seconds: v.optional(seconds),
    direction: v.optional(v.picklist(['inbound', 'outbound']), 'inbound'),
    answered: v.optional(v.boolean()),
    disposition: v.optional(v.picklist(['answered', 'no_answer', 'busy', 'failed'])),
    other: v.optional(shortText),
    via: v.optional(shortText),
    price: v.optional(v.pipe(money, v.maxValue(MAX_PRICE, 'is more than any call may cost'))),
  }),
  v.check(
    ({ answered, disposition }) =>
      disposition === undefined || (answered ?? disposition === 'answered') === (disposition === 'answered'),
    '"answered" and "disposition" contradict each other',
  ),
  v.check(body => (body.ring_seconds ?? 0) <= body.duration_seconds, 'it cannot ring longer than it lasts'),
  v.check(body => body.id === undefined || body.ended_at !== undefined, 'a call with an id says when it ended'),
)

const query = v.object({
  direction: v.optional(v.picklist(['inbound', 'outbound'])),
  from: v.optional(instant),
  until: v.optional(instant),
})

function callOf(body: v.InferOutput<typeof call>, now: number): NewCall {
  const { id, disposition, answered, ring_seconds, other, via, price } = body
  return {
    e164: body.e164,
    endedAt: body.ended_at ?? now,
    durationSeconds: body.duration_seconds,
    direction: body.direction,
    answered: answered ?? (disposition ?? 'answered') === 'answered',
    ...(id === undefined ? {} : { key: id }),
    ...(disposition === undefined ? {} : { disposition }),
    ...(ring_seconds === undefined ? {} : { ringSeconds: ring_seconds }),
    ...(other === undefined ? {} : { other }),
    ...(via === undefined ? {} : { via }),
    ...(price === undefined ? {} : { price }),
  }
}

type ReadLine = { line: number; input: NewCall } | { line: number; message: string }

function readCall(read: JsonLine, now: number): ReadLine {
  if ('message' in read) return read
  try {
    return { line: read.line, input: callOf(check(call, read.value), now) }
  } catch (error) {
    if (!isFault(error, 'invalid_input')) throw error
    const [issue] = error.details.issues
    return { line: read.line, message: `${issue?.field}: ${issue?.message}` }
  }
}

const WRONG = { unknown: 'e164: there is no such number', conflict: 'id: another call has it' } as const

function messageOf({ status }: RecordedCall): string | undefined {
  return status === 'unknown' || status === 'conflict' ? WRONG[status] : undefined
}

/** Line by line: a bad one holds up no other, and what was sent before is unchanged, so that a stream can be sent again. */
async function recordLines(core: Core, source: AsyncIterable<Uint8Array>) {
  const report = { recorded: 0, unchanged: 0, errors: [] as LineMessage[], error_count: 0 }
  const refuse = (line: number, message: string) => {
    report.error_count += 1
    if (report.errors.length < MAX_ERRORS) report.errors.push({ line, message })
  }
  for await (const batch of readJsonLines(source)) {
    const lines = batch.map(read => readCall(read, core.clock.now()))
    const good = lines.filter(line => 'input' in line)
    const results = await core.calls.recordAll(good.map(({ input }) => input))
    for (const line of lines) if ('message' in line) refuse(line.line, line.message)
    results.forEach((result, index) => {
      const message = messageOf(result)
      if (message !== undefined) refuse(good[index]?.line as number, message)
      else if (result.status === 'recorded') report.recorded += 1
      else report.unchanged += 1
    })
  }
  report.errors.sort((a, b) => a.line - b.line)
  return report
}

const LINES = /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)\s*(;|$)/i

export const isLines = (request: Request) => LINES.test(request.headers.get('content-type')?.trim() ?? '')

async function recordOne(core: Core, c: Context<AdminEnv>) {
  const body = await readBody(c, call)
  const [result] = await core.calls.recordAll([callOf(body, core.clock.now())])
  if (!result || !('call' in result)) {
    if (result?.status === 'conflict') throw new Fault('name_taken', { what: 'call', name: body.id ?? '' })
    throw missing('number', body.e164)
  }
  if (result.status === 'unchanged') return c.json(present(result.call), 200)
  const data = { direction: body.direction, durationSeconds: body.duration_seconds }
  await core.audit.record(actorOf(c), { accountId: null, action: 'call.recorded', subject: body.e164, data })
  return c.json(present(result.call), 201)
}

const RECORDED = {
  id: 1,
  e164: '+12127890100',
  ended_at: '2026-06-01T00:00:30.000Z',
  duration_seconds: 30,
  direction: 'inbound',
  answered: true,
}

/** Calls are told by the outside (a switch, a test): they decide cool-offs and usage, and their owners read them back. */
export const calls: AdminModule = [
  route(
    'POST /calls',
    {
      summary: 'Tell of a call, which decides cool-offs and usage',
      description:
        'One as JSON; or any number of them, one a line, as `application/x-ndjson`: then a report comes back, a bad line ' +
        'holds up no other, and a call with an `id` that was told before is `unchanged`, so that a stream can be sent again.',
      body: call,
      status: 201,
      answer: RECORDED,
    },
    async ({ core }, c) => {
      if (!isLines(c.req.raw)) return recordOne(core, c)
      const report = await recordLines(core, c.req.raw.body ?? new ReadableStream({ start: stream => stream.close() }))
      const { errors: _, ...data } = report
      await core.audit.record(actorOf(c), { accountId: null, action: 'calls.recorded', subject: 'stream', data })
      return c.json(report)
    },
  ),
  route(
    'GET /accounts/:id/calls',
    { summary: "Calls of an account's numbers, latest first", query, paged: true, answer: listOf('calls', RECORDED) },
    async ({ core }, c, given) => {
      const page = given.page()
      const { direction, from, until } = given.query()
      const filter = {
        accountId: (await accountOf(core, idOf(c, 'account'))).id,
        ...(direction === undefined ? {} : { direction }),
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
      }
      return c.json(presentPage('calls', await core.calls.browse(filter, page, { by: 'time', descending: true }), page))
    },
  ),
]
