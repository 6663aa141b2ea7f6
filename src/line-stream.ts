import { write as writeFile } from 'node:fs'

/** Where log lines go. Whatever becomes of them there, nobody waits for it, and nothing ends by it. */
export interface LineStream {
  write(line: string): void
  /** Lines that could not be written: a full disk, a reader that is gone or does not read. */
  lost(): number
}

/** What is kept for a reader that is slow. */
const MAX_BYTES = 1_048_576
const RETRY_MS = 100
/** Nobody reads at the moment. */
const LATER = new Set(['EAGAIN', 'EINTR'])

const STDERR = 2

export function createLineStream(fd: number = STDERR, write = writeFile): LineStream {
  // a pipe that has been looked at once by Node answers EAGAIN when it is full, instead of holding a thread
  if (fd === STDERR) void process.stderr
  let waiting: string[] = []
  let [bytes, lost] = [0, 0]
  let isWriting = false
  let isTorn = false
  const next = () => {
    isWriting = waiting.length > 0
    if (!isWriting) return
    const lines = waiting
    ;[waiting, bytes] = [[], 0]
    // what follows half a line stands on a line of its own
    send(Buffer.from((isTorn ? '\n' : '') + lines.join('')), lines.length)
  }
  const send = (chunk: Buffer, lines: number) => {
    write(fd, chunk, 0, chunk.length, null, (error, written) => {
      if (error && LATER.has(String(error.code))) {
        setTimeout(() => send(chunk, lines), RETRY_MS).unref()
      } else if (error) {
        lost += lines
        next()
      } else {
        isTorn = chunk[written - 1] !== NEWLINE
        if (written < chunk.length) send(chunk.subarray(written), lines)
        else next()
      }
    })
  }
  return {
    write(line) {
      if (bytes + line.length > MAX_BYTES) {
        lost++
        return
      }
      waiting.push(line)
      bytes += line.length
      if (!isWriting) next()
    },
    lost: () => lost,
  }
}

const NEWLINE = 10
