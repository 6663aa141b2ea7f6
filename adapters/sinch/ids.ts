import type { Capability, NumberType } from '../../core/ground/model.ts'

export const DIALECT = 'sinch'

export const TYPES = ['MOBILE', 'LOCAL', 'TOLL_FREE'] as const
export type TypeWord = (typeof TYPES)[number]

/** Of number orders. */
export const STATES = ['CREATED', 'IN_REVIEW', 'BLOCKED', 'COMPLETED', 'REJECTED', 'EXPIRED'] as const
export type State = (typeof STATES)[number]

/** National numbers are sold as local ones: the provider knows three types. */
const TYPE_WORDS: Record<NumberType, TypeWord> = {
  local: 'LOCAL',
  national: 'LOCAL',
  mobile: 'MOBILE',
  toll_free: 'TOLL_FREE',
}

export function typeWord(type: NumberType): TypeWord {
  return TYPE_WORDS[type]
}

export function typesOf(word: TypeWord): NumberType[] {
  return (Object.keys(TYPE_WORDS) as NumberType[]).filter(type => TYPE_WORDS[type] === word)
}

const CAPABILITIES = new Map<string, Capability>([
  ['SMS', 'sms'],
  ['VOICE', 'voice'],
])

export function capabilityOf(word: string): Capability | undefined {
  return CAPABILITIES.get(word.toUpperCase())
}

export function capabilityWords(capabilities: readonly Capability[]): string[] {
  return [...CAPABILITIES].flatMap(([word, capability]) => (capabilities.includes(capability) ? [word] : []))
}
