import { nanpParts } from '../../core/ground/e164.ts'
import type { JsonObject, Owned } from '../../core/ground/model.ts'

export interface VoiceSettings {
  url: string | null
  method: string | null
  fallback_url: string | null
  fallback_method: string | null
  application_sid: string | null
}

export interface SmsSettings {
  url: string | null
  method: string | null
  application_sid: string | null
}

export interface Configuration {
  status_callback_url: string | null
  status_callback_method: string | null
  voice: VoiceSettings
  sms: SmsSettings
}

export interface Settings {
  /** Null: the default. */
  friendlyName: string | null
  configuration: Configuration
}

export const EMPTY: Settings = {
  friendlyName: null,
  configuration: {
    status_callback_url: null,
    status_callback_method: null,
    voice: { url: null, method: null, fallback_url: null, fallback_method: null, application_sid: null },
    sms: { url: null, method: null, application_sid: null },
  },
}

export function settingsOf({ settings }: Pick<Owned, 'settings'>): Settings {
  const stored = settings as unknown as Partial<Settings>
  return { friendlyName: stored.friendlyName ?? null, configuration: stored.configuration ?? EMPTY.configuration }
}

export function stored(settings: Settings): JsonObject {
  // beside it, so that lists can be filtered by it
  const voiceApplicationSid = settings.configuration.voice.application_sid
  return JSON.parse(JSON.stringify({ ...settings, voiceApplicationSid })) as JsonObject
}

/** "(555) 123-1212" in the North American plan, elsewhere the E.164 text itself. */
export function formattedNumber(e164: string): string {
  const parts = nanpParts(e164)
  return parts ? `(${parts.npa}) ${parts.nxx}-${e164.slice(-4)}` : e164
}
