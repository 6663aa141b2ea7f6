/**
 * Numbers that are sent back whole with one thing changed. What was read has the member of what is on its way, which no
 * wish has: beside it, what is as it was read is not wished anew, and so ends nothing that is on its way.
 */
import { type Sms, VOICE_KEYS, type Voice } from '../settings.ts'
import { type Configurations, voiceOf } from './numbers.ts'

type SentSms = NonNullable<Configurations['smsConfiguration']>
type SentVoice = NonNullable<Configurations['voiceConfiguration']>

/** What was on its way when it was read. */
const waitingThen = (value: unknown) => (value ?? {}) as Record<string, unknown>

/** Unset members may have been read before what was on its way arrived. */
const isAsRead = (sent: string | undefined, stored: string, then: unknown) =>
  sent === undefined || sent === stored || (sent === '' && then === stored)

/** The members that are wished; undefined when there are none. */
export function wishedSms(sent: SentSms, stored: Sms): SentSms | undefined {
  if (sent.scheduledProvisioning === undefined) return sent
  const then = waitingThen(sent.scheduledProvisioning)
  const members = (['servicePlanId', 'campaignId'] as const).filter(
    member => !isAsRead(sent[member], stored[member], then[member]),
  )
  if (members.length === 0) return undefined
  return Object.fromEntries(members.map(member => [member, sent[member]]))
}

/** A voice is wished as a whole: its id belongs to its type. */
export function wishedVoice(sent: SentVoice, stored: Voice): SentVoice | undefined {
  if (sent.scheduledVoiceProvisioning === undefined) return sent
  const { type, id } = voiceOf(sent)
  const then = waitingThen(sent.scheduledVoiceProvisioning)
  const isSame = type === stored.type && id === stored.id
  const hasArrived = id === '' && then.type === stored.type && then[VOICE_KEYS[stored.type]] === stored.id
  return isSame || hasArrived ? undefined : sent
}
