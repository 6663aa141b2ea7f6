/** Calls read back: listed, searched, the latest, one, and all of them as a table. */
import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Account } from '../../../core/ground/model.ts'
import type { CallFilter, CallSum, Core } from '../../../core/verbs.ts'
import { type Call, type Operation, operation } from '../../kit/dialect.ts'
import { pageOf } from '../../kit/paging.ts'
import { flat } from '../faults.ts'
import { Filters, filterOf, ListQuery, RecentQuery } from '../fields/calls.ts'
import { Path } from '../fields/common.ts'
import { at } from '../ids.ts'
import { CdrList, CdrRecent, CdrSearch, CdrSingle } from '../schemas/calls.ts'
import { Flat, refusals } from '../schemas/shapes.ts'
import { CSV_HEAD, cdr, csvOf, filtersEcho, pagination, singleCdr, summary } from '../views/calls.ts'
import { actingOn } from '../ways/scope.ts'

const LATEST_FIRST = { by: 'time', descending: true } as const
const NO_CALLS: CallSum = { calls: 0, answered: 0, seconds: 0, talkSeconds: 0, price: 0, lastAt: null }
const MOST_EXPORTED = 1_000_000

/**
 * Amounts of different currencies are never added: what calls cost is told in the account's own, or where none that matches
 * is priced in it, in another one.
 */
async function summed({ calls }: Core, filter: CallFilter, { id, currency: own }: Account): Promise<CallSum> {
  const all = await calls.summary(filter)
  const used = await calls.currencies(id)
  if (used.length <= 1) return all
  for (const currency of new Set([own, ...used])) {
    const { calls: count, price } = await calls.summary({ ...filter, currency })
    if (count > 0) return { ...all, price }
  }
  return all
}

async function listed(call: Call<'required'>, query: v.InferOutput<typeof ListQuery>) {
  const { account } = await actingOn(call, query.account)
  const filter = filterOf(query, account.id)
  const { calls } = call.core
  const page = pageOf(query.page, query.per_page)
  const { items, total } = filter ? await calls.browse(filter, page, LATEST_FIRST) : { items: [], total: 0 }
  return {
    account_id: account.handle,
    count: items.length,
    data: items.map(each => cdr(each, account)),
    pagination: pagination(query.page, query.per_page, total),
    success: true,
    summary: summary(filter ? await summed(call.core, filter, account) : NO_CALLS),
  }
}

/** Piece by piece, as fast as the client takes them. */
async function* table(core: Core, account: Account, filter: CallFilter): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode(CSV_HEAD)
  for await (const calls of core.calls.each(filter)) yield encoder.encode(csvOf(calls, account))
}

/** Faults: invalid_input. */
async function checkSize(core: Core, filter: CallFilter): Promise<void> {
  if ((await core.calls.summary(filter)).calls <= MOST_EXPORTED) return
  const message = `more than ${MOST_EXPORTED} calls match: ask for fewer days by start_date and end_date`
  throw new Fault('invalid_input', { issues: [{ field: 'start_date', problem: 'too_big', message }] })
}

const reading = { scope: 'billing:read', caller: 'required', evidence: 'E1' } as const

const listOperations: readonly Operation[] = [
  operation({
    on: at('GET', '/Account/:account/cdr'),
    ...reading,
    input: ListQuery,
    answers: { 200: CdrList, 400: Flat, ...refusals },
    handle: async (call, query) => ({ body: await listed(call, query) }),
  }),
  operation({
    on: at('GET', '/Account/:account/cdr/search'),
    ...reading,
    input: ListQuery,
    answers: { 200: CdrSearch, 400: Flat, ...refusals },
    handle: async (call, query) => ({ body: { ...(await listed(call, query)), filters: filtersEcho(query) } }),
  }),
  operation({
    on: at('GET', '/Account/:account/cdr/recent'),
    ...reading,
    input: RecentQuery,
    answers: { 200: CdrRecent, ...refusals },
    handle: async (call, query) => {
      const { account } = await actingOn(call, query.account)
      const page = { limit: query.limit, offset: 0 }
      const { items } = await call.core.calls.browse({ accountId: account.id }, page, LATEST_FIRST)
      const data = items.map(each => cdr(each, account))
      return { body: { account_id: account.handle, count: data.length, data, success: true } }
    },
  }),
]

export const cdrOperations: readonly Operation[] = [
  ...listOperations,
  operation({
    on: at('GET', '/Account/:account/cdr/export'),
    ...reading,
    input: Filters,
    answers: { 200: 'binary', 400: Flat, ...refusals },
    handle: async (call, query) => {
      const { account } = await actingOn(call, query.account)
      const filter = filterOf(query, account.id)
      if (filter) await checkSize(call.core, filter)
      const headers = {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="cdrs.csv"',
      }
      return { headers, body: filter ? ReadableStream.from(table(call.core, account, filter)) : CSV_HEAD }
    },
  }),
  operation({
    on: at('GET', '/Account/:account/cdr/:call'),
    ...reading,
    input: v.object({ ...Path.entries, call: v.string() }),
    answers: { 200: CdrSingle, 404: Flat, ...refusals },
    faults: { not_found: () => flat(404, 'not_found', 'call not found') },
    handle: async (call, query) => {
      const { account } = await actingOn(call, query.account)
      const found = await call.core.calls.find(account.id, query.call.toLowerCase())
      if (!found) throw new Fault('not_found', { what: 'resource', id: query.call })
      return { body: { data: singleCdr(found, account), success: true } }
    },
  }),
]
