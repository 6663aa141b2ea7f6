import type { Duplex } from 'node:stream'

interface Refusal {
  status: string
  message: string
}

const BAD: Refusal = { status: '400 Bad Request', message: 'This is not an HTTP request that can be read.' }

/** What the parser of HTTP says, by its code. */
const REFUSALS = new Map<string, Refusal>([
  [
    'HPE_HEADER_OVERFLOW',
    { status: '431 Request Header Fields Too Large', message: 'The address and the headers are too large.' },
  ],
  [
    'HPE_CHUNK_EXTENSIONS_OVERFLOW',
    { status: '413 Payload Too Large', message: 'The chunk extensions are too large.' },
  ],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: '408 Request Timeout', message: 'The request took too long to arrive.' }],
])

/** An answer on this connection that has not begun yet, as Node's own handling of such requests looks at it. */
interface Answering {
  _httpMessage?: { headersSent: boolean } | null
}

/** What cannot be read as HTTP belongs to no dialect: a plain answer, with a body, and the connection ends. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const { _httpMessage: answering } = socket as Duplex & Answering
  // whoever hung up, shook no hands, or is being answered already, is told nothing
  const isSilent = error.code === 'ECONNRESET' || /^ERR_(TLS|SSL)_/.test(error.code ?? '')
  if (isSilent || !socket.writable || answering?.headersSent) {
    socket.destroy()
    return
  }
  const { status, message } = REFUSALS.get(error.code ?? '') ?? BAD
  const body = JSON.stringify({ error: 'bad_request', message })
  const headers = ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`, 'connection: close']
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${body}`)
}
