/** What is sent through a validating proxy beside the kept exchanges of a dialect. */
export type Sample = readonly [method: string, path: string, body?: unknown]

export interface Samples {
  /** Of a client that is known in the world that they run in. */
  headers: Readonly<Record<string, string>>
  /** A first request whose answer is an object, and more of what has no kept exchange. */
  requests: readonly Sample[]
}

/** Text and form data are forms, anything else is JSON. */
export function requestFor({ headers }: Samples, [method, path, body]: Sample): Request {
  const url = `http://didgate.test${path}`
  if (body === undefined) return new Request(url, { method, headers })
  if (body instanceof FormData) return new Request(url, { method, headers, body })
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json'
  const sent = typeof body === 'string' ? body : JSON.stringify(body)
  return new Request(url, { method, headers: { ...headers, 'content-type': type }, body: sent })
}
