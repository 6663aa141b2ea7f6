/** Accounts, and what a number costs them. */

import type { Account, Caller, JsonObject } from '../../../core/ground/model.ts'
import { formatCents, formatMoney } from '../../../core/ground/money.ts'
import type { Core } from '../../../core/verbs.ts'
import { branch, leaf, type XmlNode } from '../../kit/xml.ts'
import { DID_RESOURCE_ID } from '../ids.ts'
import { time } from '../wire/text.ts'
import { contact } from './people.ts'

/** Countries whose numbers are sold by area code and exchange. */
const COUNTRIES = ['US', 'CA']

/** Balance and limit are those of the account's primary currency. */
export async function account(core: Core, shown: Account): Promise<XmlNode> {
  const balance = await core.ledger.balance(shown.id, shown.currency)
  return branch('Account', [
    leaf('AccountId', shown.id),
    leaf('Balance', formatCents(balance?.balance ?? 0)),
    leaf('CreditLimit', formatCents(balance?.creditLimit ?? 0)),
    leaf('Recharge', false),
    leaf('RechargeLevel', '0.00'),
    leaf('RechargeThreshold', '0.00'),
    leaf('Modified', time(shown.updatedAt)),
    leaf('Created', time(shown.createdAt)),
    contact({ name: shown.name, organization: shown.name, ...storedContact(shown) }, shown.updatedAt),
  ])
}

function storedContact({ profile }: Account): JsonObject {
  const stored = profile.contact
  return typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? stored : {}
}

/**
 * The one resource there is: numbers. `Used` are the owned ones, `Limit` is what could be owned at most: those and all
 * that are on the shelf. The prices are those of the number that would be sold next.
 */
export async function didResource(core: Core, { account }: Caller): Promise<XmlNode> {
  const { id, currency } = account
  const owned = await core.numbers.owned({ accountIds: [id] }, { limit: 1, offset: 0 })
  const shelf = await Promise.all(
    COUNTRIES.map(country => core.inventory.count({ country, currency, types: ['local'], documents: 'none' })),
  )
  const next = await nextNumber(core, currency)
  const resource = branch('Resource', [
    leaf('ResourceId', DID_RESOURCE_ID),
    leaf('Name', 'DID'),
    leaf('OneTimeCharge', formatMoney(next?.setupPrice ?? 0, 2)),
    leaf('MonthlyRecurringCharge', formatMoney(next?.monthlyPrice ?? 0, 2)),
    leaf('Description', 'Phone number, at the prices of the next one on the shelf'),
  ])
  return branch('AccountResource', [
    leaf('AccountId', id),
    leaf('Limit', owned.total + shelf.reduce((sum, count) => sum + count, 0)),
    leaf('Used', owned.total),
    resource,
  ])
}

async function nextNumber(core: Core, currency: string) {
  for (const country of COUNTRIES) {
    const filter = { country, currency, types: ['local'] as const, documents: 'none' as const }
    const { items } = await core.numbers.search(filter, { limit: 1, offset: 0 })
    if (items[0]) return items[0]
  }
  return undefined
}
