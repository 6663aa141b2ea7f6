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

/** `<Password>…</Password>` and `<Parameter Name="Password">…`; comments and attributes pass the rules of texts. */
function hideXml(text: string): string {
  let isSecret = false
  return text
    .split(/(?=<)/)
    .map(piece => {
      const [, slash = '', name = '', attributes = ''] = /^<(\/?)([\w:.-]{1,200})([^>]*)>/.exec(piece) ?? []
      if (slash !== '' || name === '') {
        if (isSecret && !piece.startsWith('</')) return piece.startsWith('<![CDATA[') ? `<![CDATA[${HIDDEN}]]>` : HIDDEN
        isSecret = false
        return textOf(piece)
      }
      const [, named = ''] = /\bname="([^"]{1,200})"/i.exec(attributes) ?? []
      isSecret = isSecretName(name) || (named !== '' && isSecretName(named))
      const end = piece.indexOf('>') + 1
      if (!isSecret) return textOf(piece)
      return piece.slice(0, end) + (piece.slice(end).trim() === '' ? piece.slice(end) : HIDDEN)
    })
    .join('')
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
  if (text === '') return text
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
