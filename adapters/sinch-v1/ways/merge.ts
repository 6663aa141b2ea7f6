import { Fault } from '../../../core/ground/fault.ts'
import type { CallbackProblem } from '../../kit/callback-rules.ts'
import { refuse } from '../fields.ts'
import { type Configuration, EMPTY, type Settings, type SmsSettings, type VoiceSettings } from '../settings.ts'

type Sent = Record<string, unknown>

function objectOf(field: string, value: unknown): Sent {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Sent) : refuse(field)
}

type Read = (field: string, sent: unknown, kept: string | null) => string | null

/** Absent keeps; null and, as forms clear, an empty text clear; text sets. */
function text(most: number): Read {
  return (field, sent, kept) => {
    if (sent === undefined) return kept
    if (sent === null || sent === '') return null
    return typeof sent === 'string' && sent.length <= most ? sent : refuse(field)
  }
}

const MAX_URL = 2048
const url = text(MAX_URL)
const applicationSid = text(64)
const name = text(64)
const word = text(10)

/** Any case; kept upper-case. */
const method: Read = (field, sent, kept) => {
  const wanted = word(field, sent, kept)?.toUpperCase() ?? null
  return wanted === null || wanted === 'POST' || wanted === 'GET' ? wanted : refuse(field)
}

/** POST where a URL is set and no method was given. */
function defaulted(address: string | null, wanted: string | null): string | null {
  return address !== null && wanted === null ? 'POST' : wanted
}

function voice(at: string, sent: unknown, kept: VoiceSettings): VoiceSettings {
  if (sent === undefined) return kept
  if (sent === null) return EMPTY.configuration.voice
  const block = objectOf(at, sent)
  const read = (member: keyof VoiceSettings, by: Read) => by(`${at}.${member}`, block[member], kept[member])
  const main = read('url', url)
  const fallback = read('fallback_url', url)
  return {
    url: main,
    method: defaulted(main, read('method', method)),
    fallback_url: fallback,
    fallback_method: defaulted(fallback, read('fallback_method', method)),
    application_sid: read('application_sid', applicationSid),
  }
}

function sms(at: string, sent: unknown, kept: SmsSettings): SmsSettings {
  if (sent === undefined) return kept
  if (sent === null) return EMPTY.configuration.sms
  const block = objectOf(at, sent)
  const read = (member: keyof SmsSettings, by: Read) => by(`${at}.${member}`, block[member], kept[member])
  const main = read('url', url)
  return {
    url: main,
    method: defaulted(main, read('method', method)),
    application_sid: read('application_sid', applicationSid),
  }
}

/**
 * A configuration as sent, over the one there is; `at` says where it stands, for refusals. Its callback is taken from
 * `callback`, which may have been told in another place too. Faults: invalid_input; then nothing was merged.
 */
function mergedAt(at: string, block: Sent, kept: Configuration, callback: Callback): Configuration {
  return {
    status_callback_url: callback.url,
    status_callback_method: defaulted(callback.url, callback.method),
    voice: voice(`${at}voice`, block.voice, kept.voice),
    sms: sms(`${at}sms`, block.sms, kept.sms),
  }
}

/** The body of a purchase is nothing but a configuration. */
export function mergedConfiguration(sent: unknown, kept: Configuration): Configuration {
  const block = objectOf('', sent)
  const callback = {
    url: url('status_callback_url', block.status_callback_url, kept.status_callback_url),
    method: method('status_callback_method', block.status_callback_method, kept.status_callback_method),
  }
  return mergedAt('', block, kept, callback)
}

interface Callback {
  url: string | null
  method: string | null
}

/** What API explorers put where nothing was filled in. */
const PLACEHOLDER = 'string'

/**
 * One value that an object tells in two places. A client that changes one of them sends the other back as it read it, so
 * what differs from what is stored counts, wherever it stands. Faults: invalid_input (both differ, and contradict).
 */
function toldTwice(
  by: Read,
  kept: string | null,
  top: readonly [string, unknown],
  inner: readonly [string, unknown],
): string | null {
  const [atTop, inside] = [by(...top, kept), by(...inner, kept)]
  if (atTop === kept || atTop === inside) return inside
  if (inside === kept) return atTop
  const message = 'contradict each other'
  const issues = [top, inner].map(([field]) => ({ field, problem: 'conflict' as const, message }))
  throw new Fault('invalid_input', { issues })
}

const CLEARED = { status_callback_url: null, status_callback_method: null, voice: null, sms: null }

/** The whole configuration, and the callback that stands beside it as well. */
function configurationOf(sent: Sent, kept: Configuration): Configuration {
  const block = sent.configuration === null ? CLEARED : objectOf('configuration', sent.configuration ?? {})
  const isBeside = typeof sent.configuration === 'object' && sent.configuration !== null
  const told = (value: unknown) => (isBeside && value === PLACEHOLDER ? undefined : value)
  const callback = {
    url: toldTwice(
      url,
      kept.status_callback_url,
      ['statusCallback', told(sent.statusCallback)],
      ['configuration.status_callback_url', block.status_callback_url],
    ),
    method: toldTwice(
      method,
      kept.status_callback_method,
      ['statusCallbackMethod', told(sent.statusCallbackMethod)],
      ['configuration.status_callback_method', block.status_callback_method],
    ),
  }
  return mergedAt('configuration.', block, kept, callback)
}

/** An ActiveNumber as sent back, over what there is: read-only and unknown members are ignored. */
export function mergedSettings(body: unknown, kept: Settings, accountSid: string): Settings {
  const sent = objectOf('body', body)
  if (sent.accountSid && sent.accountSid !== accountSid) refuse('accountSid')
  return {
    friendlyName: name('friendlyName', sent.friendlyName, kept.friendlyName),
    configuration: configurationOf(sent, kept.configuration),
  }
}

/** What is called must be callable; what stands there already may stay. Faults: invalid_input. */
export function checkCallback(merged: Configuration, kept: Configuration, problemOf: CallbackProblem): void {
  const url = merged.status_callback_url
  if (url === null || url === kept.status_callback_url) return
  const problem = problemOf(url, { schemeOptional: true, maxLength: MAX_URL })
  if (problem !== undefined) refuse('status_callback_url', problem)
}
