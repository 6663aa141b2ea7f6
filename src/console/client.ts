import { setImmediate as nextTurn } from 'node:timers/promises'

/** The admin API as the pages ask it: in this process, by its own routes, so that no rule of it can be passed by. */
export interface Client {
  /** The answer's JSON. Throws `Refusal`. `path`: below /admin/v1. */
  get<T = Answer>(path: string): Promise<T>
  /** The same; undefined where the API says that it is not there, or not in this mode. */
  find<T = Answer>(path: string): Promise<T | undefined>
  send(method: string, path: string, body?: unknown): Promise<Answer>
  raw(path: string, init?: RequestInit): Promise<Response>
}

/** JSON of the admin API, as its reference tells it. */
// biome-ignore lint/suspicious/noExplicitAny: pages read what the reference promises, without a second set of types
export type Answer = any

const REFUSAL = Symbol('refusal')

/** What the admin API said no with. */
export interface Refusal extends Error {
  [REFUSAL]: true
  status: number
  /** Which members of the body or query, where it said so. */
  issues: readonly FieldIssue[]
}

export interface FieldIssue {
  field: string
  message: string
}

export const isRefusal = (error: unknown): error is Refusal => error instanceof Error && REFUSAL in error

export function refusal(status: number, message: string, issues: readonly FieldIssue[] = []): Refusal {
  return Object.assign(new Error(message), { [REFUSAL]: true as const, status, issues })
}

/** `fetch`: of the admin API, for whom this caller may ask. `space`: another world of this process. */
export function createClient(fetch: (request: Request) => Response | Promise<Response>, space = ''): Client {
  const base = `http://127.0.0.1/admin/v1${space === '' ? '' : `/spaces/${encodeURIComponent(space)}`}`
  const raw = async (path: string, init?: RequestInit) => {
    await nextTurn() // one page asks several things, and clients are answered between them
    return fetch(new Request(`${base}${path}`, init))
  }
  const send = async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json' }
    return read(await raw(path, body === undefined ? { method } : { method, headers, body: JSON.stringify(body) }))
  }
  return {
    raw,
    send,
    get: path => send('GET', path),
    async find(path) {
      const answer = await raw(path)
      return answer.status === 404 || answer.status === 403 ? undefined : read(answer)
    },
  }
}

async function read(answer: Response): Promise<Answer> {
  const text = await answer.text()
  await nextTurn()
  const body = text === '' ? {} : JSON.parse(text)
  if (answer.ok) return body
  throw refusal(answer.status, body.error?.message ?? `the admin API answered ${answer.status}`, body.error?.issues)
}

/** `?a=b`, without what is empty. */
export function queryText(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}
