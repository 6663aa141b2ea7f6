/** ITU-T E.164: `+`, then up to 15 digits that do not begin with zero. Service numbers may be as short as 6 digits. */
const E164 = /^\+[1-9]\d{5,14}$/

export function isE164(text: string): boolean {
  return E164.test(text)
}

/** Digits, with or without `+` and spaces, to E.164; undefined when they cannot be one. */
export function toE164(text: string): string | undefined {
  const e164 = `+${text.replace(/[\s+]/g, '')}`
  return isE164(e164) ? e164 : undefined
}

export function digitsOf(e164: string): string {
  return e164.slice(1)
}

export function reversed(e164: string): string {
  return [...e164.slice(1)].reverse().join('')
}

/** NPA and NXX of a number of the North American plan: `+1 NPA NXX XXXX`; undefined elsewhere. */
export function nanpParts(e164: string): { npa: string; nxx: string } | undefined {
  const match = /^\+1([2-9]\d\d)([2-9]\d\d)\d{4}$/.exec(e164)
  return match ? { npa: match[1] as string, nxx: match[2] as string } : undefined
}
