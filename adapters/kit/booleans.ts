/** Words that a provider takes for yes and no, in lower case. */
export interface BooleanWords {
  yes: readonly string[]
  no: readonly string[]
}

/** What nearly all of them know. */
export const TRUE_OR_ONE: BooleanWords = { yes: ['true', '1'], no: ['false', '0'] }

/**
 * The one reader of booleans. Words count in any case, because Python's HTTP clients send `True`. Undefined: neither
 * yes nor no.
 */
export function readBoolean(value: unknown, { yes, no }: BooleanWords = TRUE_OR_ONE): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const word = String(value).toLowerCase()
  if (yes.includes(word)) return true
  return no.includes(word) ? false : undefined
}
