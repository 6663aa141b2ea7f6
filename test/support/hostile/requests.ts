/** Requests for a target: the plain one that a good client sends, and the same with something else in its place. */
import type { Things } from './bench.ts'
import { type Field, goodValue, type Target } from './targets.ts'

export interface Parts {
  path: Readonly<Record<string, string>>
  /** As written in the address. */
  query: string
  /** undefined: no body. */
  body: string | Uint8Array | undefined
  type: string | undefined
}

export const JSON_TYPE = 'application/json'
export const FORM_TYPE = 'application/x-www-form-urlencoded'

/** Stand in a body's JSON for what JSON.stringify cannot write. */
export const RAW = /"@raw:([^"]*)"/g
export const raw = (text: string) => `@raw:${text}`
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? ''
  // most have none, and some are megabytes
  return text.includes('"@raw:') ? text.replace(RAW, '$1') : text
}

export function hasBody({ method }: Target): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

/** The media type in which this operation takes its fields. */
export function bodyType({ wire, operation }: Target): string {
  if (wire === 'action' || operation.body?.form) return FORM_TYPE
  return operation.body?.multipart ? 'multipart/form-data; boundary=frontier' : JSON_TYPE
}

const encode = encodeURIComponent

/** `Name=value`, or `Name[key]=value` for each member of an object. */
export function formText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .flatMap(([name, value]) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).map(([key, each]) => `${encode(`${name}[${key}]`)}=${encode(String(each))}`)
        : [`${encode(name)}=${encode(String(value))}`],
    )
    .join('&')
}

export function multipartText(parts: readonly (readonly [disposition: string, content: string])[]): string {
  const each = parts.map(
    ([how, content]) => `--frontier\r\nContent-Disposition: form-data; ${how}\r\n\r\n${content}\r\n`,
  )
  return `${each.join('')}--frontier--\r\n`
}

export function goodFields(fields: readonly Field[], things: Things): Record<string, unknown> {
  return Object.fromEntries(fields.filter(each => isWanted(each)).map(each => [each.name, goodValue(each, things)]))
}

/** Optional ones only where they say what it is about. */
function isWanted({ name, required }: Field): boolean {
  return (
    required ||
    /^(ids|NpaNxx|[A-Z][A-Za-z]*Id|Protocol|Destination|quantity|companyProfileGuid|grant_type|regionCode|type|areaCode|region)$/.test(
      name,
    )
  )
}

export function encodeFields(target: Target, fields: Readonly<Record<string, unknown>>): string {
  if (target.wire === 'action') return formText({ Action: target.on, ...fields })
  const type = bodyType(target)
  if (type === FORM_TYPE) return formText(fields)
  if (type === JSON_TYPE) return jsonText(fields)
  return multipartText(Object.entries(fields).map(([name, value]) => [`name="${name}"`, String(value)] as const))
}

export function plainParts(target: Target, path: Parts['path'], things: Things): Parts {
  const required = goodFields(
    target.query.filter(each => each.required),
    things,
  )
  const query = formText(required)
  if (!hasBody(target)) return { path, query, body: undefined, type: undefined }
  const fields = goodFields(target.body, things)
  const isEmpty = target.wire === 'rest' && Object.keys(fields).length === 0
  return isEmpty
    ? { path, query, body: undefined, type: undefined }
    : { path, query, body: encodeFields(target, fields), type: bodyType(target) }
}

export function requestFor(target: Target, { path, query, body, type }: Parts): Request {
  const headers = { ...target.headers, ...(type !== undefined && { 'content-type': type }) }
  const url = target.url(Object.fromEntries(Object.entries(path).map(([name, value]) => [name, written(value)])))
  const sent = body === undefined ? null : typeof body === 'string' ? new TextEncoder().encode(body) : body
  const bytes = sent as Uint8Array<ArrayBuffer> | null
  return new Request(query === '' ? url : `${url}?${query}`, { method: target.method, headers, body: bytes })
}

/** What begins so is written into the path as it is. */
const AS_IS = 'as-is:'
export const asIs = (text: string) => AS_IS + text
const written = (value: string) => (value.startsWith(AS_IS) ? value.slice(AS_IS.length) : encode(value))
