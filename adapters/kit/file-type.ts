/** First bytes of files that can be looked at: a file is what it contains, whatever it is called. */
const SIGNATURES: readonly [type: string, hex: string][] = [
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ff'],
  ['image/tiff', '49492a00'],
  ['image/tiff', '4d4d002a'],
  ['image/bmp', '424d'],
  ['application/pdf', '25504446'],
]

export const FILE_TYPES: readonly string[] = [...new Set(SIGNATURES.map(([type]) => type))]

/** One of `FILE_TYPES`, or nothing that anybody could look at. */
export function typeByContent(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('hex')
  return SIGNATURES.find(([, hex]) => head.startsWith(hex))?.[0]
}
