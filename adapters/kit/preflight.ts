/** Answers to OPTIONS: for browsers, which ask before a page of another origin may call, and for everybody else. */

const MAX_ASKED = 50
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]{1,64}$/

/** Names of headers that a browser wants to send, as far as they are names of headers. */
function askedHeaders(request: Request): string[] {
  const asked = (request.headers.get('access-control-request-headers') ?? '').split(',', MAX_ASKED)
  return asked.map(name => name.trim().toLowerCase()).filter(name => HEADER_NAME.test(name))
}

export interface PreflightRules {
  methods: readonly string[]
  /** Allowed whether asked for or not. */
  headers: readonly string[]
}

/** For dialects whose clients are pages of any origin: what the page wants to send is allowed, whatever it is called. */
export function preflight(request: Request, { methods, headers }: PreflightRules): Response {
  const known = new Set(headers.map(name => name.toLowerCase()))
  const more = [...new Set(askedHeaders(request))].filter(name => !known.has(name))
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': [...headers, ...more].join(', '),
      'access-control-max-age': '86400',
      allow: methods.join(', '),
      vary: 'Access-Control-Request-Headers',
    },
  })
}

/** The plain answer. */
export function allowed(methods: readonly string[]): Response {
  return new Response(null, { status: 204, headers: { allow: [...new Set([...methods, 'OPTIONS'])].join(', ') } })
}
