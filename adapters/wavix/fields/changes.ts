import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Owned } from '../../../core/ground/model.ts'
import type { LeaseChange, NewRoute } from '../../../core/verbs.ts'
import { isWebUrl } from '../../kit/callback-url.ts'
import { DIALECT } from '../ids.ts'
import { canSms, type Settings, settingsOf, storedSettings } from '../settings.ts'

const isUrl = (text: string) => text === '' || isWebUrl(text)

/** Empty text clears, as null does: the SDKs send it for what was not given. */
const Url = v.nullable(v.pipe(v.string(), v.maxLength(2048), v.check(isUrl)))

/** What PUT and PATCH take on one number or several; absent keys stay, PUT included. */
export const changeFields = {
  call_recording_enabled: v.optional(v.boolean()),
  transcription_enabled: v.optional(v.boolean()),
  transcription_threshold: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(86_400))),
  sms_relay_url: v.optional(Url),
  call_status_url: v.optional(Url),
  sms_enabled: v.optional(v.boolean()),
  destinations: v.optional(v.unknown()),
}

export type Changes = v.InferOutput<v.ObjectSchema<typeof changeFields, undefined>>

/** Faults worded 422: the number cannot do this. */
function unable(owned: Owned, what: string): Fault<'wrong_state'> {
  return new Fault('wrong_state', { what: 'lease', id: String(owned.lease.id), state: what })
}

function changed(settings: Settings, change: Changes): Settings {
  return {
    smsEnabled: change.sms_enabled ?? settings.smsEnabled,
    smsRelayUrl: change.sms_relay_url === undefined ? settings.smsRelayUrl : change.sms_relay_url || null,
    callStatusUrl: change.call_status_url === undefined ? settings.callStatusUrl : change.call_status_url || null,
    callRecording: change.call_recording_enabled ?? settings.callRecording,
    transcription: change.transcription_enabled ?? settings.transcription,
    transcriptionThreshold: change.transcription_threshold ?? settings.transcriptionThreshold,
  }
}

export const NO_SMS = 'sms not supported'
export const SMS_OFF = 'sms not enabled'

/** Faults: wrong_state (no SMS on this number). */
export function leaseChange(owned: Owned, change: Changes, routes: readonly NewRoute[] | undefined): LeaseChange {
  if (change.sms_enabled === true && !canSms(owned.number)) throw unable(owned, NO_SMS)
  const settings = changed(settingsOf(owned), change)
  if (change.sms_relay_url && !settings.smsEnabled) throw unable(owned, SMS_OFF)
  return {
    settings: { dialect: DIALECT, value: { ...owned.settings, ...storedSettings(settings) } },
    ...(routes && { routes }),
  }
}
