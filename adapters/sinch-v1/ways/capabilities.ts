import type { NumberType, PhoneNumber } from '../../../core/ground/model.ts'
import { table } from '../../kit/table.ts'

/** What the core does not know of a number follows from its type and capabilities: documented defaults. */
export interface VoiceCapabilities {
  inbound_connectivity: boolean
  outbound_connectivity: boolean
  e911: boolean
  sip_trunking: boolean
  calls_per_second: number
  concurrent_calls_limit: number
  inbound_called_dtmf: boolean
  inbound_caller_dtmf: boolean
  inbound_caller_id_preservation: string
  inbound_reachability: string
}

const REACHABILITY: Record<NumberType, string> = {
  local: 'Global',
  national: 'Domestic',
  mobile: 'Global',
  toll_free: 'Domestic',
}

const CALLS_PER_SECOND = 1
const INBOUND_MPS = 1

export function voiceOf({ capabilities, channels, type }: PhoneNumber): VoiceCapabilities | null {
  if (!capabilities.includes('voice')) return null
  return {
    inbound_connectivity: true,
    outbound_connectivity: true,
    e911: capabilities.includes('e911'),
    sip_trunking: true,
    calls_per_second: CALLS_PER_SECOND,
    concurrent_calls_limit: channels,
    inbound_called_dtmf: true,
    inbound_caller_dtmf: true,
    inbound_caller_id_preservation: 'International',
    inbound_reachability: REACHABILITY[type],
  }
}

export function smsOf({ capabilities, type }: PhoneNumber) {
  if (!capabilities.includes('sms')) return null
  return {
    inbound_connectivity: true,
    outbound_connectivity: true,
    gsm7: true,
    ucs2: true,
    gsm7_concatenation: true,
    ucs2_concatenation: true,
    inbound_sender_id_preservation: 'International',
    inbound_reachability: REACHABILITY[type],
    inbound_mps: INBOUND_MPS,
  }
}

export function mmsOf({ capabilities, type }: PhoneNumber) {
  if (!capabilities.includes('mms')) return null
  return {
    inbound_connectivity: true,
    outbound_connectivity: true,
    inbound_reachability: REACHABILITY[type],
    inbound_mps: INBOUND_MPS,
  }
}

export const BLOCKS = table<'voice' | 'sms' | 'mms'>({ voice: 'voice', sms: 'sms', mms: 'mms' })

export function reachabilityTypes(word: string): NumberType[] {
  const wanted = word.toLowerCase()
  return (Object.keys(REACHABILITY) as NumberType[]).filter(type => REACHABILITY[type].toLowerCase() === wanted)
}
