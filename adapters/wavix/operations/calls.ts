/** Calls, read back. The provider's documents name them by `/v1/cdr` until 2025 and by `/v1/cdrs` since. */
import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller } from '../../../core/ground/model.ts'
import { parseMoment } from '../../../core/ground/time.ts'
import type { CallFilter, Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import {
  optionalBy,
  optionalFlag,
  optionalText,
  optionalWhole,
  paging,
  pagingOf,
  requiredBy,
} from '../fields/common.ts'
import * as shape from '../schemas.ts'
import { callView, DISPOSITIONS } from '../views/calls.ts'
import { pagination } from '../views/numbers.ts'

const common = { caller: 'required', evidence: 'E1', scope: 'billing:read' } as const
const DAY_MS = 86_400_000

const DIRECTIONS = table({ placed: 'outbound', received: 'inbound' } as const)
const FILTERS = table({ ...DISPOSITIONS, all: undefined })

/** A day of UTC. What else is known of its moment is left out, as the documents' own examples send it. */
const day = requiredBy({ type: 'string', description: 'A day, or a moment of it' }, value => {
  const at = typeof value === 'string' ? parseMoment(value)?.at : undefined
  return at === undefined ? undefined : at - (((at % DAY_MS) + DAY_MS) % DAY_MS)
})

const direction = requiredBy({ type: 'string', enum: Object.keys(DIRECTIONS) }, value => DIRECTIONS[String(value)])
const disposition = optionalBy({ type: 'string', enum: Object.keys(FILTERS), default: 'answered' }, value =>
  Object.hasOwn(FILTERS, String(value)) ? String(value) : undefined,
)

const criteria = {
  from: day,
  to: day,
  type: direction,
  disposition,
  from_search: optionalText,
  to_search: optionalText,
  sip_trunk: optionalText,
  uuid: optionalText,
}
const listInput = v.object({ ...paging, ...criteria })

type Criteria = Omit<v.InferOutput<typeof listInput>, 'page' | 'per_page'>

/** Digits as they are looked for inside of numbers, which have their plus sign. */
const digits = (text: string) => text.replace(/[\s+]/g, '')

/** Only answered calls unless others are asked for. `to` is among the days. */
function filterOf({ account }: Caller, { from, to, type, disposition, ...input }: Criteria): CallFilter {
  const wanted = FILTERS[disposition ?? 'answered']
  return {
    accountId: account.id,
    direction: type,
    from,
    until: to + DAY_MS,
    ...(wanted && { disposition: wanted }),
    ...(input.from_search !== undefined && { fromText: digits(input.from_search) }),
    ...(input.to_search !== undefined && { toText: digits(input.to_search) }),
    ...(input.sip_trunk !== undefined && type === 'outbound' && { via: input.sip_trunk }),
    ...(input.uuid !== undefined && { guid: input.uuid.toLowerCase() }),
  }
}

const LATEST = { by: 'time', descending: true } as const

async function pageOf(core: Core, filter: CallFilter, input: Parameters<typeof pagingOf>[0]) {
  const page = pagingOf(input)
  const { items, total } = await core.calls.browse(filter, page.core, LATEST)
  const view = (call: (typeof items)[number]) => callView(call, core.places.countryOf)
  return { items: items.map(view), pagination: pagination(page, total) }
}

const answer = v.strictObject({ items: v.array(shape.call), pagination: shape.pagination })

const list = operation({
  ...common,
  on: ['GET /v1/cdrs', 'GET /v1/cdr'],
  input: listInput,
  answers: { 200: answer, ...shape.errors },
  async handle({ core, caller }, { page, per_page, ...input }) {
    return { body: await pageOf(core, filterOf(caller, input), { page, per_page }) }
  },
})

const transcription = v.optional(v.looseObject({}, 'must be an object'))

/** It searches in what was said: calls have no transcriptions here, so that words are found in none of them. */
const search = operation({
  ...common,
  on: ['POST /v1/cdrs', 'POST /v1/cdr'],
  input: v.object({ ...paging, ...criteria, min_duration: optionalWhole, transcription }),
  answers: { 200: answer, ...shape.errors },
  async handle({ core, caller }, { page, per_page, min_duration, transcription, ...input }) {
    const filter = filterOf(caller, input)
    const isAsked = transcription !== undefined && Object.keys(transcription).length > 0
    if (isAsked) return { body: { items: [], pagination: pagination(pagingOf({ page, per_page }), 0) } }
    const least = min_duration === undefined ? {} : { minTalkSeconds: min_duration }
    return { body: await pageOf(core, { ...filter, ...least }, { page, per_page }) }
  },
})

const one = operation({
  ...common,
  on: ['GET /v1/cdrs/:id', 'GET /v1/cdr/:id'],
  input: v.object({ id: v.string(), show_transcription: optionalFlag }),
  answers: { 200: shape.call, ...shape.errors },
  async handle({ core, caller }, { id }) {
    const found = await core.calls.find(caller.account.id, id.toLowerCase())
    if (!found) throw new Fault('not_found', { what: 'call', id })
    return { body: callView(found, core.places.countryOf) }
  },
})

/** A line for each, some at a time, as fast as they are taken. */
function lines(core: Core, filter: CallFilter): ReadableStream<Uint8Array> {
  const batches = core.calls.each(filter)[Symbol.asyncIterator]()
  const text = new TextEncoder()
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await batches.next()
        if (done) return controller.close()
        const batch = value.map(call => `${JSON.stringify(callView(call, core.places.countryOf))}\n`)
        controller.enqueue(text.encode(batch.join('')))
      },
      async cancel() {
        await batches.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

const NDJSON = { 'content-type': 'application/x-ndjson' }

/** All of them in the order of time; only where a page is asked for, that page. */
const all = operation({
  ...common,
  on: ['GET /v1/cdrs/all', 'GET /v1/cdr/all'],
  input: listInput,
  answers: { 200: 'binary', ...shape.errors },
  async handle({ core, caller }, { page, per_page, ...input }) {
    const filter = filterOf(caller, input)
    if (page === undefined && per_page === undefined) return { headers: NDJSON, body: lines(core, filter) }
    const { items } = await pageOf(core, filter, { page, per_page })
    return { headers: NDJSON, body: items.map(item => `${JSON.stringify(item)}\n`).join('') }
  },
})

export const callOperations: readonly Operation[] = [list, search, all, one]
