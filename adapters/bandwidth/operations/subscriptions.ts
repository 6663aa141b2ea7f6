import type { Resource } from '../../../core/ground/model.ts'
import type { FaultTable, Operation } from '../../kit/dialect.ts'
import { wholeNumber } from '../../kit/paging.ts'
import { childOf, type Element } from '../../kit/xml-read.ts'
import { notFound, refuse, statusFaults } from '../faults.ts'
import { flagOf, shortText } from '../fields/documents.ts'
import { idFrom } from '../ids.ts'
import {
  SUBSCRIPTION,
  type Subscription,
  secretRealm,
  subscriptionOf,
  toSubscriptionData,
} from '../ways/subscriptions.ts'
import { doc, el } from '../wire/nodes.ts'
import { ACCOUNT, type Acting } from './common.ts'
import { keptOperations } from './kept.ts'

const ROOT = 'SubscriptionsResponse'
const MOST = 100
const MOST_SECONDS = 10 * 366 * 86_400

/** Samples of the provider's paper stand in quotation marks. */
const unquoted = (text: string | undefined) => text?.replace(/^"(.*)"$/s, '$1')

interface Read {
  subscription: Subscription
  password: string | undefined
}

const FAILED = 12005
const words = statusFaults(ROOT)
/** A subscription that fails its own checks is 404, as the provider's paper has it. */
const faults: FaultTable = {
  ...words,
  invalid_input: (fault, inbound) => {
    const isFailed = fault.details.issues[0]?.code === String(FAILED)
    return { ...words.invalid_input(fault, inbound), status: isFailed ? 404 : 400 }
  },
}

const failed = (description: string): never => refuse(FAILED, description)

function readCallback(call: Acting, element: Element, words: Subscription): Read {
  const url = unquoted(shortText(element, 'URL', 2_048)) ?? ''
  const problem = call.callbackProblem(url)
  if (problem !== undefined) return failed(`The callback URL ${problem}`)
  const text = shortText(element, 'Expiry', 20)
  const seconds = wholeNumber(text ?? MOST_SECONDS)
  if (seconds === undefined || seconds < 1 || seconds > MOST_SECONDS) {
    return failed(`The expiry must be between 1 and ${MOST_SECONDS} seconds`)
  }
  const format = shortText(element, 'NumberFormat')?.toUpperCase()
  if (format !== undefined && format !== 'LEGACY' && format !== 'E164') return failed('The number format is invalid')
  const basic = childOf(childOf(element, 'callbackcredentials') ?? element, 'basicauthentication')
  const user = shortText(basic, 'Username')
  const subscription: Subscription = {
    ...words,
    callback: { url, seconds, ...(format && { format }), ...(user && { user }) },
  }
  return { subscription, password: shortText(basic, 'Password') }
}

function readBody(call: Acting, element: Element): Read {
  const [orderType, eventType] = [shortText(element, 'OrderType', 40), shortText(element, 'EventType', 40)]
  if (orderType === undefined && eventType === undefined) refuse(1003, 'OrderType is required')
  const orderId = shortText(element, 'OrderId', 40)
  const words = { ...(orderType && { orderType }), ...(eventType && { eventType }), ...(orderId && { orderId }) }
  const [callback, email] = [childOf(element, 'callbacksubscription'), childOf(element, 'emailsubscription')]
  if (callback) return readCallback(call, callback, words)
  const address = shortText(email, 'Email')
  if (address === undefined || !email) return refuse(1003, 'CallbackSubscription or EmailSubscription is required')
  if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(address)) return failed('The e-mail address is invalid')
  const isDigest = shortText(email, 'DigestRequested')?.toUpperCase() === 'DAILY' || flagOf(email, 'Digest', false)
  return { subscription: { ...words, email: { address, isDigest } }, password: undefined }
}

function node(found: Resource) {
  const { orderType, eventType, orderId, callback, email } = subscriptionOf(found)
  return doc(
    'Subscription',
    el('SubscriptionId', found.id),
    el('OrderType', orderType),
    el('EventType', eventType),
    el('OrderId', orderId),
    callback &&
      doc(
        'CallbackSubscription',
        el('URL', callback.url),
        el('Expiry', callback.seconds),
        el('NumberFormat', callback.format),
        callback.user === undefined
          ? undefined
          : doc('CallbackCredentials', doc('BasicAuthentication', el('Username', callback.user))),
      ),
    email &&
      doc('EmailSubscription', el('Email', email.address), el('DigestRequested', email.isDigest ? 'DAILY' : 'NONE')),
  )
}

async function own({ core, caller, inbound }: Acting): Promise<Resource> {
  const id = inbound.path.subscription ?? ''
  const found = idFrom(id) === undefined ? undefined : await core.resources.find(SUBSCRIPTION, Number(id))
  if (found?.accountId !== caller.account.id) throw notFound('resource', id)
  return found
}

/** The password is kept sealed, and apart: it is needed in clear, and shown to nobody. */
async function keepPassword({ core, caller }: Acting, id: number, password: string | undefined): Promise<void> {
  if (password !== undefined) await core.callbackSecrets.set(caller.account.id, secretRealm(id), password)
}

const listOf = async ({ core, caller }: Acting) =>
  (await core.resources.list({ accountIds: [caller.account.id], kind: SUBSCRIPTION }, { limit: MOST, offset: 0 })).items

export const subscriptionOperations: readonly Operation[] = keptOperations({
  ...{ path: `${ACCOUNT}/subscriptions`, parameter: 'subscription', element: 'Subscription', root: ROOT, faults },
  makingFails: [400, 404],
  read: readBody,
  listed: { root: ROOT, of: async call => doc('Subscriptions', ...(await listOf(call)).map(node)) },
  shown: found => doc('Subscriptions', node(found)),
  find: own,
  async make(call, { subscription, password }) {
    const data = toSubscriptionData(subscription)
    const { id } = await call.core.resources.create(call.caller, { kind: SUBSCRIPTION, data, limit: MOST })
    await keepPassword(call, id, password)
    return id
  },
  async change(call, { id }, { subscription, password }) {
    await call.core.resources.update(call.caller, id, () => ({ data: toSubscriptionData(subscription) }))
    await keepPassword(call, id, password)
  },
})
