/** A proxy before a true gateway that gets one thing wrong. */
import type { Send } from '../../verify/probe.ts'

export interface Fault {
  dialect: string
  /** What the server does wrong. */
  wrong: string
  /** The check that must fail, as "group: name". */
  breaks: string
  /** Which checks to run; all that only read when absent. */
  purchases?: { only: RegExp }
  server(forward: Send): Send
}

/** Method and a pattern of path and query. */
export type Match = readonly [method: string, path: RegExp]

export const GET = (path: RegExp): Match => ['GET', path]

function fits(request: Request, [method, path]: Match): boolean {
  const { pathname, search } = new URL(request.url)
  return request.method === method && path.test(pathname + search)
}

/** Requests that fit are answered by `answer`, all others by the true server. */
export function on(match: Match, answer: (request: Request, forward: Send) => Promise<Response>) {
  return (forward: Send): Send =>
    request =>
      fits(request, match) ? answer(request, forward) : forward(request)
}

function like(
  response: Response,
  body: string | null,
  more: { status?: number; headers?: Record<string, string> } = {},
) {
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  for (const [name, value] of Object.entries(more.headers ?? {})) headers.set(name, value)
  return new Response(body, { status: more.status ?? response.status, headers })
}

// biome-ignore lint/suspicious/noExplicitAny: the point is to put wrong types into answers
type Body = any

/** Changes the JSON of answers, or replaces it by what is returned. */
export const json = (match: Match, change: (body: Body, request: Request) => unknown, status?: number) =>
  on(match, async (request, forward) => {
    const response = await forward(request)
    if (status !== undefined && response.status !== status) return response
    const text = await response.text()
    if (!/^[[{]/.test(text)) return like(response, text)
    const body = JSON.parse(text) as Body
    const changed = change(body, request)
    return like(response, JSON.stringify(changed === undefined ? body : changed))
  })

export const text = (match: Match, change: (text: string) => string) =>
  on(match, async (request, forward) => {
    const response = await forward(request)
    return like(response, change(await response.text()))
  })

/** `from` becomes `to`; the body stays. */
export const status = (match: Match, from: number, to: number) =>
  on(match, async (request, forward) => {
    const response = await forward(request)
    if (response.status !== from) return response
    return like(response, to === 204 ? null : await response.text(), { status: to })
  })

export const header = (match: Match, name: string, value: string | null) =>
  on(match, async (request, forward) => {
    const response = await forward(request)
    const headers = new Headers(response.headers)
    if (value === null) headers.delete(name)
    else headers.set(name, value)
    const body = response.status === 204 ? null : await response.text()
    return new Response(body, { status: response.status, headers })
  })

/** The request reaches the true server changed. */
export const sent = (match: Match, change: (url: URL, headers: Headers) => void) =>
  on(match, async (request, forward) => {
    const url = new URL(request.url)
    const headers = new Headers(request.headers)
    change(url, headers)
    const body = request.body === null ? null : await request.text()
    return forward(new Request(url, { method: request.method, headers, body }))
  })

/** What was answered well once to a request is answered again to the next one like it, whoever asks. */
export const replayed =
  (match: Match, key: (request: Request, body: string) => string) =>
  (forward: Send): Send => {
    const kept = new Map<string, string>()
    return async request => {
      if (!fits(request, match)) return forward(request)
      const name = key(request, await request.clone().text())
      const response = await forward(request)
      const known = kept.get(name)
      if (response.ok) kept.set(name, await response.clone().text())
      return !response.ok && known !== undefined ? like(response, known, { status: 200 }) : response
    }
  }
