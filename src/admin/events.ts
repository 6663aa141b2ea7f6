import * as v from 'valibot'
import type { NumberEvent } from '../../core/ground/model.ts'
import type { AuditEvent, Core } from '../../core/verbs.ts'
import { EVENT } from './examples.ts'
import { limit } from './input.ts'
import { present, presentDeep } from './present.ts'
import { type AdminModule, route } from './route.ts'

/** Where a reader stands in the two logs: `<id of the last number event>.<id of the last audit event>`. */
interface Cursor {
  number: number
  audit: number
}

const CURSOR = /^(\d{1,15})(?:\.(\d{1,15}))?$/

const query = v.object({
  after: v.optional(
    v.pipe(
      v.string(),
      v.regex(CURSOR, 'must be the id of an event'),
      v.transform((text): Cursor => {
        const [, number, audit = '0'] = CURSOR.exec(text) ?? []
        return { number: Number(number), audit: Number(audit) }
      }),
    ),
    '0',
  ),
  limit,
})

/** Number, account and admin events in one list, oldest first. Any event's id can be read on from. */
export const events: AdminModule = [
  route(
    'GET /events',
    {
      summary: 'What happened to numbers and accounts, and what administrators did, oldest first',
      description: "Any event's `id` can be read on from: `?after=`.",
      query,
      answer: { events: [EVENT], next_after: '12.0', has_more: true },
    },
    async ({ core }, c, given) => {
      const { after, limit: most } = given.query()
      const { items, more } = await mergedEvents(core, after, most)
      const last = items.at(-1)?.id ?? textOf(after)
      return c.json({ events: items, next_after: last, has_more: more })
    },
  ),
]

async function mergedEvents(core: Core, after: Cursor, most: number) {
  const [numbers, audits] = await Promise.all([
    core.numbers.events({ after: after.number, limit: most + 1 }),
    core.audit.list({ after: after.audit, limit: most + 1 }),
  ])
  const cursor = { ...after }
  const items = merge(numbers, audits).map(event => {
    if ('action' in event) cursor.audit = event.id
    else cursor.number = event.id
    return { ...view(event), id: textOf(cursor) }
  })
  return { items: items.slice(0, most), more: items.length > most }
}

/** Both are in order already; at the same instant what happened to a number comes first. */
function merge(numbers: readonly NumberEvent[], audits: readonly AuditEvent[]): (NumberEvent | AuditEvent)[] {
  const merged: (NumberEvent | AuditEvent)[] = []
  let i = 0
  for (const audit of audits) {
    for (; i < numbers.length && (numbers[i] as NumberEvent).at <= audit.at; i++) merged.push(numbers[i] as NumberEvent)
    merged.push(audit)
  }
  return [...merged, ...numbers.slice(i)]
}

function view(event: NumberEvent | AuditEvent): Record<string, unknown> {
  const { data, id: _, ...rest } = event
  return { type: typeOf(event), ...present(rest), data: presentDeep(data) }
}

/** Whoever acts on another's account, or on none, acts as the administration. */
function typeOf(event: NumberEvent | AuditEvent): 'number' | 'account' | 'admin' {
  if (!('action' in event)) return 'number'
  return event.actorAccountId !== null && event.actorAccountId === event.accountId ? 'account' : 'admin'
}

function textOf(cursor: Cursor): string {
  return `${cursor.number}.${cursor.audit}`
}
