import type { CompanyProfile, JsonObject, Order, OrderStatus, Owned } from '../../core/ground/model.ts'
import { typeWord } from './ids.ts'

/** ISO 8601 without zone, as the sibling services write it; UTC. */
export function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19)
}

const timeOrNull = (at: number | null) => (at === null ? null : timeText(at))

const STATUS_WORDS: Record<OrderStatus, string> = {
  pending: 'PENDING',
  accepted: 'ACCEPTED',
  completed: 'COMPLETED',
  rejected: 'REJECTED',
  cancelled: 'CANCELLED',
  // orders of this dialect are filled completely or not at all
  partial: 'COMPLETED',
  failed: 'REJECTED',
  // and keep nothing before they are filled
  draft: 'PENDING',
  blocked: 'PENDING',
  expired: 'CANCELLED',
}

export function statusWord(status: OrderStatus): string {
  return STATUS_WORDS[status]
}

export function statusOf(word: string): OrderStatus | undefined {
  return (Object.keys(STATUS_WORDS) as OrderStatus[]).find(status => STATUS_WORDS[status] === word.toUpperCase())
}

export const STATUSES = [
  { status: 'PENDING', description: 'The request waits for numbers or for a decision.', isFinal: false },
  { status: 'ACCEPTED', description: 'The request is accepted, numbers are being sourced.', isFinal: false },
  { status: 'COMPLETED', description: 'All numbers are assigned.', isFinal: true },
  { status: 'REJECTED', description: 'The request is rejected, nothing is assigned.', isFinal: true },
  { status: 'CANCELLED', description: 'The customer has cancelled the request.', isFinal: true },
]

interface RangeView {
  id: number | null
  start: string | null
  size: number
  validFrom: string | null
  validTo: string | null
}

function emptyRanges({ quantity, rangeSize }: Order): RangeView[] {
  const size = Math.max(1, rangeSize)
  return Array.from({ length: quantity / size }, () => ({
    id: null,
    start: null,
    size,
    validFrom: null,
    validTo: null,
  }))
}

function filledRanges({ ranges }: Order): RangeView[] {
  return ranges.map(({ leaseId, start, size, from, until }) => ({
    id: leaseId,
    start,
    size,
    validFrom: timeText(from),
    validTo: timeOrNull(until),
  }))
}

/** What was sent, kept with the order and given back as it came. */
export interface Sent {
  companyProfileGuid: string
  countryCode: string
  phoneNumberType: string
  areaCode: string | null
  city: string | null
  region: string | null
  comment: string | null
  emailAddresses: string[]
}

export function sentOf({ data }: Order): Sent {
  return data as unknown as Sent
}

/** The create answer shows nulls for what is assigned, even when that happened at once. */
export function requestView(order: Order, accountGuid: string, options: { justCreated: boolean }) {
  const sent = sentOf(order)
  const isShown = order.status === 'completed' && !options.justCreated
  const ranges = isShown ? filledRanges(order) : emptyRanges(order)
  const [first] = ranges
  return {
    guid: order.guid,
    accountGuid,
    companyProfileGuid: sent.companyProfileGuid,
    createdOn: timeText(order.createdAt),
    updatedOn: timeText(order.updatedAt),
    countryCode: sent.countryCode,
    phoneNumberType: sent.phoneNumberType,
    quantity: order.quantity,
    rangeSize: order.rangeSize,
    areaCode: sent.areaCode,
    city: sent.city,
    region: sent.region,
    comment: sent.comment,
    callbackUrl: order.callbackUrl,
    status: statusWord(order.status),
    statusReason: order.reason,
    id: first?.id ?? null,
    start: first?.start ?? null,
    validFrom: first?.validFrom ?? null,
    validTo: first?.validTo ?? null,
    phoneNumberRanges: ranges,
  }
}

const PROFILE_STATUS: Record<CompanyProfile['status'], string> = {
  incomplete: 'INCOMPLETE',
  in_review: 'IN_REVIEW',
  approved: 'APPROVED',
  rejected: 'REJECTED',
}

const textOrNull = (data: JsonObject, key: string) => (typeof data[key] === 'string' ? (data[key] as string) : null)

export function profileView({ guid, status, country, types, data }: CompanyProfile, accountGuid: string) {
  return {
    guid,
    accountGuid,
    name: textOrNull(data, 'name') ?? '',
    companyName: textOrNull(data, 'companyName') ?? '',
    businessRegisterNumber: textOrNull(data, 'businessRegisterNumber') ?? '',
    representativeFirstName: textOrNull(data, 'representativeFirstName') ?? '',
    representativeLastName: textOrNull(data, 'representativeLastName') ?? '',
    representativePhoneNumber: textOrNull(data, 'representativePhoneNumber'),
    countryCode: textOrNull(data, 'countryCode') ?? country,
    requiredFields: data.requiredFields ?? null,
    region: textOrNull(data, 'region'),
    city: textOrNull(data, 'city') ?? '',
    postalCode: textOrNull(data, 'postalCode') ?? '',
    street: textOrNull(data, 'street') ?? '',
    phoneNumberCountryCode: country,
    phoneNumberTypes: types.flatMap(type => typeWord(type) ?? []),
    emailAddresses: Array.isArray(data.emailAddresses) ? data.emailAddresses : [],
    status: PROFILE_STATUS[status],
  }
}

/** `validTo` is the end of a pending release; null while the number is held for good. */
export function numberView({ number, lease, settings }: Owned) {
  const from = settings as { companyProfileGuid?: string; orderGuid?: string }
  return {
    guid: lease.guid,
    phoneNumber: number.e164,
    countryCode: number.country,
    phoneNumberType: typeWord(number.type) ?? 'MOBILE',
    areaCode: number.areaCode === '' ? null : number.areaCode,
    city: number.city === '' ? null : number.city,
    companyProfileGuid: from.companyProfileGuid ?? null,
    numberRequestGuid: from.orderGuid ?? null,
    customerAlias: lease.label,
    validFrom: timeText(lease.startedAt),
    validTo: timeOrNull(lease.endsAt),
  }
}
