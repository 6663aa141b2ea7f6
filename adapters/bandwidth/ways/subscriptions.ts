import type { JsonObject, Resource } from '../../../core/ground/model.ts'

export const SUBSCRIPTION = 'bandwidth.subscription'

/** Whom to tell of what. */
export interface Subscription {
  orderType?: string
  eventType?: string
  /** Of this order alone. */
  orderId?: string
  /** `seconds`: it ends so long after it was made. */
  callback?: { url: string; seconds: number; format?: string; user?: string }
  email?: { address: string; isDigest: boolean }
}

export const subscriptionOf = ({ data }: Resource): Subscription => data as unknown as Subscription
export const toSubscriptionData = (subscription: Subscription): JsonObject => JSON.parse(JSON.stringify(subscription))

/** Where the password for callbacks is kept. */
export const secretRealm = (id: number | string) => `bandwidth.subscription.${id}`
