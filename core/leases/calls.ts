import { Fault } from '../ground/fault.ts'
import { type Context, missing, type RunUnit } from '../ground/unit.ts'
import { SPANS } from '../store/call-records.ts'
import type { Calls } from '../verbs.ts'
import { browseCalls, sumCalls, toCall } from './calls-browse.ts'
import { eachCall } from './calls-each.ts'
import { recordCalls } from './calls-record.ts'

const MOST = 1_000

export function createCalls({ store }: Context, run: RunUnit): Calls {
  return {
    record: input =>
      run(null, async unit => {
        const [recorded] = await recordCalls(unit, [input])
        if (recorded && 'call' in recorded) return recorded.call
        if (recorded?.status === 'unknown') throw missing('number', input.e164)
        throw new Fault('name_taken', { what: 'call', name: input.key ?? '' })
      }),
    recordAll: inputs => {
      if (inputs.length > MOST) throw new Fault('limit_reached', { what: 'calls', limit: MOST })
      return run(null, unit => recordCalls(unit, inputs))
    },
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
    browse: (filter, page, order) => browseCalls(store, filter, page, order),
    each: filter => eachCall(store, filter),
    summary: filter => sumCalls(store, filter),
    find: async (accountId, guid) => {
      const { items } = await browseCalls(store, { accountId, guid }, { limit: 1, offset: 0 })
      return items[0]
    },
    currencies: accountId =>
      store.read(async db => {
        const rows = await db
          .selectFrom('call_sums')
          .select('currency')
          .distinct()
          .where('account_id', '=', accountId)
          .where('span', '=', SPANS[0])
          .orderBy('currency')
          .execute()
        return rows.map(({ currency }) => currency)
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
