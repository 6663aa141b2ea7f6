/**
 * In which form an answer was asked for by a body that is not read as a whole: too large, not a form, not UTF-8, or sent
 * to an address that is none. A refusal is of use only to who can read it.
 */

/** Bytes of a body that are looked at. */
export const MAX_ASK = 65_536

const NAMES = '(Output|Callback)'
const PATTERNS = [
  new RegExp(`(?:^|&)${NAMES}=([^&]{0,128})(?=&|$)`, 'g'),
  new RegExp(`name="?${NAMES}"?\\r\\n(?:[^\\r\\n]+\\r\\n)*\\r\\n([^\\r\\n]{0,128})\\r\\n`, 'g'),
  new RegExp(`"${NAMES}"\\s*:\\s*"([^"\\\\]{0,128})"`, 'g'),
]

/** Of two with the same name the last wins. */
export function askedIn(bytes: Uint8Array): Readonly<Record<string, string>> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, MAX_ASK)).toString('latin1')
  const found = PATTERNS.map(pattern => [...text.matchAll(pattern)]).find(matches => matches.length > 0) ?? []
  return Object.fromEntries(found.map(([, name, value]) => [name as string, value as string]))
}
