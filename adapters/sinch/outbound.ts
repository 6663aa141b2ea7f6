import { createHmac } from 'node:crypto'
import type { Order } from '../../core/ground/model.ts'
import type { Core, CoreEvent, Delivery } from '../../core/verbs.ts'
import { DIALECT } from './ids.ts'
import type { Settings, Sms } from './settings.ts'
import { stateOf } from './views/orders.ts'
import { CROCKFORD, ulidOf } from './wire/crockford.ts'

interface Provisioned {
  e164: string
  dialect: string
  service: 'sms' | 'voice'
  value: Sms & { type?: string }
  before: Sms | null
  outcome: 'done' | 'failed'
  settings: Record<string, Partial<Settings> | undefined>
}

/** Which platform heard of it. A campaign is told only where it changed. */
function eventTypes({ service, value, before }: Provisioned): string[] {
  if (service === 'voice') return ['PROVISIONING_TO_VOICE_PLATFORM']
  const plan = value.servicePlanId === '' ? 'DEPROVISIONING_FROM_SMS_PLATFORM' : 'PROVISIONING_TO_SMS_PLATFORM'
  const isPlanNew = value.servicePlanId !== (before?.servicePlanId ?? '')
  const isCampaignNew = value.campaignId !== (before?.campaignId ?? '')
  const campaign = value.campaignId === '' ? 'DEPROVISIONING_FROM_CAMPAIGN' : 'PROVISIONING_TO_CAMPAIGN'
  return [...(isPlanNew || !isCampaignNew ? [plan] : []), ...(isCampaignNew ? [campaign] : [])]
}

const RANDOM_LENGTH = 16

/** A ULID, lower case: ten characters of time, sixteen drawn. */
function eventId(at: number, core: Core): string {
  let time = ''
  for (let left = at, i = 0; i < 10; i++, left = Math.floor(left / 32)) time = CROCKFORD[left % 32] + time
  return time + core.random.text(RANDOM_LENGTH, CROCKFORD)
}

/** UTC without zone, nanoseconds. */
function timestamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}000000`
}

/** Lower-case hex HMAC-SHA1 of the raw body. */
export function signature(secret: string, body: string): string {
  return createHmac('sha1', secret).update(body).digest('hex')
}

function told(url: string, members: Record<string, unknown>): Delivery {
  const headers = { 'content-type': 'application/json' }
  return { dialect: DIALECT, url, method: 'POST', headers, body: JSON.stringify(members) }
}

/** Each state that an order comes to, but the first. */
export async function orderUpdated(event: CoreEvent, core: Core): Promise<Delivery[]> {
  const order = event.data as unknown as Order
  if (order.dialect !== DIALECT || !order.callbackUrl || order.status === 'accepted') return []
  const account = await core.accounts.get(event.accountId)
  const members = {
    eventId: eventId(event.at, core),
    timestamp: timestamp(event.at),
    projectId: account?.guid ?? '',
    resourceId: ulidOf(order.guid),
    resourceType: 'NUMBER_ORDER',
    eventType: 'NUMBER_ORDER_PROCESSING',
    status: stateOf(order, event.at),
    failureCode: order.failed.some(({ reason }) => reason === 'funds') ? 'INSUFFICIENT_BALANCE' : null,
    internalFailureCode: null,
  }
  return [told(order.callbackUrl, members)]
}

export async function provisioned(event: CoreEvent, core: Core): Promise<Delivery[]> {
  const data = event.data as unknown as Provisioned
  const url = data.settings[DIALECT]?.callbackUrl
  if (data.dialect !== DIALECT || !url) return []
  const account = await core.accounts.get(event.accountId)
  const hasFailed = data.outcome === 'failed'
  return eventTypes(data).map(eventType => {
    const isVoice = eventType === 'PROVISIONING_TO_VOICE_PLATFORM'
    return told(url, {
      eventId: eventId(event.at, core),
      timestamp: timestamp(event.at),
      projectId: account?.guid ?? '',
      resourceId: data.e164,
      resourceType: 'ACTIVE_NUMBER',
      eventType,
      status: hasFailed ? 'FAILED' : 'SUCCEEDED',
      failureCode: hasFailed && isVoice ? 'PROVISIONING_TO_VOICE_PLATFORM_FAILED' : null,
      internalFailureCode: null,
    })
  })
}

/** By the project's secret of the moment: repetitions too. */
export async function sign({ accountId, body }: Delivery & { accountId: number }, core: Core) {
  return { 'x-sinch-signature': signature(await core.callbackSecrets.get(accountId, DIALECT), body) }
}
