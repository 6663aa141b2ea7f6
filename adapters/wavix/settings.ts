import type { JsonObject, Owned, PhoneNumber } from '../../core/ground/model.ts'

/** What Wavix clients configure on a number and no other dialect shows. */
export interface Settings {
  smsEnabled: boolean
  smsRelayUrl: string | null
  callStatusUrl: string | null
  callRecording: boolean
  transcription: boolean
  transcriptionThreshold: number
}

/** Inbound SMS exists on US and Canadian numbers only. */
export function sellsSms(country: string): boolean {
  return country === 'US' || country === 'CA'
}

/** The one rule of `sms_enabled`; `text_enabled_only` finds what it says. */
export function canSms({ capabilities, country }: PhoneNumber): boolean {
  return capabilities.includes('sms') && sellsSms(country)
}

const TRANSCRIPTION_SECONDS = 6

export function settingsOf({ settings, number }: Owned): Settings {
  const stored = settings as Partial<Settings>
  return {
    smsEnabled: stored.smsEnabled ?? canSms(number),
    // '' was kept where it came in before it cleared
    smsRelayUrl: stored.smsRelayUrl || null,
    callStatusUrl: stored.callStatusUrl || null,
    callRecording: stored.callRecording ?? false,
    transcription: stored.transcription ?? false,
    transcriptionThreshold: stored.transcriptionThreshold ?? TRANSCRIPTION_SECONDS,
  }
}

export function storedSettings(settings: Settings): JsonObject {
  return { ...settings }
}
