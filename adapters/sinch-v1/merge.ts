import type { CallbackProblem } from '../kit/callback-url.ts'
import { refuse } from './fields.ts'
import { type Configuration, EMPTY, type Settings, type SmsSettings, type VoiceSettings } from './settings.ts'

type Sent = Record<string, unknown>

function objectOf(field: string, value: unknown): Sent {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Sent) : refuse(field)
}

/** Absent keeps, null clears, text sets. */
function text(field: string, sent: unknown, kept: string | null, most: number): string | null {
  if (sent === undefined) return kept
  if (sent === null) return null
  return typeof sent === 'string' && sent.length > 0 && sent.length <= most ? sent : refuse(field)
}

const MAX_URL = 2048
const MAX_SID = 64
const MAX_NAME = 64

/** Any case; kept upper-case. */
function method(field: string, sent: unknown, kept: string | null): string | null {
  const word = text(field, sent, kept, 10)?.toUpperCase() ?? null
  return word === null || word === 'POST' || word === 'GET' ? word : refuse(field)
}

/** POST where a URL is set and no method was given. */
function defaulted(url: string | null, word: string | null): string | null {
  return url !== null && word === null ? 'POST' : word
}

function voice(sent: unknown, kept: VoiceSettings): VoiceSettings {
  if (sent === undefined) return kept
  if (sent === null) return EMPTY.configuration.voice
  const block = objectOf('voice', sent)
  const url = text('voice.url', block.url, kept.url, MAX_URL)
  const fallback = text('voice.fallback_url', block.fallback_url, kept.fallback_url, MAX_URL)
  return {
    url,
    method: defaulted(url, method('voice.method', block.method, kept.method)),
    fallback_url: fallback,
    fallback_method: defaulted(fallback, method('voice.fallback_method', block.fallback_method, kept.fallback_method)),
    application_sid: text('voice.application_sid', block.application_sid, kept.application_sid, MAX_SID),
  }
}

function sms(sent: unknown, kept: SmsSettings): SmsSettings {
  if (sent === undefined) return kept
  if (sent === null) return EMPTY.configuration.sms
  const block = objectOf('sms', sent)
  const url = text('sms.url', block.url, kept.url, MAX_URL)
  return {
    url,
    method: defaulted(url, method('sms.method', block.method, kept.method)),
    application_sid: text('sms.application_sid', block.application_sid, kept.application_sid, MAX_SID),
  }
}

/** A configuration as sent, over the one there is. Faults: invalid_input; then nothing was merged. */
export function mergedConfiguration(sent: unknown, kept: Configuration): Configuration {
  if (sent === undefined) return kept
  if (sent === null) return EMPTY.configuration
  const block = objectOf('configuration', sent)
  const url = text('status_callback_url', block.status_callback_url, kept.status_callback_url, MAX_URL)
  const word = method('status_callback_method', block.status_callback_method, kept.status_callback_method)
  return {
    status_callback_url: url,
    status_callback_method: defaulted(url, word),
    voice: voice(block.voice, kept.voice),
    sms: sms(block.sms, kept.sms),
  }
}

function friendlyName(sent: unknown, kept: string | null): string | null {
  if (sent === undefined) return kept
  if (sent === null || sent === '') return null
  return typeof sent === 'string' && sent.length <= MAX_NAME ? sent : refuse('friendlyName')
}

/** The callback stands twice in the object; where both are sent and differ, `configuration` wins. */
function withTopLevel(sent: Sent, kept: Configuration): Configuration {
  const url = text('statusCallback', sent.statusCallback, kept.status_callback_url, MAX_URL)
  const word = method('statusCallbackMethod', sent.statusCallbackMethod, kept.status_callback_method)
  return { ...kept, status_callback_url: url, status_callback_method: defaulted(url, word) }
}

/** An ActiveNumber as sent back, over what there is: read-only and unknown members are ignored. */
export function mergedSettings(body: unknown, kept: Settings, accountSid: string): Settings {
  const sent = objectOf('body', body)
  if (typeof sent.accountSid === 'string' && sent.accountSid !== accountSid) refuse('accountSid')
  const configuration = mergedConfiguration(sent.configuration, withTopLevel(sent, kept.configuration))
  return { friendlyName: friendlyName(sent.friendlyName, kept.friendlyName), configuration }
}

/** What is called must be callable; what stands there already may stay. Faults: invalid_input. */
export function checkCallback(merged: Configuration, kept: Configuration, problemOf: CallbackProblem): void {
  const url = merged.status_callback_url
  if (url === null || url === kept.status_callback_url) return
  const problem = problemOf(url, { schemeOptional: true, maxLength: MAX_URL })
  if (problem !== undefined) refuse('status_callback_url', problem)
}
