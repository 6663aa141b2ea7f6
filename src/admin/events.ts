import * as v from 'valibot'
import type { NumberEvent } from '../../core/ground/model.ts'
import type { AuditEvent, HistoryPoint } from '../../core/verbs.ts'
import { EVENT } from './examples.ts'
import { e164, limit, moment, wholeNumber } from './input.ts'
import { present, presentDeep } from './present.ts'
import { type AdminModule, route } from './route.ts'

/** Where a reader stands in the two logs: `<id of the last number event>.<id of the last audit event>`. */
type Cursor = HistoryPoint

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
  account: v.optional(wholeNumber),
  actor_account: v.optional(wholeNumber),
  administrator: v.optional(v.pipe(v.string(), v.maxLength(64))),
  kind: v.optional(v.pipe(v.string(), v.maxLength(64))),
  from: v.optional(moment),
  until: v.optional(moment),
  limit,
})

/** Number, account and admin events in one list, oldest first. Any event's id can be read on from. */
export const events: AdminModule = [
  route(
    'GET /events',
    {
      summary: 'What happened to numbers and accounts, and what administrators did, oldest first',
      description:
        "Any event's `id` can be read on from: `?after=`. `administrator` is the name of a token, `DIDGATE_ADMIN_TOKEN`, " +
        '`this machine` or `command line: user`; `actor_account` the account in whose name it was done; `kind` the word of a ' +
        "number's event or an act. `from` is inclusive, `until` is not. One call looks at a bounded stretch of what happened: " +
        'go on behind `next_after` while `has_more`, although few were found.',
      query,
      answer: { events: [EVENT], next_after: '12.0', has_more: true },
    },
    async ({ core }, c, given) => {
      const { after, limit: most, actor_account: actorAccount, ...narrow } = given.query()
      const { items, next, more } = await core.oversight.history({ ...narrow, actorAccount }, { after, limit: most })
      const shown = items.map(({ event, point }) => ({ ...view(event), id: textOf(point) }))
      return c.json({ events: shown, next_after: textOf(next), has_more: more })
    },
  ),
]

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
