import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import * as v from 'valibot'
import { Fault } from '../../core/ground/fault.ts'
import type { NumberEvent, Owned, PhoneNumber } from '../../core/ground/model.ts'
import { MAX_PRICE } from '../../core/ground/money.ts'
import { parseMoment } from '../../core/ground/time.ts'
import type { Core } from '../../core/verbs.ts'
import { isEncoding } from '../files/csv-text.ts'
import { type CsvImport, errorCountOf, importByOrder } from '../files/import-csv.ts'
import { actorOf } from './actor.ts'
import type { AdminContext } from './context.ts'
import { IMPORT, listOf, NUMBER } from './examples.ts'
import { missing } from './faults.ts'
import { check, e164Of, money, reason, yesOrNo } from './input.ts'
import { present, presentDeep, presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

const EVENTS_SHOWN = 1000

const NOT_OWNED = 'bill_from and billed_elsewhere are for numbers that customers own (owned=true)'
const BOTH_BILLINGS = 'bill_from and billed_elsewhere exclude each other'

const billFrom = v.pipe(
  v.string(),
  v.transform(text => parseMoment(text)?.at),
  v.number('must be a date (2026-06-01, UTC) or a time with its zone'),
)

const importQuery = v.pipe(
  v.object({
    owned: yesOrNo,
    keep_good: yesOrNo,
    dry_run: yesOrNo,
    billed_elsewhere: yesOrNo,
    bill_from: v.optional(billFrom),
  }),
  v.check(query => query.owned || (!query.billed_elsewhere && query.bill_from === undefined), NOT_OWNED),
  v.check(query => !query.billed_elsewhere || query.bill_from === undefined, BOTH_BILLINGS),
)

/** Options of an import as its core takes them. */
function optionsOf(query: v.InferOutput<typeof importQuery>): CsvImport {
  const { owned, keep_good: keepGood, dry_run: dryRun, billed_elsewhere, bill_from } = query
  const billing = billed_elsewhere ? 'elsewhere' : bill_from === undefined ? 'asPaid' : { from: bill_from }
  return { owned, keepGood, dryRun, billing }
}

const price = v.pipe(money, v.maxValue(MAX_PRICE, 'is more than any number may cost'))

const prices = v.pipe(
  v.strictObject({
    setup_price: v.optional(price),
    monthly_price: v.optional(price),
    per_minute_price: v.optional(price),
  }),
  v.check(body => Object.keys(body).length > 0, 'names no price: setup_price, monthly_price or per_minute_price'),
)

const label = v.strictObject({ label: v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(255))) })

const VERBS = [
  ['block', 'Stop a number: it is neither sold nor in service'],
  ['unblock', 'A stopped number goes on as before'],
  ['retire', 'Take a number out for ever'],
] as const

export const numbers: AdminModule = [
  route(
    'POST /numbers/import',
    {
      summary: 'Bring numbers in',
      description:
        'Columns as in the format of CSV files. A file with a bad line is refused whole, unless `keep_good`.',
      takes: 'text/csv',
      query: importQuery,
      answer: { imported: 2, unchanged: 0, errors: [{ line: 7, message: 'e164: is no number' }] },
    },
    async (world, c, given) => c.json(await importBody(world, c.req.raw, optionsOf(given.query()))),
  ),
  route(
    'GET /imports',
    { summary: 'Imports, and how far they are', paged: true, answer: listOf('imports', IMPORT) },
    async ({ core }, c, given) => {
      const page = given.page()
      return c.json(presentPage('imports', await core.imports.list(page), page))
    },
  ),
  route(
    'GET /numbers/:e164',
    { summary: 'A number, who owns it, and what happened to it', answer: NUMBER },
    async ({ core }, c) => c.json(await shownNumber(core, e164Of(c))),
  ),
  ...VERBS.map(([verb, summary]) =>
    route(`POST /numbers/:e164/${verb}`, { summary, body: reason, answer: NUMBER }, async ({ core }, c, given) => {
      const body = await given.body()
      await core.numbers[verb](actorOf(c), e164Of(c), body.reason)
      return c.json(await shownNumber(core, e164Of(c)))
    }),
  ),
  route(
    'POST /numbers/:e164/reprice',
    { summary: 'What a number costs its next buyer', body: prices, answer: NUMBER },
    async ({ core }, c, given) => {
      const body = await given.body()
      await core.numbers.reprice(actorOf(c), e164Of(c), repricing(body))
      return c.json(await shownNumber(core, e164Of(c)))
    },
  ),
  route(
    'POST /numbers/:e164/label',
    { summary: 'A note on a number', body: label, answer: NUMBER },
    async ({ core }, c, given) => {
      const body = await given.body()
      await core.numbers.label(actorOf(c), e164Of(c), body.label)
      return c.json(await shownNumber(core, e164Of(c)))
    },
  ),
]

