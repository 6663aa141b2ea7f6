/** Numbers as the provider shows them. Strict clients refuse unknown keys: the sets of keys are exactly the documented ones. */
import type { NumberState, Owned, PhoneNumber } from '../../../core/ground/model.ts'
import type { Released } from '../../../core/verbs.ts'
import { majorUnits } from '../../kit/money-text.ts'
import { uuidOf } from '../ids.ts'
import { timestamp } from '../wire/text.ts'

const DAY_MS = 86_400_000

/** Our states in the provider's words. Suspended and stopped by the operator look the same. */
const STATUS = {
  available: 'active',
  active: 'active',
  suspended: 'blocked',
  releasing: 'pending_release',
  quarantined: 'released',
  blocked: 'blocked',
  retired: 'released',
} as const satisfies Record<PhoneNumber['state'], string>

/** Our states that are shown as this; none where nobody knows the word. */
export function statesShownAs(status: string): NumberState[] {
  const states = Object.keys(STATUS) as NumberState[]
  return states.filter(state => STATUS[state] === status.toLowerCase())
}

export const statusOf = ({ state }: PhoneNumber) => STATUS[state]

function capabilities({ capabilities: has }: PhoneNumber) {
  const [voice, sms, mms, fax] = (['voice', 'sms', 'mms', 'fax'] as const).map(name => has.includes(name))
  return { voice, sms, mms, fax }
}

const idOf = ({ e164 }: PhoneNumber) => uuidOf('number', e164)

/** What every number shows behind its id, wherever it is. An object that begins with this spread out is five times as dear. */
function common(number: PhoneNumber, state = number.state) {
  const status = STATUS[state]
  return {
    e164: number.e164,
    country: number.country,
    capabilities: capabilities(number),
    status,
    provider: '',
    setup_fee: majorUnits(number.setupPrice),
    monthly_fee: majorUnits(number.monthlyPrice),
    currency: number.currency,
    voice_enabled: number.capabilities.includes('voice'),
    is_blocked: status === 'blocked',
    created_at: timestamp(number.createdAt),
    updated_at: timestamp(number.updatedAt),
    is_trial_number: false,
    minimum_commitment_months: 0,
    aadhaar_verification_required: false,
    aadhaar_verified: false,
  }
}

/** `account_id` is empty and not null: strict clients want text. */
export function inventoryNumber(number: PhoneNumber) {
  const region = number.region === '' ? {} : { region: number.region }
  // what the clock has put on the shelf is for sale, whether or not it has been tidied
  return { id: idOf(number), ...common(number, 'available'), account_id: '', ...region, tags: null }
}

/** `trunk`: the provider's id of the trunk it is on. */
export function ownedNumber({ number, lease, subscription }: Owned, handle: string, trunk?: string) {
  const { nextDueAt } = subscription
  return {
    id: idOf(number),
    ...common(number),
    account_id: handle,
    region: number.region,
    // who holds a number keeps the price it was bought at
    monthly_fee: majorUnits(subscription.amount),
    tags: [],
    purchased_at: timestamp(lease.startedAt),
    updated_at: timestamp(Math.max(number.updatedAt, lease.updatedAt)),
    last_billing_date: timestamp(subscription.paidFrom),
    ...(nextDueAt !== null && { next_billing_date: timestamp(nextDueAt) }),
    source: lease.orderLineId === null ? 'purchased' : 'inventory',
    ...(trunk !== undefined && { trunk_group_id: trunk }),
    ...(lease.handlerId !== null && { application_id: String(lease.handlerId) }),
  }
}

export function purchasedNumber(owned: Owned, handle: string) {
  const number = ownedNumber(owned, handle)
  const { id, account_id, e164, country, region, capabilities, status, monthly_fee, currency } = number
  const item = { id, account_id, e164, country, region, capabilities, status, monthly_fee, currency }
  return { message: 'Number purchased successfully', number, items: [item] }
}

/** Made from what the core answered alone, so that a repeated request gets the same bytes. */
export function released({ owned: { number }, releasesAt, fee }: Released, handle: string) {
  const isPending = number.state === 'releasing'
  const rest = Math.round(((number.coolUntil ?? releasesAt) - releasesAt) / DAY_MS)
  const path = `/api/v1/account/${handle}/numbers/${number.e164}/cancel-release`
  const first = isPending ? 'The release can be cancelled within 24 hours.' : 'The release cannot be cancelled.'
  return {
    cancel_url: isPending ? path : '',
    cooldown_ends_at: timestamp(releasesAt),
    message: isPending ? 'number release initiated' : 'number released',
    note: `${first} The number then rests for ${rest} days before it returns to inventory.`,
    release_fee: majorUnits(fee),
    status: isPending ? 'pending_release' : 'released',
  }
}

export function cancelled({ fee, currency }: Released) {
  const message = 'release cancelled, number restored to active status'
  return { currency, message, refund_amount: majorUnits(fee), status: 'active' }
}
