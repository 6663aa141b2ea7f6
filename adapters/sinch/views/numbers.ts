import type { Account, Owned, PhoneNumber, Provisioning } from '../../../core/ground/model.ts'
import { twoDecimals } from '../../kit/money-text.ts'
import { capabilityWords, typeWord } from '../ids.ts'
import { type Sms, scheduledOf, settingsOf, VOICE_KEYS, type Voice } from '../settings.ts'

export const PAYMENT_INTERVAL_MONTHS = 1

export const money = (currencyCode: string, micros: number) => ({ currencyCode, amount: twoDecimals(micros) })
export const time = (at: number) => new Date(at).toISOString()
export const timeOrNull = (at: number | null) => (at === null ? null : time(at))

export function availableView(number: PhoneNumber) {
  return {
    phoneNumber: number.e164,
    regionCode: number.country,
    type: typeWord(number.type),
    capability: capabilityWords(number.capabilities),
    setupPrice: money(number.currency, number.setupPrice),
    monthlyPrice: money(number.currency, number.monthlyPrice),
    paymentIntervalMonths: PAYMENT_INTERVAL_MONTHS,
    supportingDocumentationRequired: number.requiredDocuments.length > 0,
  }
}

function statusOf({ status }: Provisioning): 'WAITING' | 'FAILED' {
  return status === 'failed' ? 'FAILED' : 'WAITING'
}

function scheduledSms(provisioning: Provisioning | undefined) {
  if (!provisioning) return null
  const { servicePlanId, campaignId } = provisioning.value as unknown as Sms
  const status = statusOf(provisioning)
  const errorCodes = status === 'FAILED' ? ['SMS_PROVISIONING_FAILED'] : []
  return { servicePlanId, campaignId, status, lastUpdatedTime: time(provisioning.updatedAt), errorCodes }
}

function scheduledVoice(provisioning: Provisioning | undefined) {
  if (!provisioning) return null
  const { type, id } = provisioning.value as unknown as Voice
  return { type, [VOICE_KEYS[type]]: id, status: statusOf(provisioning), lastUpdatedTime: time(provisioning.updatedAt) }
}

/** Unset texts are empty, unset dates and schedules null. */
export function activeView(owned: Owned, account: Account, provisionings: readonly Provisioning[]) {
  const { number, lease, subscription } = owned
  const { displayName, callbackUrl, sms, voice, voiceUpdatedAt } = settingsOf(owned)
  return {
    phoneNumber: number.e164,
    projectId: account.guid,
    displayName,
    regionCode: number.country,
    type: typeWord(number.type),
    capability: capabilityWords(number.capabilities),
    money: money(subscription.currency, subscription.amount),
    paymentIntervalMonths: PAYMENT_INTERVAL_MONTHS,
    nextChargeDate: time(subscription.paidUntil),
    expireAt: timeOrNull(lease.endsAt),
    smsConfiguration: {
      ...sms,
      scheduledProvisioning: scheduledSms(scheduledOf(provisionings, lease.id, 'sms')),
    },
    voiceConfiguration: {
      type: voice.type,
      [VOICE_KEYS[voice.type]]: voice.id,
      lastUpdatedTime: timeOrNull(voiceUpdatedAt),
      scheduledVoiceProvisioning: scheduledVoice(scheduledOf(provisionings, lease.id, 'voice')),
    },
    callbackUrl,
  }
}
