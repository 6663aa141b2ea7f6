/** Headers and bodies of kept exchanges as somebody may read them: by the rules of the log, without its cuts. */
import { isSecretName, mayHideSecret, redactText } from '../logs/redact.ts'

const HIDDEN = '[hidden]'
const MOST_DEPTH = 40

const textOf = (text: string) => (mayHideSecret(text) ? redactText(text) : text)

type Members = Record<string, unknown>

/** `{"Name": "Password", "Value": "…"}`: the name is a value itself. */
const namesSecret = (value: Members) =>
  Object.entries(value).some(
    ([name, each]) => /^(name|key)$/i.test(name) && typeof each === 'string' && isSecretName(each),
  )

function hide(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return textOf(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > MOST_DEPTH) return '[deep]'
  if (Array.isArray(value)) return value.map(each => hide(each, depth + 1))
  const isNamed = namesSecret(value as Members)
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (isSecretName(name) && each !== null) return [name, HIDDEN]
      if (isNamed && !/^(name|key)$/i.test(name) && typeof each === 'string') return [name, HIDDEN]
      return [name, hide(each, depth + 1)]
    }),
  )
}

function hideForm(text: string): string {
  return text
    .split('&')
    .map(pair => {
      const [name = ''] = pair.split('=', 1)
      return isSecretName(name.replaceAll('+', ' ')) ? `${name}=${HIDDEN}` : textOf(pair)
    })
    .join('&')
}

/** A tag with the text behind it; what is quoted as a whole stays whole. */
const PIECE = /<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<[^<]*|[^<]+/g
const TAG = /^<(\/?)([\w:.-]{1,200})([^>]*)>/
const NAMING = /^(?:\w+:)?(?:name|key)$/i

function isOfSecret(name: string, attributes: string): boolean {
  const named = /\bname=["']([^"']{1,200})/i.exec(attributes)?.[1] ?? ''
  return isSecretName(name) || isSecretName(named)
}

/**
 * `<Password>…</Password>` with all that is in it, `<Parameter Name="Password">…` and `<Name>Password</Name><Value>…`;
 * what is outside of them passes the rules of texts.
 */
function hideXml(text: string): string {
  let [secret, isNamed] = ['', false]
  return text.replace(PIECE, piece => {
    const [tag = '', slash, name = '', attributes = ''] = TAG.exec(piece) ?? []
    const content = piece.slice(tag.length)
    const isOpening = slash === '' && !attributes.endsWith('/')
    if (secret === '' && isOpening) {
      if (isOfSecret(name, attributes) || (isNamed && /value$/i.test(name))) secret = name
      if (NAMING.test(name)) isNamed = isSecretName(content.trim())
    } else if (slash === '/' && name === secret) secret = ''
    if (secret === '') return textOf(tag) + textOf(content)
    return tag + (content.trim() === '' ? content : HIDDEN)
  })
}

function hideJson(text: string): string | undefined {
  try {
    return JSON.stringify(hide(JSON.parse(text), 0))
  } catch {
    return undefined
  }
}

/** Nothing in it opens an account. What is neither JSON, XML nor a form is cut as the log cuts it. */
export function readableBody(text: string, contentType: string): string {
  const start = text.trimStart()[0]
  if (start === '{' || start === '[' || start === '"') {
    const json = hideJson(text)
    if (json !== undefined) return json
  }
  if (start === '<') return hideXml(text)
  if (/form-urlencoded/i.test(contentType) || /^[\w%[\].+-]{1,100}=/.test(text)) return hideForm(text)
  return textOf(text)
}

export function readableHeaders(headers: readonly (readonly [string, string])[]): [string, string][] {
  return headers.map(([name, value]) => [name, isSecretName(name) ? HIDDEN : textOf(value)])
}
