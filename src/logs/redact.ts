/** Nothing that opens an account may reach a log. */
const HIDDEN = '[hidden]'

/** Names of parameters, headers and fields whose value is a secret, in every dialect's spelling. */
const SECRET_NAME =
  /password|passwd|pwd|secret|token|session_?-?id|appid|authorization|cookie|signature|api_?-?key|key$/i

export function isSecretName(name: string): boolean {
  // names may come in brackets, encoded or doubly encoded: User[Password], %53essionId, %2553essionId
  return SECRET_NAME.test(decoded(decoded(name)))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

// Names are bounded and texts cut, because what is searched here was written by strangers.
const MAX_LENGTH = 4000
/**
 * `name=value` pairs of queries, matrix parameters, form bodies and cookies. A value ends where their format says, at `&`
 * or `#`: quotes, commas and semicolons are part of it. Around a URL the text ends at white space, a closing tag, or the
 * quote that closes it.
 */
const PAIR = /([^\s?&;#=/"'<>{},]{1,80})=((?:(?!<\/)[^&#\s])*)/g
/** The same in an address that is the value of a pair, encoded up to four times. */
const ENCODED_PAIR = /((?:[\w.-]|%(?:25){0,3}5[bd]){1,80})(%(?:25){0,3}3d)((?:(?!%(?:25){0,3}2[36])[^\s&#"<])*)/gi
/** What may follow the quote that ends a text. */
const CLOSING = /"(?=[,}\])>\s]|$)/
/** `"name": "value"` of JSON, torn or cut too. */
const JSON_TEXT = /(")([\w.[\]-]{1,80})"(\s*:\s*)"(?:[^"\\]|\\.)*["\\]?/g
/** `name: 'value'` of inspected objects. */
const QUOTED =
  /(["']?)([\w.[\]-]{1,80})\1(\s*:\s*)(?:"(?:[^"\\]|\\.)*"(?=[\s,}\])]|$)|'(?:[^'\\]|\\.)*'(?=[\s,}\])]|$))/g
/** `"Name": "Password", "Value": "…"`: the name is a value itself. */
const NAMED = /("(?:name|key)"\s*:\s*"([^"]{1,80})"\s*,\s*"value"\s*:\s*")(?:[^"\\]|\\.)*/gi
/** `"name": 5`. */
const PLAIN = /(["'])([\w.[\]-]{1,80})\1(\s*:\s*)[^\s"',}\]][^\s,}\]]*/g
/** `name: value` of headers. */
const LINE = /(^|[\s,;{("'])([\w.[\]-]{1,80})(:[ \t]*)((?:(?:basic|bearer)\s+)?\S+)/gi
/** Headers that are a secret to their end. */
const WHOLE_LINE = /\b(authorization|cookie)(:[ \t]*)(?![ \t"']*\[hidden\])[^\r\n]+/gi
const SCHEME = /\b(basic|bearer)(\s+|%20|\+)(?!\[hidden\])[\w.~+/=%-]+/gi
/** Before the last `@`, as whoever opens such an address reads it; of one without its scheme too. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/|(?:^|(?<=[\s"'=]))\/\/)[^\s/?#]+@/gi
/** An address that is the value of a pair. */
const ENCODED_USER_INFO = /(%3a%2f%2f)(?:(?!%2f|%3f|%23)[^\s&])+%40/gi
/** A secret that is a path segment announces itself in the segment before. */
const SEGMENT = /(\/(?:access[_-]?tokens?|tokens?|sessions?|secrets?|passwords?|api[_-]?keys?)\/)[^\s/?#]+/gi
/** `<Password>…</Password>` and `<Parameter Name="Password">…</Parameter>`. */
const ELEMENT = /<([\w:]{1,80})((?:\s[^<>]*)?)>((?:<!\[CDATA\[[\s\S]*?\]\]>|[^<])*)<\//g

/** A URL, a form body, a header line, a message: the same text without the secrets in it. */
export function redactText(text: string): string {
  return cut(text)
    .replace(USER_INFO, `$1${HIDDEN}@`)
    .replace(ENCODED_USER_INFO, `$1${HIDDEN}%40`)
    .replace(ELEMENT, (all, name: string, attributes: string) =>
      isSecretName(name) || /"[^"]*(password|token|secret|sessionid|appid)[^"]*"/i.test(attributes)
        ? `<${name}${attributes}>${HIDDEN}</`
        : all,
    )
    .replace(ENCODED_PAIR, (all, name: string, equals: string) =>
      isSecretName(name) ? `${name}${equals}${HIDDEN}` : all,
    )
    .replace(PAIR, hidePair)
    .replace(NAMED, (all, start: string, name: string) => (isSecretName(name) ? start + HIDDEN : all))
    .replace(JSON_TEXT, hideQuoted)
    .replace(QUOTED, hideQuoted)
    .replace(PLAIN, hideQuoted)
    .replace(WHOLE_LINE, `$1$2${HIDDEN}`)
    .replace(LINE, (all, before: string, name: string, colon: string, value: string) =>
      isSecretName(name) && !/^["']\[hidden\]/.test(value) ? `${before}${name}${colon}${HIDDEN}` : all,
    )
    .replace(SCHEME, `$1$2${HIDDEN}`)
    .replace(SEGMENT, `$1${HIDDEN}`)
}

/**
 * What must stand in a URL for a secret to be in it: (part of) the name of one, credentials, quotes or elements, a part
 * with pairs of its own, or an escape behind which letters may hide. Wider than the rules themselves, and one look.
 */
const SUSPECT =
  /pass|pwd|secret|token|session|appid|auth|cookie|signature|key|basic|bearer|:\/\/|[@"'<>{};\s]|%(?:25|[46][\dA-F]|[57][\dA])/i

/** One look at a text of ours or of a stranger: false, and there is nothing in it to be redacted. */
export const mayHideSecret = (text: string): boolean => SUSPECT.test(text)

/** As {@link redactText}, for the path and query of a request: most have nothing that could be a secret. */
export function redactUrl(url: string): string {
  return mayHideSecret(url) ? redactText(url) : cut(url)
}

/** Inside of quotes it ends with them at the latest; elsewhere a quote is a character like any other. */
function hidePair(all: string, name: string, value: string, at: number, text: string): string {
  if (!isSecretName(name)) return hidePairsIn(all, name, value)
  const isQuoted = text.slice(0, at).split('"').length % 2 === 0
  const end = isQuoted ? value.search(CLOSING) : -1
  return `${name}=${HIDDEN}${end < 0 ? '' : value.slice(end)}`
}

function hideQuoted(all: string, quote: string, name: string, colon: string): string {
  const around = quote || "'"
  return isSecretName(name) ? `${quote}${name}${quote}${colon}${around}${HIDDEN}${around}` : all
}

/** A value may hold pairs of its own: matrix parameters, cookies, a URL that was not escaped. */
function hidePairsIn(all: string, name: string, value: string): string {
  return value.includes('=') ? `${name}=${value.replace(PAIR, hidePair)}` : all
}

function cut(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
}

const MAX_DEPTH = 6

/** The same value with every secret member and every secret inside a text replaced. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  if (depth >= MAX_DEPTH) return '[deep]'
  if (value instanceof Error) return redactError(value, depth)
  if (value instanceof URL) return redactText(value.href)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Headers) return redact(Object.fromEntries(value), depth)
  if (Array.isArray(value)) return value.map(item => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isSecretName(name) ? HIDDEN : redact(item, depth + 1)]),
  )
}

function redactError(error: Error, depth: number): unknown {
  const { name, message, stack, cause } = error
  const code = 'code' in error ? { code: error.code } : {}
  return {
    type: name,
    message: redactText(message),
    ...code,
    stack: redactText(stack ?? ''),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
  }
}
