import { connect, type Socket } from 'node:net'
import { processorMs } from './processes.ts'

/** A request as it goes over the wire; one client sends its own again and again. */
export interface Shot {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string
}

export interface Load {
  port: number
  /** Process that answers: its own processor time is measured. */
  pid?: number | undefined
  connections: number
  /** Ends by time or by count, whichever comes first. */
  seconds: number
  requests?: number
  /** The n-th request; undefined ends the run. */
  shot(n: number): Shot | undefined
  /** Throws for an answer that is not the expected one. Checked on the first answers of every connection. */
  check?(status: number, text: string): void
}

export interface Result {
  requests: number
  seconds: number
  perSecond: number
  p50: number
  p99: number
  bytes: number
  /** Processor time of the server per request, in microseconds; the client's counts nowhere. */
  processorMicros?: number
  /** Answers by status. */
  statuses: Record<number, number>
}

function encode({ method, path, headers = {}, body = '' }: Shot): Buffer {
  const length = body === '' && method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const lines = Object.entries({ host: '127.0.0.1', ...headers, ...length }).map(([k, v]) => `${k}: ${v}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

const HEAD_END = Buffer.from('\r\n\r\n')
const CHUNKED_END = Buffer.from('0\r\n\r\n')

interface Answer {
  status: number
  bytes: number
  text: string
}

/** Reads one answer after the other from a socket; keeps the text only where it is asked for. */
function answerReader(socket: Socket) {
  let head = Buffer.alloc(0)
  let body: Buffer[] = []
  let status = 0
  let left = -1
  let chunked = false
  let received = 0
  let keep = false
  let done: (answer: Answer) => void = () => {}

  const finish = () => {
    const answer = { status, bytes: received, text: keep ? Buffer.concat(body).toString('latin1') : '' }
    head = Buffer.alloc(0)
    body = []
    left = -1
    received = 0
    done(answer)
  }
  const onBody = (chunk: Buffer) => {
    received += chunk.length
    if (keep) body.push(chunk)
    if (chunked) {
      if (chunk.subarray(-CHUNKED_END.length).equals(CHUNKED_END)) finish()
      return
    }
    left -= chunk.length
    if (left <= 0) finish()
  }
  socket.on('data', chunk => {
    if (left >= 0 || (chunked && head.length > 0 && status !== 0)) return onBody(chunk)
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    const end = head.indexOf(HEAD_END)
    if (end < 0) return
    const text = head.subarray(0, end).toString('latin1')
    status = Number(text.slice(9, 12))
    chunked = /\r\ntransfer-encoding: chunked/i.test(text)
    left = chunked ? -1 : Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0)
    const rest = head.subarray(end + HEAD_END.length)
    if (rest.length > 0 || left === 0) onBody(rest)
  })
  return {
    next: (bytes: Buffer, wantText: boolean) =>
      new Promise<Answer>(resolve => {
        done = resolve
        keep = wantText
        status = 0
        socket.write(bytes)
      }),
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Closed loop: every connection sends its next request when the last one is answered. */
export async function run(load: Load): Promise<Result> {
  const latencies: number[] = []
  const statuses: Record<number, number> = {}
  let bytes = 0
  let sent = 0
  const sockets = await Promise.all(Array.from({ length: load.connections }, () => open(load.port)))
  const before = load.pid === undefined ? 0 : processorMs(load.pid)
  const startedAt = performance.now()
  const endsAt = startedAt + load.seconds * 1000
  const one = async (socket: Socket) => {
    const reader = answerReader(socket)
    for (let n = 0; performance.now() < endsAt && sent < (load.requests ?? Number.POSITIVE_INFINITY); n++) {
      const shot = load.shot(sent++)
      if (!shot) break
      const at = performance.now()
      const answer = await reader.next(encode(shot), load.check !== undefined && n < 2)
      latencies.push(performance.now() - at)
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
      bytes += answer.bytes
      if (n < 2) load.check?.(answer.status, answer.text)
    }
    socket.destroy()
  }
  await Promise.all(sockets.map(one))
  const seconds = (performance.now() - startedAt) / 1000
  const spent = load.pid === undefined ? undefined : processorMs(load.pid) - before
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return {
    requests: latencies.length,
    seconds,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    bytes,
    ...(spent !== undefined && { processorMicros: (spent * 1000) / latencies.length }),
    statuses,
  }
}
