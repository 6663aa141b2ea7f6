/** What a client sets on its number, under the names of the JSON answers. */
import { nanpParts } from '../../core/ground/e164.ts'
import type { JsonObject, Owned } from '../../core/ground/model.ts'

/** How each writable field is read. The form's name is the same in PascalCase. */
export const WRITABLE = {
  friendly_name: 'name',
  api_version: 'version',
  voice_url: 'url',
  voice_method: 'method',
  voice_fallback_url: 'url',
  voice_fallback_method: 'method',
  voice_caller_id_lookup: 'flag',
  voice_application_sid: 'text',
  voice_receive_mode: 'mode',
  sms_url: 'url',
  sms_method: 'method',
  sms_fallback_url: 'url',
  sms_fallback_method: 'method',
  sms_application_sid: 'text',
  status_callback: 'url',
  status_callback_method: 'method',
  trunk_sid: 'text',
  identity_sid: 'text',
  address_sid: 'text',
  bundle_sid: 'text',
  emergency_status: 'emergency',
  emergency_address_sid: 'text',
} as const

export type Field = keyof typeof WRITABLE
export type Settings = Partial<Record<Field, string | boolean>>

export function settingsOf({ settings }: Pick<Owned, 'settings'>): Settings {
  return settings as Settings
}

/** What was sent goes over what is stored; an empty text is one like any other, and clears. */
export function merged(stored: Settings, sent: Settings): JsonObject {
  return { ...stored, ...sent }
}

/** "(212) 555-0142" in the North American plan, elsewhere the E.164 text itself. */
export function formattedNumber(e164: string): string {
  const parts = nanpParts(e164)
  return parts ? `(${parts.npa}) ${parts.nxx}-${e164.slice(-4)}` : e164
}

export function friendlyName(owned: Owned): string {
  return (settingsOf(owned).friendly_name as string | undefined) || formattedNumber(owned.number.e164)
}
