import type { Call } from './model.ts'
import type { Row } from './rows.ts'
import { type Context, missing, type RunUnit } from './unit.ts'
import type { Calls } from './verbs.ts'

const toCall = (row: Row<'calls'>, e164: string): Call => ({
  id: row.id,
  numberId: row.number_id,
  e164,
  direction: row.direction as Call['direction'],
  answered: row.answered === 1,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  durationSeconds: row.duration_seconds,
})

export function createCalls({ store }: Context, run: RunUnit): Calls {
  return {
    record: input =>
      run(null, async unit => {
        const number = await unit.db
          .selectFrom('numbers')
          .select(['id', 'last_call_at'])
          .where('e164', '=', input.e164)
          .executeTakeFirst()
        if (!number) throw missing('number', input.e164)
        // not part of the life cycle: it changes no state and makes no event
        await unit.db
          .updateTable('numbers')
          .set({ last_call_at: input.endedAt })
          .where('id', '=', number.id)
          .where(e => e.or([e('last_call_at', 'is', null), e('last_call_at', '<', input.endedAt)]))
          .execute()
        const row = await unit.db
          .insertInto('calls')
          .values({
            number_id: number.id,
            direction: input.direction,
            answered: input.answered ? 1 : 0,
            started_at: input.endedAt - input.durationSeconds * 1000,
            ended_at: input.endedAt,
            duration_seconds: input.durationSeconds,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        return toCall(row, input.e164)
      }),
    list: (numberId, from, until) =>
      store.read(async db => {
        const rows = await db
          .selectFrom('calls')
          .innerJoin('numbers', 'numbers.id', 'calls.number_id')
          .selectAll('calls')
          .select('numbers.e164')
          .where('calls.number_id', '=', numberId)
          .where('calls.ended_at', '>=', from)
          .where('calls.ended_at', '<', until)
          .orderBy('calls.ended_at')
          .execute()
        return rows.map(row => toCall(row, row.e164))
      }),
    inboundSeconds: (numberIds, from, until) =>
      store.read(async db => {
        if (numberIds.length === 0) return new Map()
        const rows = await db
          .selectFrom('calls')
          .select(e => ['number_id', e.fn.sum<number>('duration_seconds').as('seconds')])
          .where('number_id', 'in', numberIds)
          .where('direction', '=', 'inbound')
          .where('ended_at', '>=', from)
          .where('ended_at', '<', until)
          .groupBy('number_id')
          .execute()
        return new Map(rows.map(row => [row.number_id, row.seconds]))
      }),
  }
}
