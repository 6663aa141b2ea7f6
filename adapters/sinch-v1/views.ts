import type { Account, NumberType, Owned, PhoneNumber } from '../../core/ground/model.ts'
import { shortestText } from '../kit/money-text.ts'
import { accountSid } from './ids.ts'
import { formattedNumber, settingsOf } from './settings.ts'
import { mmsOf, smsOf, voiceOf } from './ways/capabilities.ts'

export const TYPE_WORDS: Record<NumberType, string> = {
  local: 'local',
  national: 'national',
  mobile: 'mobile',
  toll_free: 'tollfree',
}

/** `any`: an address anywhere, `local`: one inside the number's country. */
export function addressRequirements({ requiredDocuments }: PhoneNumber): 'none' | 'any' | 'local' {
  if (requiredDocuments.includes('localaddress')) return 'local'
  return requiredDocuments.includes('address') ? 'any' : 'none'
}

const orNull = (text: string) => (text === '' ? null : text)

export function availableView(number: PhoneNumber) {
  return {
    phone_number: number.e164,
    type: TYPE_WORDS[number.type],
    base_setup_price: shortestText(number.setupPrice),
    base_recurring_price: shortestText(number.monthlyPrice),
    capabilities: { voice: voiceOf(number), sms: smsOf(number), mms: mmsOf(number) },
    regulatory: { address_requirements: addressRequirements(number) },
    lifecycle: 'generally-available',
    geography: {
      iso_country: number.country,
      lata: number.lata,
      rate_center: number.rateCenter,
      latitude: number.latitude,
      longitude: number.longitude,
      region: orNull(number.region),
      locality: orNull(number.city),
      postal_code: number.postalCode,
    },
  }
}

/** The document mixes camelCase into snake_case here, and tells the callback twice. */
export function activeView(owned: Owned, account: Account) {
  const { friendlyName, configuration } = settingsOf(owned)
  return {
    friendlyName: friendlyName ?? formattedNumber(owned.number.e164),
    accountSid: accountSid(account),
    statusCallback: configuration.status_callback_url,
    statusCallbackMethod: configuration.status_callback_method,
    configuration,
    ...availableView(owned.number),
    // who holds a number keeps the price it was bought at
    base_recurring_price: shortestText(owned.subscription.amount),
  }
}
