/** What public clients of a provider call, so that the share of it that is answered can be told. */

interface Named {
  /** As a program that uses the client writes it: `User.browse`. */
  method: string
}

/** Method and path as the client sends them, ids filled in: `GET /v1/mydids`, `GET /api?Action=UserRead&UserId=501`. */
interface Sending extends Named {
  request: string
}

/**
 * Answered when nothing else is said. `missing`: what is left to be built. `refused`: why it is no part of this gateway,
 * or why it is answered with an error. Without a request: why the client sends none.
 */
export type ClientMethod =
  | (Sending & { refused?: never; missing?: never })
  | (Sending & { refused: string; missing?: never })
  | (Sending & { missing: string; refused?: never })
  | (Named & { request?: never; sendsNothing: string })

export interface PublicClient {
  /** Name, language and version that was read. */
  name: string
  /** Where it is published. */
  source: string
  methods: readonly ClientMethod[]
}

/** Methods whose names are told by the requests that they send. */
export function sends(requests: Readonly<Record<string, string>>): ClientMethod[] {
  return Object.entries(requests).map(([method, request]) => ({ method, request }))
}

/** Methods that the client's authors left for later. */
export function unwritten(...methods: readonly string[]): ClientMethod[] {
  return methods.map(method => ({ method, sendsNothing: 'not written in the client: it throws' }))
}
