/** The one way out: every request of a run goes through here, and every answer is kept and judged. */
import { BODILESS } from '../adapters/kit/bodiless.ts'
import type { Judge, Verdict } from './answers/judge.ts'
import type { Exchange } from './result.ts'

export type Send = (request: Request) => Promise<Response>

export interface Judged extends Verdict {
  exchange: Exchange
}

export interface Probe {
  send: Send
  /** Exchanges since it was last called. */
  take(): Exchange[]
  /** Everything that was judged in the whole run. */
  judged: readonly Judged[]
}

export function createProbe(send: Send, judge: Judge): Probe {
  let recent: Exchange[] = []
  const judged: Judged[] = []
  return {
    judged,
    take() {
      const taken = recent
      recent = []
      return taken
    },
    async send(request) {
      const { exchange, bytes, response } = await exchanged(send, request)
      recent.push(exchange)
      judged.push({ ...(await judge(exchange)), exchange })
      return new Response(BODILESS.has(exchange.status) ? null : bytes, {
        status: exchange.status,
        headers: response.headers,
      })
    },
  }
}

async function exchanged(send: Send, request: Request) {
  const body = request.body === null ? undefined : await request.clone().text()
  const response = await send(request)
  const bytes = await response.arrayBuffer()
  const mediaType = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const isBinary = /^(image|audio|video)\/|^application\/(pdf|octet-stream)$/.test(mediaType)
  const exchange: Exchange = {
    method: request.method,
    url: request.url,
    requestHeaders: [...request.headers],
    requestBody: body,
    status: response.status,
    headers: [...response.headers],
    mediaType,
    text: isBinary ? `[${bytes.byteLength} bytes]` : new TextDecoder().decode(bytes),
    isBinary,
  }
  return { exchange, bytes, response }
}
