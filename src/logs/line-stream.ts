import { write as writeFile, writeSync } from 'node:fs'

/**
 * Where log lines go. Whatever becomes of them there, nobody waits for it, and nothing ends by it. They are written in
 * large pieces: what a process that is killed had to say in its last moments is lost, at its own end nothing is.
 */
export interface LineStream {
  write(line: string): void
  /** Lines that could not be written: a full disk, a reader that is gone or does not read. */
  lost(): number
}

/** What is kept for a reader that is slow. */
const MAX_BYTES = 1_048_576
const RETRY_MS = 100
/** What is written at once; less than that waits for company, at most so long. */
const PIECE_BYTES = 65_536
const PIECE_MS = 100
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
  let timer: NodeJS.Timeout | undefined
  const piece = () => {
    const lines = waiting
    ;[waiting, bytes] = [[], 0]
    // what follows half a line stands on a line of its own
    return { chunk: Buffer.from((isTorn ? '\n' : '') + lines.join('')), lines: lines.length }
  }
  const next = () => {
    clearTimeout(timer)
    timer = undefined
    isWriting = waiting.length > 0
    if (!isWriting) return
    const { chunk, lines } = piece()
    send(chunk, lines)
  }
  const soon = () => {
    timer ??= setTimeout(next, PIECE_MS).unref()
  }
  const send = (chunk: Buffer, lines: number) => {
    write(fd, chunk, 0, chunk.length, null, (error, written) => {
      if (error && LATER.has(String(error.code))) {
        setTimeout(() => send(chunk, lines), RETRY_MS).unref()
      } else if (error) {
        lost += lines
        again()
      } else {
        isTorn = chunk[written - 1] !== NEWLINE
        if (written < chunk.length) send(chunk.subarray(written), lines)
        else again()
      }
    })
  }
  const again = () => {
    isWriting = false
    if (bytes >= PIECE_BYTES) next()
    else if (waiting.length > 0) soon()
  }
  // registered with the first line: most streams of a test never have one
  let endsWithProcess = false
  const writeAtEnd = () => {
    if (waiting.length === 0 || isWriting) return
    try {
      writeSync(fd, piece().chunk)
    } catch {
      // nobody is left who could be told
    }
  }
  return {
    write(line) {
      if (bytes + line.length > MAX_BYTES) {
        lost++
        return
      }
      waiting.push(line)
      bytes += line.length
      if (!endsWithProcess) {
        endsWithProcess = true
        process.once('exit', writeAtEnd)
      }
      if (isWriting) return
      if (bytes >= PIECE_BYTES) next()
      else soon()
    },
    lost: () => lost,
  }
}

const NEWLINE = 10
