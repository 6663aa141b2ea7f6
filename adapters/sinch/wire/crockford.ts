/** The provider's ids of orders and events are ULIDs in lower case: 128 bits in Crockford's alphabet. */
import { table } from '../../kit/table.ts'

export const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz'

const LENGTH = 26
const VALUES = table(Object.fromEntries([...CROCKFORD].map((letter, value) => [letter, BigInt(value)])))

/** The bits of a guid in that form. */
export function ulidOf(guid: string): string {
  let text = ''
  for (let left = BigInt(`0x${guid.replaceAll('-', '')}`), n = 0; n < LENGTH; n++, left /= 32n) {
    text = (CROCKFORD[Number(left % 32n)] as string) + text
  }
  return text
}

/** Undefined: it stands for no guid. */
export function guidOf(ulid: string): string | undefined {
  let bits = 0n
  for (const letter of ulid.toLowerCase()) {
    const value = VALUES[letter]
    if (value === undefined || ulid.length !== LENGTH) return undefined
    bits = bits * 32n + value
  }
  const hex = bits.toString(16).padStart(32, '0')
  if (ulid.length !== LENGTH || hex.length > 32) return undefined
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
