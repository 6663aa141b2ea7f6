import type { NumberType } from '../../core/ground/model.ts'
import { table } from '../kit/table.ts'

export const DIALECT = 'cm'

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000'

export function isGuid(text: string): boolean {
  return GUID.test(text)
}

/** CM's words for kinds of numbers; MOBILE is not sold this way. */
export const TYPE_WORDS = ['LOCAL', 'NATIONAL', 'TOLLFREE'] as const
export type TypeWord = (typeof TYPE_WORDS)[number]

const TYPES = table<NumberType>({ LOCAL: 'local', NATIONAL: 'national', TOLLFREE: 'toll_free' } satisfies Record<
  TypeWord,
  NumberType
>)
const WORDS: Partial<Record<NumberType, TypeWord>> = { local: 'LOCAL', national: 'NATIONAL', toll_free: 'TOLLFREE' }

/** Any case; `TOLL_FREE` is accepted too. */
export function typeOf(word: string): NumberType | undefined {
  return TYPES[word.toUpperCase().replace('_', '')]
}

export function typeWord(type: NumberType): TypeWord | undefined {
  return WORDS[type]
}