function repricing(body: v.InferOutput<typeof prices>): Parameters<Core['numbers']['reprice']>[2] {
  return {
    ...(body.setup_price === undefined ? {} : { setup: body.setup_price }),
    ...(body.monthly_price === undefined ? {} : { monthly: body.monthly_price }),
    ...(body.per_minute_price === undefined ? {} : { perMinute: body.per_minute_price }),
  }
}

export async function shownNumber(core: Core, e164: string): Promise<Record<string, unknown>> {
  const [number, owned, events] = await Promise.all([
    core.numbers.find(e164),
    core.numbers.leaseOf(e164),
    core.numbers.events({ e164, limit: EVENTS_SHOWN }),
  ])
  if (!number) throw missing('number', e164)
  return { ...viewNumber(number), owner: viewOwner(owned), events: events.map(viewEvent) }
}

function viewNumber(number: PhoneNumber): Record<string, unknown> {
  const { leaseId: _, ownerId: __, ...rest } = number
  return present(rest)
}

function viewOwner(owned: Owned | undefined): Record<string, unknown> | null {
  if (!owned) return null
  const { lease, subscription, routes } = owned
  const { id, accountId, payerId, organizationId, userId, label, trunkId, startedAt, endsAt } = lease
  return {
    ...present({ leaseId: id, accountId, payerId, organizationId, userId, label, trunkId, startedAt, endsAt }),
    subscription: present(subscription),
    routes: routes.map(present),
  }
}

export function viewEvent(event: NumberEvent): Record<string, unknown> {
  return { ...present(event), data: presentDeep(event.data) }
}

const CSV_TYPE = /^(text\/(csv|plain)|application\/(csv|octet-stream))\b/i
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i

/** The encoding that the content type tells. Faults: unsupported_media_type. */
function encodingOf(request: Request): string | undefined {
  const received = request.headers.get('content-type') ?? ''
  if (!CSV_TYPE.test(received)) {
    throw new Fault('unsupported_media_type', { received: `${received || '(none)'} (send text/csv)` })
  }
  const encoding = CHARSET.exec(received)?.[1]
  if (encoding === undefined || isEncoding(encoding)) return encoding
  throw new Fault('unsupported_media_type', { received: `${received} (send UTF-8)` })
}

async function importBody({ core, log }: AdminContext, request: Request, options: CsvImport) {
  const encoding = encodingOf(request)
  const body = request.body ?? check(v.never('is empty'), undefined)
  const csv = Readable.fromWeb(body as ReadableStream)
  const report = await importByOrder(core, csv, { ...options, encoding })
  const { imported, unchanged, errors, errorCount, notes, forecast } = report
  log.info({ imported, unchanged, errors: errorCountOf(report), dryRun: options.dryRun }, 'numbers imported')
  return {
    ...{ imported, unchanged, errors },
    ...(errorCount === undefined ? {} : { error_count: errorCount }),
    ...(notes ? { notes } : {}),
    ...(forecast ? { forecast: forecast.map(present) } : {}),
  }
}
