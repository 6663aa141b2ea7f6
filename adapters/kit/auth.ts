/** RFC 7617. Undefined: no Basic header, or one that cannot be read to its end. */
export function basicCredentials(header: string | null): { name: string; secret: string } | undefined {
  const match = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(header ?? '')
  if (!match) return undefined
  const text = Buffer.from(match[1] as string, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { name: text.slice(0, colon), secret: text.slice(colon + 1) }
}

/** RFC 6750. Undefined: no Bearer header, or one without a token. */
export function bearerToken(header: string | null): string | undefined {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1]
}
