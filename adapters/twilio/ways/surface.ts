/**
 * What differs between the providers that speak this surface, in one place. The operations know nothing else of who
 * they are; a dialect that is this one with differences makes its own `Surface` and shares everything else.
 */
import type { GenericSchema } from 'valibot'
import type { Account, Lease, Micros, NumberType, Owned, PhoneNumber } from '../../../core/ground/model.ts'
import type { Core, NumberFilter } from '../../../core/verbs.ts'
import type { Fields } from '../fields.ts'

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
  /** How links of lists end, for the extension that was asked for. */
  listExtension(extension: string): string
  /** What is looked for; refuses what cannot be. */
  searchFilter(fields: Fields, country: string): NumberFilter
  /** Refuses pages that cannot be asked for, beyond what all of them refuse. */
  checkPage?(fields: Fields): void
  available(number: PhoneNumber): Row
  /** `isMain`: not one of the lists and purchases by type. */
  owned(owned: Owned, account: Account, extension: string, isMain: boolean): Row
  shapes: { available: GenericSchema; owned: GenericSchema; ownedOfType: GenericSchema }
}
