import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Random } from '../verbs.ts'

function fromBytes(bytes: (n: number) => Uint8Array): Random {
  return {
    bytes,
    guid() {
      const raw = Uint8Array.from(bytes(16))
      raw[6] = ((raw[6] as number) & 0x0f) | 0x40
      raw[8] = ((raw[8] as number) & 0x3f) | 0x80
      const hex = Buffer.from(raw.buffer).toString('hex')
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
    },
    text(n, alphabet) {
      // 16 bits per character keep the bias of the remainder below one in a thousand
      const raw = Buffer.from(bytes(n * 2))
      return Array.from({ length: n }, (_, i) => alphabet[raw.readUInt16LE(i * 2) % alphabet.length]).join('')
    },
  }
}

export function systemRandom(): Random {
  // node keeps random bytes ready for these
  return { ...fromBytes(n => randomBytes(n)), guid: () => randomUUID() }
}

/** The same seed draws the same bytes: for tests that compare two runs. Never for secrets. */
export function seededRandom(seed: string): Random {
  let counter = 0
  const block = () => createHash('sha256').update(`${seed}\n${counter++}`).digest()
  return fromBytes(n => {
    if (n <= 32) return block().subarray(0, n)
    const blocks: Buffer[] = []
    while (blocks.length * 32 < n) blocks.push(block())
    return Buffer.concat(blocks).subarray(0, n)
  })
}
