/**
 * What differs between the providers that speak this surface, in one place. The operations know nothing else of who
 * they are; a dialect that is this one with differences makes its own `Surface` and shares everything else.
 */
import type { Account, Lease, Micros, NumberType, Owned, PhoneNumber } from '../../core/model.ts'
import { formatMoney } from '../../core/money.ts'
import type { Core, NumberFilter } from '../../core/verbs.ts'
import { refuse } from './faults.ts'
import { accountIdOf, accountSid, DIALECT, guidOf, numberSid, TEST_REALM } from './ids.ts'
import { availableView, ownedView } from './views.ts'

type Row = Record<string, never> | { readonly [member: string]: unknown }

export interface Surface {
  name: string
  realm: string
  testRealm: string
  /** In front of `/Accounts`. */
  prefix: string
  origin: string
  /** "Any number of this area" can be bought. */
  sellsByArea: boolean
  /** A purchase that names no number, with the area that it names. */
  refuseWithoutNumber(area: string | undefined): never
  /** Types of numbers it knows. */
  types: readonly NumberType[]
  accountSid(account: Pick<Account, 'id' | 'guid'>): string
  /** Undefined: no sid of this form names an account by its number. */
  accountIdOf(sid: string): number | undefined
  findAccount(core: Core, sid: string): Promise<Account | undefined>
  money(amount: Micros): string
  accountPath(account: Pick<Account, 'id' | 'guid'>): string
  numberSid(lease: Pick<Lease, 'guid'>): string
  leaseGuidOf(sid: string): string | undefined
  available(number: PhoneNumber): Row
  /** What it makes of a search; refuses what it does not know. */
  searchFilter(filter: NumberFilter, fields: Readonly<Record<string, unknown>>): NumberFilter
  /** `isMain`: not one of the lists and purchases by type. */
  owned(owned: Owned, account: Account, extension: string, isMain: boolean): Row
}

const PREFIX = '/2010-04-01'

export const twilioSurface: Surface = {
  name: DIALECT,
  realm: DIALECT,
  testRealm: TEST_REALM,
  prefix: PREFIX,
  origin: 'twilio',
  types: ['local', 'toll_free', 'mobile', 'national'],
  sellsByArea: true,
  refuseWithoutNumber: () => refuse(21421, 'PhoneNumber', 'PhoneNumber or AreaCode is required'),
  accountSid,
  accountIdOf,
  async findAccount(core, sid) {
    const id = accountIdOf(sid)
    return id === undefined ? undefined : core.accounts.get(id)
  },
  money: amount => formatMoney(amount, 2),
  accountPath: account => `${PREFIX}/Accounts/${accountSid(account)}`,
  numberSid,
  leaseGuidOf: sid => guidOf('PN', sid),
  available: availableView,
  searchFilter: filter => filter,
  owned(owned, account, extension, isMain) {
    const { type, ...rest } = ownedView(twilioSurface, owned, account, extension)
    return isMain ? { ...rest, type } : rest
  },
}
