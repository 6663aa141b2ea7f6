import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller } from '../../../core/ground/model.ts'
import type { Core, NumberFilter, OwnedFilter } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { jsonList, jsonOnce } from '../../kit/json-list.ts'
import { pageOf } from '../../kit/paging.ts'
import { flat } from '../faults.ts'
import {
  Currency,
  e164Of,
  excludedPrefixes,
  lenientFlag,
  lenientInt,
  Path,
  queryText,
  Search,
} from '../fields/common.ts'
import { at, DIALECT } from '../ids.ts'
import { InventoryList, NumberList, Purchased } from '../schemas/numbers.ts'
import { Flat, refusals } from '../schemas/shapes.ts'
import { inventoryNumber, ownedNumber, purchasedNumber, statesShownAs } from '../views/numbers.ts'
import { once } from '../ways/once.ts'
import { actingOn, subAccountsOf } from '../ways/scope.ts'

const PER_PAGE = 25
const MAX_PER_PAGE = 100

const paging = {
  page: lenientInt(1),
  per_page: lenientInt(PER_PAGE, { max: MAX_PER_PAGE }),
}

/** Provider ids of the trunks these numbers are on. */
async function trunkIds(core: Core, ids: readonly (number | null)[]): Promise<Map<number, string>> {
  const wanted = [...new Set(ids)].filter(id => id !== null)
  const trunks = await Promise.all(wanted.map(id => core.trunks.get(id)))
  return new Map(trunks.flatMap(trunk => (trunk ? [[trunk.id, trunk.guid] as const] : [])))
}

type Listing = Pick<OwnedFilter, 'pattern' | 'states'> & {
  page: number
  per_page: number
  include_subaccounts: boolean
}

/** A main account's list has its sub-accounts' numbers too. */
async function listNumbers(core: Core, caller: Caller, { page, per_page, include_subaccounts, ...asked }: Listing) {
  const accounts = [caller.account, ...(include_subaccounts ? await subAccountsOf(core, caller) : [])]
  const filter = { accountIds: accounts.map(({ id }) => id), ...asked }
  const order = { dialect: DIALECT, orderBy: 'created', descending: true } as const
  const { items, total } = await core.numbers.owned(filter, pageOf(page, per_page), order)
  const handles = new Map(accounts.map(({ id, handle }) => [id, handle]))
  const trunks = await trunkIds(
    core,
    items.map(({ lease }) => lease.trunkId),
  )
  const shown = items.map(owned =>
    ownedNumber(owned, handles.get(owned.lease.accountId) ?? '', trunks.get(owned.lease.trunkId ?? 0)),
  )
  return { items: shown, page, per_page, total }
}

const Wanted = v.optional(
  v.pipe(v.string('e164 is required'), v.transform(e164Of), v.nonEmpty('e164 must be a number such as +919876543210')),
)

/** Faults: invalid_input (none, or two). */
function wantedNumber({ e164, e_164 }: { e164?: string | undefined; e_164?: string | undefined }): string {
  const named = e164 ?? e_164
  const fault = (problem: 'missing' | 'conflict', message: string) =>
    new Fault('invalid_input', { issues: [{ field: 'e164', problem, message }] })
  if (named === undefined) throw fault('missing', 'e164 is required')
  if (e_164 !== undefined && e_164 !== named) throw fault('conflict', 'e164 and e_164 name different numbers')
  return named
}

const inventoryJson = jsonOnce(inventoryNumber)

export const numberOperations: readonly Operation[] = [
  operation({
    on: at('GET', '/Account/:account/numbers'),
    scope: 'numbers:read',
    caller: 'required',
    evidence: 'E1',
    input: v.object({
      ...Path.entries,
      ...paging,
      search: Search,
      status: queryText,
      include_subaccounts: lenientFlag(true),
    }),
    answers: { 200: NumberList, ...refusals },
    handle: async (call, { account, search, status, page, per_page, include_subaccounts }) => {
      const caller = await actingOn(call, account)
      if (search === 'none') return { body: { items: [], page, per_page, total: 0 } }
      const asked = { ...(search && { pattern: search }), ...(status && { states: statesShownAs(status) }) }
      return { body: await listNumbers(call.core, caller, { page, per_page, include_subaccounts, ...asked }) }
    },
  }),
  operation({
    on: at('GET', '/Account/:account/inventory/numbers'),
    scope: 'numbers:read',
    caller: 'required',
    evidence: 'E1',
    input: v.object({
      ...Path.entries,
      ...paging,
      search: Search,
      country: queryText,
      region: queryText,
      status: queryText,
    }),
    answers: { 200: InventoryList, 400: Flat, ...refusals },
    handle: async (call, { account, search, country, region, status, page, per_page }) => {
      const caller = await actingOn(call, account)
      const excludePrefixes = excludedPrefixes(call.inbound)
      // whatever is in the inventory is shown as active
      const isShown = status === undefined || statesShownAs(status).includes('available')
      if (search === 'none' || !isShown) return { body: { items: [], page, per_page, total: 0 } }
      const filter: NumberFilter = {
        excludePrefixes,
        country: country?.toUpperCase(),
        region,
        pattern: search,
        documents: caller.account.identityVerified ? undefined : 'none',
      }
      const { items, total } = await call.core.numbers.search(filter, pageOf(page, per_page), true)
      return { body: jsonList('items', inventoryJson(items), { page, per_page, total }) }
    },
  }),
  operation({
    on: at('POST', '/Account/:account/numbers/purchase-from-inventory'),
    scope: 'numbers:write',
    caller: 'required',
    evidence: 'E1',
    input: v.object({
      ...Path.entries,
      e164: Wanted,
      // one client of the first years writes every name so
      e_164: Wanted,
      // asked for and not used: the number's own currency is charged
      currency: v.nullish(Currency),
    }),
    answers: { 200: Purchased, 400: Flat, 404: Flat, 500: Flat, ...refusals },
    // the provider's page for this endpoint, and its SDKs, know a failed debit as a failure of the server
    faults: { insufficient_funds: () => flat(500, 'internal_server_error', 'failed to purchase number') },
    handle: async (call, { account, ...named }) => {
      const caller = await actingOn(call, account)
      const e164 = wantedNumber(named)
      const terms = { documents: 'verified' } as const
      return once(
        call,
        (key, core) => core.numbers.purchase({ ...caller, ...key }, [e164], terms),
        ({ owned: [owned] }) => ({ body: owned && purchasedNumber(owned, caller.account.handle) }),
      )
    },
  }),
]
