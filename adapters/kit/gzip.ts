/**
 * One gzip member (RFC 1952) made of parts, of which the large ones are compressed once and kept: an answer is a frame
 * that differs each time around a body that does not. Each part ends on a byte, so that parts can stand in any order; the
 * check sum of the whole is combined from theirs.
 */
import { promisify } from 'node:util'
import { constants, deflateRaw } from 'node:zlib'

const deflate = promisify(deflateRaw)
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff)
/** The last block, without content. */
const LAST_BLOCK = Uint8Array.of(3, 0)
const POLYNOMIAL = 0xedb88320
const LEVEL = 6

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value
})

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let at = 0; at < bytes.length; at++) crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[at] as number)) & 0xff] as number)
  return (crc ^ 0xffffffff) >>> 0
}

/** A matrix over bits, as what it makes of each single bit. */
type Matrix = readonly number[]

function times(matrix: Matrix, vector: number): number {
  let sum = 0
  for (let bit = 0; vector !== 0; bit++, vector >>>= 1) if (vector & 1) sum ^= matrix[bit] as number
  return sum >>> 0
}

const squared = (matrix: Matrix): Matrix => matrix.map(each => times(matrix, each))
/** What one zero bit does to a check sum. */
const ONE_BIT: Matrix = Array.from({ length: 32 }, (_, bit) => (bit === 0 ? POLYNOMIAL : 2 ** (bit - 1)))

/** The check sum of one text after another: the first one's, moved past the length of the second. */
function combined(first: number, second: number, length: number): number {
  let moved = first
  let matrix = squared(squared(squared(ONE_BIT)))
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) moved = times(matrix, moved)
    matrix = squared(matrix)
  }
  return (moved ^ second) >>> 0
}

interface Part {
  bytes: Uint8Array
  crc: number
  length: number
}

async function compress(plain: Uint8Array): Promise<Part> {
  const bytes = await deflate(plain, { level: LEVEL, finishFlush: constants.Z_FULL_FLUSH })
  return { bytes, crc: crcOf(plain), length: plain.byteLength }
}

/** From here on a part is worth keeping; in bytes. */
const WORTH = 4096

/** Keeps what it has compressed for as long as the bytes themselves are kept. */
export function createGzip() {
  const kept = new WeakMap<Uint8Array, Promise<Part>>()
  const partOf = (plain: Uint8Array): Promise<Part> => {
    const known = kept.get(plain)
    if (known) return known
    const made = compress(plain)
    if (plain.byteLength >= WORTH) kept.set(plain, made)
    return made
  }
  return async function* (pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
    yield HEADER
    let crc = 0
    let length = 0
    for (const piece of pieces) {
      if (piece.byteLength === 0) continue
      const part = await partOf(piece)
      crc = combined(crc, part.crc, part.length)
      length += part.length
      yield part.bytes
    }
    const end = Buffer.alloc(8)
    end.writeUInt32LE(crc, 0)
    end.writeUInt32LE(length % 2 ** 32, 4)
    yield Buffer.concat([LAST_BLOCK, end])
  }
}

const CODING = /^\s*([\w*-]{1,40})\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/i
const MAX_CODINGS = 50

/** RFC 9110, 12.5.3: gzip is welcome, and nothing at all is not preferred to it. */
export function acceptsGzip(header: string | null): boolean {
  const read = (header ?? '').split(',', MAX_CODINGS).map(each => CODING.exec(each))
  const weights = new Map(read.map(found => [found?.[1]?.toLowerCase(), Number(found?.[2] ?? 1)] as const))
  const any = weights.get('*') ?? 0
  const gzip = weights.get('gzip') ?? weights.get('x-gzip') ?? any
  return gzip > 0 && gzip >= (weights.get('identity') ?? 0)
}
