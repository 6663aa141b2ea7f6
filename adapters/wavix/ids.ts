import { digitsOf, toE164 } from '../../core/ground/e164.ts'
import type { DocumentType } from '../../core/ground/model.ts'

export const DIALECT = 'wavix'

/** Before it is bought, a number's id is the number itself. */
export function numberId(e164: string): number {
  return Number(digitsOf(e164))
}

/** Digits, with `+` and spaces as clients send them; undefined: no number. */
export function numberOf(text: string): string | undefined {
  return toE164(text)
}

/** The catalogue of papers; the ids are Wavix's. */
export const DOC_TYPES = [
  { id: 1, name: 'id', title: 'Any form of ID' },
  { id: 2, name: 'address', title: 'Proof of address' },
  { id: 3, name: 'localaddress', title: 'Proof of local address' },
] as const satisfies readonly { id: number; name: DocumentType; title: string }[]

const TYPE_IDS: Record<DocumentType, number> = { id: 1, address: 2, localaddress: 3 }

export function docTypeId(type: DocumentType): number {
  return TYPE_IDS[type]
}

/** Older clients name a type of paper by its id, the newest by its name. */
export function docTypeOf(text: string): DocumentType | undefined {
  return DOC_TYPES.find(({ id, name }) => text === String(id) || text === name)?.name
}
