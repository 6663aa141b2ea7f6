/** Number orders as the provider shows them. */
import type {
  Account,
  Document,
  DocumentType,
  JsonObject,
  Order,
  OrderStatus,
  PhoneNumber,
} from '../../../core/ground/model.ts'
import { capabilityWords, type State, type TypeWord } from '../ids.ts'
import { attachmentId } from '../ways/requirements.ts'
import { ulidOf } from '../wire/crockford.ts'
import { money, PAYMENT_INTERVAL_MONTHS, time, timeOrNull } from './numbers.ts'

const WORDS: Readonly<Record<OrderStatus, State>> = {
  draft: 'CREATED',
  pending: 'IN_REVIEW',
  accepted: 'IN_REVIEW',
  blocked: 'BLOCKED',
  completed: 'COMPLETED',
  rejected: 'REJECTED',
  expired: 'EXPIRED',
  cancelled: 'REJECTED',
  // no order of this dialect ends so
  partial: 'COMPLETED',
  failed: 'REJECTED',
}

/** What is kept with an order, as its client has it back. */
export interface OrderData {
  regionCode: string
  numberType: TypeWord
  orderNumbers: ReturnType<typeof orderNumber>[]
  smsConfiguration?: JsonObject
  voiceConfiguration?: JsonObject
  documents: DocumentType[]
  registration?: JsonObject
}

/** Where the data has what a paper was said to be: papers come one by one, and at once. */
export const documentTypeKey = (attachment: string) => `documentType ${attachment}`

export const dataOf = ({ data }: Order): OrderData => data as unknown as OrderData

/** By the clock, whether or not a job has been there. */
export function stateOf({ status, expiresAt }: Order, now: number): State {
  return expiresAt !== null && expiresAt <= now ? 'EXPIRED' : WORDS[status]
}

/** As it was when the number was kept. */
export function orderNumber({ e164, currency, setupPrice, monthlyPrice, capabilities }: PhoneNumber) {
  return {
    phoneNumber: e164,
    numberPrice: {
      setupPrice: money(currency, setupPrice),
      monthlyPrice: money(currency, monthlyPrice),
      paymentIntervalMonths: PAYMENT_INTERVAL_MONTHS,
    },
    capabilities: capabilityWords(capabilities),
  }
}

export function orderView(order: Order, account: Account, now: number) {
  const { regionCode, numberType, orderNumbers, smsConfiguration, voiceConfiguration } = dataOf(order)
  return {
    projectId: account.guid,
    idNumberOrder: ulidOf(order.guid),
    regionCode,
    state: stateOf(order, now),
    numberType,
    orderNumbers,
    ...(smsConfiguration && { smsConfiguration }),
    ...(voiceConfiguration && { voiceConfiguration }),
    expireTime: timeOrNull(order.expiresAt),
    createTime: time(order.createdAt),
    updateTime: time(order.updatedAt),
  }
}

/** `data` beside `requestDetails`: the provider's page of before has that alone. */
export function registrationView(order: Order, documents: readonly Document[]) {
  const { registration = {} } = dataOf(order)
  return {
    requestDetails: registration,
    ...(registration.data !== undefined && { data: registration.data }),
    attachments: documents.map(({ type, fileName, contentType, createdAt }) => {
      const id = attachmentId(type)
      const documentType = order.data[documentTypeKey(id)]
      return {
        attachmentId: id,
        fileName,
        mimeType: contentType,
        createTime: time(createdAt),
        updateTime: time(createdAt),
        uploadStatus: 'COMPLETED' as const,
        ...(typeof documentType === 'string' && { documentType }),
      }
    }),
    logs: order.notes.map(({ at, message }) => ({ message, createTime: time(at) })),
  }
}
