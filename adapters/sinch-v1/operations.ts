import * as v from 'valibot'
import { Fault } from '../../core/fault.ts'
import type { Caller, Owned } from '../../core/model.ts'
import type { Core } from '../../core/verbs.ts'
import { type DialectHost, type Inbound, type Operation, operation } from '../kit/dialect.ts'
import { ownedFilter, type Paging, pagingOf, plusOf, queryOf, searchFilter } from './fields.ts'
import { accountSid, DIALECT, numberOf } from './ids.ts'
import { checkCallback, mergedConfiguration, mergedSettings } from './merge.ts'
import * as shape from './schemas.ts'
import { EMPTY, settingsOf, stored } from './settings.ts'
import { activeView, availableView } from './views.ts'

const anything = v.unknown()
const common = { caller: 'required', evidence: 'E1', input: anything } as const

/** `Account` and `Accounts`, with and without `/v1`; the instance below the collection once or, as documented, twice. */
function paths(method: string, below: readonly string[]): string[] {
  const roots = ['/v1', ''].flatMap(root =>
    ['Account', 'Accounts'].map(word => `${root}/${word}/:account/ActiveNumbers`),
  )
  return roots.flatMap(root => below.map(rest => `${method} ${root}${rest}`))
}

const COLLECTION = ['']
const INSTANCE = ['/:number', '/ActiveNumbers/:number']

function metaOf({ base, pathname, query }: Inbound, { page, size }: Paging, hasNext: boolean) {
  const own = new Set(['page', 'pagesize', 'page_size'])
  const filters = query.filter(([name]) => !own.has(name.toLowerCase()))
  const url = (at: number) => {
    const search = new URLSearchParams([...filters, ['Page', String(at)], ['PageSize', String(size)]])
    return `${base}${pathname}?${search}`
  }
  return {
    page,
    page_size: size,
    first_page_url: url(0),
    previous_page_url: page === 0 ? null : url(page - 1),
    url: url(page),
    next_page_url: hasNext ? url(page + 1) : null,
    key: 'items' as const,
  }
}

/** The number to buy is a query parameter; clients of other habits put it into the body. */
function wantedNumber({ query, body }: Inbound): string {
  const sent = queryOf(query)
  const members = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const text = sent.get('phonenumber') ?? sent.get('phone_number') ?? members.phoneNumber ?? members.phone_number
  const e164 = typeof text === 'string' ? numberOf(plusOf(text)) : undefined
  if (e164 === undefined) throw new Fault('number_unavailable', { e164s: [] })
  return e164
}

const buy = operation({
  ...common,
  on: paths('POST', COLLECTION),
  scope: 'numbers:write',
  answers: { 200: shape.active, ...shape.errors },
  async handle({ core, caller, inbound, callbackProblem }) {
    const e164 = wantedNumber(inbound)
    const configuration = mergedConfiguration(inbound.body ?? {}, EMPTY.configuration)
    checkCallback(configuration, EMPTY.configuration, callbackProblem)
    const value = stored({ friendlyName: null, configuration })
    const { currency } = caller.account
    const terms = { documents: 'verified', currency, settings: { dialect: DIALECT, value } } as const
    const { owned } = await core.numbers.purchase(caller, [e164], terms)
    return { body: activeView(owned[0] as Owned, caller.account) }
  },
})

const list = operation({
  ...common,
  on: paths('GET', COLLECTION),
  scope: 'numbers:read',
  answers: { 200: shape.page(shape.active), ...shape.errors },
  async handle({ core, caller, inbound }) {
    const query = queryOf(inbound.query)
    const paging = pagingOf(query)
    const filter = ownedFilter(query, caller.account.id)
    const { items, total } = await core.numbers.owned(filter, paging.core, { dialect: DIALECT, orderBy: 'started' })
    const hasNext = paging.core.offset + items.length < total
    const body = items.map(owned => activeView(owned, caller.account))
    return { body: { items: body, meta: metaOf(inbound, paging, hasNext && items.length > 0) } }
  },
})

/** Faults: not_found, for numbers of others as for none. */
async function ownNumber(core: Core, caller: Caller, { path }: Inbound): Promise<Owned> {
  const e164 = numberOf(path.number ?? '')
  const owned = e164 === undefined ? undefined : await core.numbers.leaseOf(e164, DIALECT)
  if (owned?.lease.accountId !== caller.account.id)
    throw new Fault('not_found', { what: 'number', id: path.number ?? '' })
  return owned
}

const get = operation({
  ...common,
  on: paths('GET', INSTANCE),
  scope: 'numbers:read',
  answers: { 200: shape.active, ...shape.errors },
  handle: async ({ core, caller, inbound }) => ({
    body: activeView(await ownNumber(core, caller, inbound), caller.account),
  }),
})

/** Partial: absent members stay. An empty body or `{}` changes nothing and tells nobody. */
const configure = operation({
  ...common,
  on: paths('POST', INSTANCE),
  scope: 'numbers:write',
  answers: { 200: shape.active, ...shape.errors },
  async handle({ core, caller, inbound, callbackProblem }) {
    const owned = await ownNumber(core, caller, inbound)
    const body = inbound.body ?? {}
    if (JSON.stringify(body) === '{}') return { body: activeView(owned, caller.account) }
    const changed = await core.numbers.reconfigure(caller, owned.lease.id, DIALECT, found => {
      const kept = settingsOf(found)
      const settings = mergedSettings(body, kept, accountSid(caller.account))
      checkCallback(settings.configuration, kept.configuration, callbackProblem)
      return { settings: { dialect: DIALECT, value: stored(settings) }, event: 'number.configured' }
    })
    return { body: activeView(changed, caller.account) }
  },
})

const release = operation({
  ...common,
  on: paths('DELETE', INSTANCE),
  scope: 'numbers:write',
  answers: { 200: 'empty', ...shape.errors },
  async handle({ core, caller, inbound }) {
    const { lease } = await ownNumber(core, caller, inbound)
    await core.numbers.release(caller, [lease.id], { kind: 'now' }, DIALECT)
    return { status: 200 }
  },
})

/** The catalogue has no account in its path: anonymous reads are for test beds. */
function search({ mode }: DialectHost): Operation {
  return operation({
    on: ['GET /v1/api/AvailableNumbers', 'GET /api/AvailableNumbers'],
    scope: 'numbers:read',
    caller: 'optional',
    evidence: 'E1',
    input: anything,
    answers: { 200: shape.page(shape.available), ...shape.errors },
    async handle({ core, caller, inbound }) {
      if (!caller && mode === 'production') throw new Fault('unauthenticated', { reason: 'missing' })
      const query = queryOf(inbound.query)
      const paging = pagingOf(query)
      const filter = { ...searchFilter(query), ...(caller && { currency: caller.account.currency }) }
      const oneMore = { ...paging.core, limit: paging.size + 1 }
      const { items } = await core.numbers.search(filter, oneMore)
      const body = items.slice(0, paging.size).map(availableView)
      return { body: { items: body, meta: metaOf(inbound, paging, items.length > paging.size) } }
    },
  })
}

export function operationsFor(host: DialectHost): readonly Operation[] {
  return [buy, list, get, configure, release, search(host)]
}
