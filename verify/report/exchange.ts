import type { Redact } from '../redact.ts'
import type { Exchange } from '../result.ts'

const MAX_BODY = 4000

function cut(text: string): string {
  return text.length > MAX_BODY ? `${text.slice(0, MAX_BODY)}… (${text.length} characters)` : text
}

const lines = (headers: Exchange['headers'], redact: Redact) =>
  headers.map(([name, value]) => `${name}: ${redact.header(name, value)}`)

/** Request and answer as they went over the wire, without secrets. */
export function exchangeText(exchange: Exchange, redact: Redact): { request: string; answer: string } {
  const { method, url, requestHeaders, requestBody, status, headers, text } = exchange
  const body = (content: string | undefined) => (content ? ['', cut(redact.text(content))] : [])
  return {
    request: [`${method} ${redact.text(url)}`, ...lines(requestHeaders, redact), ...body(requestBody)].join('\n'),
    answer: [String(status), ...lines(headers, redact), ...body(text)].join('\n'),
  }
}
