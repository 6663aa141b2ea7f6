import type { CredentialSet } from './credentials.ts'

const HIDDEN = '[hidden]'
/** Values of credentials that are names and no secrets. */
const PUBLIC_NAME = /^(username|authId|accountId|projectId|keyId|accountGuid)$/
const SECRET_HEADER = /authorization|token|cookie|secret|signature|key/i
/** What a server hands out and lets people in with. */
const HANDED_OUT =
  /(SessionId(?:"\s*:\s*"|=|>)|(?:access_token|refresh_token|auth_token|hmacSecret|auth_secret)"\s*:\s*"|<Value>(?=[a-z0-9]{26}<))[^"&<\s]+/g

/** Of one set of credentials: each secret, and `name:secret` as HTTP Basic has it, in base64. */
function plainSecrets(credentials: CredentialSet['account']): string[] {
  const all = Object.entries(credentials).filter(([, value]) => value !== '')
  const secrets = all.filter(([name]) => !PUBLIC_NAME.test(name)).map(([, value]) => value)
  const names = ['', ...all.map(([, value]) => value)]
  const pairs = names.flatMap(name => secrets.map(secret => `${name}:${secret}`))
  return [...secrets, ...[...secrets, ...pairs].flatMap(inBase64)]
}

/** Padded and not, in both alphabets. */
function inBase64(text: string): string[] {
  const plain = Buffer.from(text).toString('base64')
  const unpadded = plain.replace(/=+$/, '')
  const forUrls = Buffer.from(text).toString('base64url')
  return [plain, unpadded, plain.replaceAll('+', '-').replaceAll('/', '_'), forUrls]
}

const XML: readonly (readonly [RegExp, string])[] = [
  [/&/g, '&amp;'],
  [/</g, '&lt;'],
  [/>/g, '&gt;'],
  [/"/g, '&quot;'],
]

/** However it is written where it is repeated: in addresses and forms once or twice over, in JSON, in XML. */
function spellings(secret: string): string[] {
  const encoded = encodeURIComponent(secret)
  const everything = encoded.replace(/[!'()*~]/g, each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
  const once = [encoded, everything, new URLSearchParams([['', secret]]).toString().slice(1), encodeURI(secret)]
  const lowered = once.map(each => each.replace(/%[0-9A-F]{2}/g, written => written.toLowerCase()))
  const twice = [...once, ...lowered].map(encodeURIComponent)
  const json = JSON.stringify(secret).slice(1, -1)
  const xml = XML.reduce((text, [pattern, entity]) => text.replace(pattern, entity), secret)
  return [secret, ...once, ...lowered, ...twice, json, json.replaceAll('/', '\\/'), xml]
}

export interface Redact {
  header(name: string, value: string): string
  text(text: string): string
}

/** Reports are kept and sent around: nothing in them opens an account. */
export function createRedact({ account, other, stranger }: CredentialSet): Redact {
  const secrets = [account, other ?? {}, stranger].flatMap(each => plainSecrets(each)).flatMap(spellings)
  const longestFirst = [...new Set(secrets)].sort((a, b) => b.length - a.length)
  const text = (given: string) =>
    longestFirst.reduce((done, secret) => done.replaceAll(secret, HIDDEN), given.replace(HANDED_OUT, `$1${HIDDEN}`))
  return {
    header: (name, value) =>
      SECRET_HEADER.test(name) ? `${value.match(/^(basic|bearer) /i)?.[0] ?? ''}${HIDDEN}` : text(value),
    text,
  }
}
