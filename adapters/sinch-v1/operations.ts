import * as v from 'valibot'
import { Fault } from '../../core/ground/fault.ts'
import type { Caller, Cursor, Listed, Owned } from '../../core/ground/model.ts'
import type { Core, NumberFilter } from '../../core/verbs.ts'
import { type DialectHost, type Inbound, type Operation, operation } from '../kit/dialect.ts'
import { ownedFilter, type Paging, pageOf, pagingOf, plusOf, queryOf, searchFilter } from './fields.ts'
import { accountSid, DIALECT, numberOf } from './ids.ts'
import * as shape from './schemas.ts'
import { EMPTY, settingsOf, stored } from './settings.ts'
import { activeView, availableView } from './views.ts'
import { checkCallback, mergedConfiguration, mergedSettings } from './ways/merge.ts'

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

/** A list as one account, or nobody, asked for it. */
function tokensOf(core: Core, kind: string, caller: Caller | undefined, filter: NumberFilter) {
  const binding = JSON.stringify([DIALECT, kind, caller?.account.id ?? null, filter])
  return {
    open: (sealed: string) => core.cursors.open(binding, sealed),
    seal: (cursor: Cursor) => core.cursors.seal(binding, cursor),
  }
}

const OWN = new Set(['page', 'pagesize', 'page_size', 'pagetoken'])

/** Twilio's links: a page by its number, and by a token where numbers may come and go before it is asked for. */
function metaOf(
  { base, pathname, query }: Inbound,
  { page, size, token }: Paging,
  { before, after }: Pick<Listed<unknown>, 'before' | 'after'>,
  seal: (cursor: Cursor) => string,
) {
  const filters = query.filter(([name]) => !OWN.has(name.toLowerCase()))
  const url = (at: number, sealed?: string) => {
    const place = [['Page', String(at)], ['PageSize', String(size)], ...(sealed ? [['PageToken', sealed]] : [])]
    return `${base}${pathname}?${new URLSearchParams([...filters, ...place] as [string, string][])}`
  }
  // behind the end there is nothing to begin before
  const byNumber = page > 0 && !after ? url(page - 1) : null
  return {
    page,
    page_size: size,
    first_page_url: url(0),
    previous_page_url: before ? url(Math.max(page - 1, 0), seal(before)) : byNumber,
    url: url(page, token?.value),
    next_page_url: after ? url(page + 1, seal(after)) : null,
    key: 'items' as const,
  }
}

/** The number to buy is a query parameter; clients of other habits put it into the body. */
function wantedNumber({ query, body }: Inbound): string {
  const sent = queryOf(query)
  const members = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const named = sent.get('phonenumber') ?? sent.get('phone_number')
  const text = named?.value ?? members.phoneNumber ?? members.phone_number
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
    const { open, seal } = tokensOf(core, 'owned', caller, filter)
    const options = { dialect: DIALECT, orderBy: 'started' } as const
    const { items, ...more } = await core.numbers.owned(filter, pageOf(paging, open), options)
    const body = items.map(owned => activeView(owned, caller.account))
    return { body: { items: body, meta: metaOf(inbound, paging, more, seal) } }
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
      const { open, seal } = tokensOf(core, 'available', caller, filter)
      const { items, ...more } = await core.numbers.search(filter, pageOf(paging, open))
      return { body: { items: items.map(availableView), meta: metaOf(inbound, paging, more, seal) } }
    },
  })
}

export function operationsFor(host: DialectHost): readonly Operation[] {
  return [buy, list, get, configure, release, search(host)]
}
