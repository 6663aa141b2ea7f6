import type { JsonObject, Owned, Provisioning } from '../../core/ground/model.ts'

export interface Sms {
  servicePlanId: string
  campaignId: string
}

export const VOICE_TYPES = ['RTC', 'EST', 'FAX'] as const
export type VoiceType = (typeof VOICE_TYPES)[number]

/** The id's key is that of the type. */
export interface Voice {
  type: VoiceType
  id: string
}

export const VOICE_KEYS: Record<VoiceType, 'appId' | 'trunkId' | 'serviceId'> = {
  RTC: 'appId',
  EST: 'trunkId',
  FAX: 'serviceId',
}

export interface Settings {
  displayName: string
  callbackUrl: string
  sms: Sms
  voice: Voice
  voiceUpdatedAt: number | null
  emergencyAddress: JsonObject | null
}

export function settingsOf({ settings }: Pick<Owned, 'settings'>): Settings {
  const stored = settings as unknown as Partial<Settings>
  return {
    displayName: stored.displayName ?? '',
    callbackUrl: stored.callbackUrl ?? '',
    sms: stored.sms ?? { servicePlanId: '', campaignId: '' },
    voice: stored.voice ?? { type: 'RTC', id: '' },
    voiceUpdatedAt: stored.voiceUpdatedAt ?? null,
    emergencyAddress: stored.emergencyAddress ?? null,
  }
}

/** Over what is stored, so that what the core keeps beside it stays. */
export function stored({ settings }: Owned, change: Partial<Settings>): JsonObject {
  return { ...settings, ...(JSON.parse(JSON.stringify(change)) as JsonObject) }
}

export function scheduledOf(list: readonly Provisioning[], leaseId: number, service: 'sms' | 'voice') {
  return list.find(each => each.leaseId === leaseId && each.service === service)
}
