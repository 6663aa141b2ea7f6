/**
 * What differs between the providers that speak this surface, in one place. The operations know nothing else of who
 * they are; a dialect that is this one with differences makes its own `Surface` and shares everything else.
 */
import type { GenericSchema } from 'valibot'
import type { Account, Lease, Micros, NumberType, Owned, PhoneNumber } from '../../../core/ground/model.ts'
import { formatMoney } from '../../../core/ground/money.ts'
import type { Core, NumberFilter } from '../../../core/verbs.ts'
import { refuse } from '../faults.ts'
import { type Fields, searchFilter } from '../fields.ts'
import { accountIdOf, accountSid, DIALECT, guidOf, numberOf, numberSid, TEST_REALM } from '../ids.ts'
import * as shape from '../schemas.ts'
import { availableView, ownedView } from '../views.ts'

type Row = { readonly [member: string]: unknown }

export interface Surface {
  name: string
  realm: string
  testRealm: string
  /** In front of `/Accounts`. */
  prefix: string
  origin: string
  /** Types of numbers it knows. */
  types: readonly NumberType[]
  /** "Any number of this area" can be bought. */
  sellsByArea: boolean
  /** A purchase that names no number, with the area that it names. */
  refuseWithoutNumber(area: string | undefined): never
  /** The number that a purchase names; undefined: it is none. */
  numberOf(text: string): string | undefined
  accountSid(account: Pick<Account, 'id' | 'guid'>): string
  findAccount(core: Core, sid: string): Promise<Account | undefined>
  /** The name under which credentials are kept, for the one that was sent. */
  credentialName(sent: string): { publicId: string; isAccount: boolean }
  accountPath(account: Pick<Account, 'id' | 'guid'>): string
  numberSid(lease: Pick<Lease, 'guid'>): string
  leaseGuidOf(sid: string): string | undefined
  money(amount: Micros): string
  /** What is looked for; refuses what cannot be. */
  searchFilter(fields: Fields, country: string): NumberFilter
  /** Refuses pages that cannot be asked for, beyond what all of them refuse. */
  checkPage?(fields: Fields): void
  available(number: PhoneNumber): Row
  /** `isMain`: not one of the lists and purchases by type. */
  owned(owned: Owned, account: Account, extension: string, isMain: boolean): Row
  shapes: { available: GenericSchema; owned: GenericSchema; ownedOfType: GenericSchema }
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
  numberOf,
  accountSid,
  async findAccount(core, sid) {
    const id = accountIdOf(sid)
    return id === undefined ? undefined : core.accounts.get(id)
  },
  credentialName(sent) {
    const id = accountIdOf(sent)
    return id === undefined ? { publicId: sent, isAccount: false } : { publicId: accountSid({ id }), isAccount: true }
  },
  accountPath: account => `${PREFIX}/Accounts/${accountSid(account)}`,
  numberSid,
  leaseGuidOf: sid => guidOf('PN', sid),
  money: amount => formatMoney(amount, 2),
  searchFilter,
  available: availableView,
  owned(owned, account, extension, isMain) {
    const { type, ...rest } = ownedView(twilioSurface, owned, account, extension)
    return isMain ? { ...rest, type } : rest
  },
  shapes: { available: shape.available, owned: shape.owned, ownedOfType: shape.ownedOfType },
}
