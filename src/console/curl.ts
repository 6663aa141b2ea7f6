/** Set by whoever sends it, and by curl itself. */
const UNSENT = new Set(['host', 'connection', 'content-length', 'accept-encoding', 'user-agent'])

/** One word of a shell, whatever is in it. */
const word = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`

interface Sent {
  method: string
  url: string
  headers: Record<string, string>
  body: string | null
}

/** The request as a command for a POSIX shell. Secrets are hidden in it as on the page: they are put in by hand. */
export function curlOf({ method, url, headers, body }: Sent, origin: string): string {
  const sent = Object.entries(headers).filter(([name]) => !UNSENT.has(name.toLowerCase()))
  const parts = [
    `curl -X ${/^[A-Z]+$/.test(method) ? method : word(method)} ${word(`${origin}${url}`)}`,
    ...sent.map(([name, value]) => `-H ${word(`${name}: ${value}`)}`),
    ...(body ? [`--data-raw ${word(body)}`] : []),
  ]
  return parts.join(' \\\n  ')
}
