import type { CredentialSet } from './credentials.ts'

const HIDDEN = '[hidden]'
/** Values of credentials that are names and no secrets. */
const PUBLIC_NAME = /^(username|authId|accountId|projectId|keyId|accountGuid)$/
const SECRET_HEADER = /authorization|token|cookie|secret|signature|key/i
/** What a server hands out and lets people in with. */
const HANDED_OUT =
  /(SessionId(?:"\s*:\s*"|=|>)|(?:access_token|refresh_token|auth_token|hmacSecret|auth_secret)"\s*:\s*"|<Value>(?=[a-z0-9]{26}<))[^"&<\s]+/g

export interface Redact {
  header(name: string, value: string): string
  text(text: string): string
}

/** Reports are kept and sent around: nothing in them opens an account. */
export function createRedact({ account, other, stranger }: CredentialSet): Redact {
  const secrets = [account, other ?? {}, stranger]
    .flatMap(each => Object.entries(each))
    .filter(([name, value]) => !PUBLIC_NAME.test(name) && value !== '')
    .flatMap(([, value]) => [value, encodeURIComponent(value)])
    .sort((a, b) => b.length - a.length)
  const text = (given: string) =>
    secrets.reduce((done, secret) => done.replaceAll(secret, HIDDEN), given.replace(HANDED_OUT, `$1${HIDDEN}`))
  return {
    header: (name, value) =>
      SECRET_HEADER.test(name) ? `${value.match(/^(basic|bearer) /i)?.[0] ?? ''}${HIDDEN}` : text(value),
    text,
  }
}
