import type { Capability, NumberType } from '../../core/model.ts'
import { table } from '../kit/table.ts'

export const DIALECT = 'sinch'

export const TYPES = ['MOBILE', 'LOCAL', 'TOLL_FREE'] as const
export type TypeWord = (typeof TYPES)[number]

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

const CAPABILITIES = table<Capability>({ SMS: 'sms', VOICE: 'voice' })

export function capabilityOf(word: string): Capability | undefined {
  return CAPABILITIES[word.toUpperCase()]
}

export function capabilityWords(capabilities: readonly Capability[]): string[] {
  return Object.keys(CAPABILITIES).filter(word => capabilities.includes(CAPABILITIES[word] as Capability))
}

/** A page token survives an unescaped query: only `[A-Za-z0-9_-]`. It is bound to the filters it was made for. */
export function pageToken(offset: number, binding: string): string {
  return Buffer.from(JSON.stringify([offset, digest(binding)])).toString('base64url')
}

/** Undefined: malformed, or of another list. */
export function offsetOf(token: string, binding: string): number | undefined {
  try {
    const [offset, bound] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[]
    return bound === digest(binding) && Number.isSafeInteger(offset) && Number(offset) >= 0 ? Number(offset) : undefined
  } catch {
    return undefined
  }
}

/** Short and stable; nothing secret hangs on it. */
function digest(text: string): number {
  let hash = 7
  for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) >>> 0
  return hash
}
