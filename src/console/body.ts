import { refusal } from './client.ts'

type Body = { [name: string]: unknown }

/** Of the fields of such a form; what is left empty is not sent. Throws `Refusal`. */
export function bodyOf(fields: Iterable<[string, unknown]>): Body {
  const body: Body = {}
  for (const [name, value] of fields) {
    if (name.startsWith('_') || typeof value !== 'string') continue
    const [, kind = '', path = ''] = /^(?:([nbljz]):)?(.+)$/s.exec(name) ?? []
    if (value === '' && kind !== 'z') continue
    put(body, path.split('.'), typed(kind, value, path))
  }
  return body
}

function typed(kind: string, text: string, field: string): unknown {
  if (kind === 'z') return text === '' ? null : text
  if (kind === 'n') return Number(text)
  if (kind === 'b') return text === 'true'
  if (kind === 'l') return text.split(/[\s,;]+/).filter(each => each !== '')
  return kind === 'j' ? json(text, field) : text
}

function json(text: string, field: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = `is no JSON: ${(error as Error).message}`
    throw refusal(400, `${field} ${message}`, [{ field, message }])
  }
}

function put(body: Body, [first = '', ...rest]: string[], value: unknown): void {
  // only own, plain members: a field's name comes from a form
  if (['__proto__', 'constructor', 'prototype'].includes(first)) return
  if (rest.length === 0) body[first] = value
  else {
    const inner = (Object.hasOwn(body, first) ? body[first] : {}) as Body
    body[first] = inner
    put(inner, rest, value)
  }
}
