import { table } from '../../kit/table.ts'
import type { TypeWord } from '../ids.ts'

// What CM's support staff know by heart, as data. Not published; the documentation says only what must be told.

export interface Restrictions {
  minQuantity: number
  maxQuantity: number
  allowedRangeSizes: number[]
}

const MAX_QUANTITY = 1000

/** Ranges come in tens and hundreds; toll-free numbers come one by one. */
export function restrictionsOf(_country: string, type: TypeWord): Restrictions {
  const allowedRangeSizes = type === 'TOLLFREE' ? [] : [10, 100]
  return { minQuantity: 1, maxQuantity: MAX_QUANTITY, allowedRangeSizes }
}

/** 1: a document, 2: a demand on the company, 3: a demand on the request. */
export interface Requirement {
  id: number
  type: 1 | 2 | 3
  description: string
  phoneNumberTypes: TypeWord[]
}

export const ADDRESS_IN_REGION = 'Company address must be in requested prefix region'

const REQUIREMENTS = table<Requirement[]>({
  AR: [{ id: 2, type: 1, description: 'Copy of an identity document', phoneNumberTypes: ['LOCAL'] }],
  DE: [{ id: 1, type: 3, description: ADDRESS_IN_REGION, phoneNumberTypes: ['LOCAL'] }],
})

export function requirementsOf(country: string): Requirement[] {
  return REQUIREMENTS[country] ?? []
}

const REQUIRED_FIELDS = table<{ name: string; description: string }[]>({
  DE: [{ name: 'vatNumber', description: 'VAT identification number' }],
  IN: [{ name: 'gstin', description: 'Goods and services tax identification number' }],
})

export function requiredFieldsOf(country: string): { name: string; description: string }[] {
  return REQUIRED_FIELDS[country] ?? []
}

/** Countries of the North American plan, country code 1: a request names the region. */
const NANPA = new Set('US CA PR DO JM BS BB AI AG VG VI KY BM GD TC MS MP GU AS SX LC DM VC TT KN'.split(' '))

export function isNanpa(country: string): boolean {
  return NANPA.has(country)
}
