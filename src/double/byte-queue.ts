/**
 * Bytes that are forgotten in the order they came. They lie outside of the heap: kept on it, each would be copied about
 * by the collector before it is forgotten, which costs every request more than the keeping.
 */
export interface Chunk {
  bytes: Buffer
  used: number
  /** Rows that lie in it. */
  rows: number
}

export interface ByteQueue {
  /** Takes in one row of at most so many bytes, which the caller writes behind `used`. */
  take(most: number): Chunk
  /** The oldest row of this chunk is forgotten. */
  drop(chunk: Chunk): void
}

/** A world of which nobody asks much takes little. */
const [SMALLEST, LARGEST] = [16_384, 1_048_576]

export function createByteQueue(): ByteQueue {
  let current: Chunk | undefined
  let spare: Chunk | undefined
  const next = (most: number): Chunk => {
    const usual = Math.min(LARGEST, (current?.bytes.byteLength ?? SMALLEST / 2) * 2)
    const reused = spare
    if (reused && reused.bytes.byteLength >= most) {
      spare = undefined
      return reused
    }
    return { bytes: Buffer.allocUnsafeSlow(Math.max(most, usual)), used: 0, rows: 0 }
  }
  return {
    take(most) {
      if (!current || current.bytes.byteLength - current.used < most) current = next(most)
      current.rows++
      return current
    },
    drop(chunk) {
      if (--chunk.rows > 0) return
      chunk.used = 0
      if (chunk !== current && chunk.bytes.byteLength === LARGEST) spare = chunk
    },
  }
}
