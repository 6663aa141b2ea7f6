import * as v from 'valibot'
import { Fault } from '../../core/ground/fault.ts'
import type { NumberEvent } from '../../core/ground/model.ts'
import type { AuditEvent, Core } from '../../core/verbs.ts'
import { EVENT } from './examples.ts'
import { e164, limit, moment } from './input.ts'
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
  number: v.optional(e164),
  account: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'must be the id of an account'), v.transform(Number))),
  administrator: v.optional(v.pipe(v.string(), v.maxLength(64))),
  kind: v.optional(v.pipe(v.string(), v.maxLength(64))),
  from: v.optional(moment),
  until: v.optional(moment),
  limit,
})

type Asked = v.InferOutput<typeof query>

/** A kind or a time alone may be anywhere among all that has ever happened. */
function checkAsked({ number, account, administrator, kind, from, until }: Asked): void {
  const chooses = number ?? account ?? administrator
  const narrows = kind ?? from ?? until
  if (chooses !== undefined || narrows === undefined) return
  const message = 'narrows what number, account or administrator choose: give one of them, too'
  const field = kind !== undefined ? 'kind' : from !== undefined ? 'from' : 'until'
  throw new Fault('invalid_input', { issues: [{ field, problem: 'conflict', message }] })
}

/** Number, account and admin events in one list, oldest first. Any event's id can be read on from. */
export const events: AdminModule = [
  route(
    'GET /events',
    {
      summary: 'What happened to numbers and accounts, and what administrators did, oldest first',
      description:
        "Any event's `id` can be read on from: `?after=`. `kind`, `from` (inclusive) and `until` (not inclusive) narrow what " +
        '`number`, `account` or `administrator` choose.',
      query,
      answer: { events: [EVENT], next_after: '12.0', has_more: true },
    },
    async ({ core }, c, given) => {
      const asked = given.query()
      checkAsked(asked)
      const { after } = asked
      const { items, more } = await mergedEvents(core, asked)
      const last = items.at(-1)?.id ?? textOf(after)
      return c.json({ events: items, next_after: last, has_more: more })
    },
  ),
]

async function mergedEvents(core: Core, { after, limit: most, ...asked }: Asked) {
  const { number, account, kind, ...both } = asked
  const [numbers, audits] = await Promise.all([
    core.numbers.events({ ...both, e164: number, ownerId: account, kind, after: after.number, limit: most + 1 }),
    core.audit.list({
      ...both,
      subject: number,
      accountId: account,
      action: kind,
      after: after.audit,
      limit: most + 1,
    }),
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
