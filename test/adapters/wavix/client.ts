import * as v from 'valibot'
import { expect } from 'vitest'
import type { Gateway } from '../../../src/http/gateway.ts'
import { checkShape } from '../../support/shape.ts'

/** A picture of one pixel. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export function isPng(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).equals(PNG)
}

interface Ask {
  headers?: Record<string, string>
  body?: string | FormData
}

// biome-ignore lint/suspicious/noExplicitAny: answers are checked with their strict schemas; tests read freely
type Body = any

/** A client for tests: whatever it receives is checked with the operation's strict schema. */
export function wavixClient(gateway: Gateway, base: string) {
  const key = { authorization: 'Bearer KEY' }
  const json = { ...key, 'content-type': 'application/json' }
  const raw = (method: string, path: string, { headers = {}, body }: Ask = {}) =>
    gateway.fetch(new Request(base + path, { method, headers, ...(body === undefined ? {} : { body }) }))
  const ask = async (method: string, path: string, init: Ask = {}) => {
    const response = await raw(method, path, init)
    const body = JSON.parse(await response.text()) as Body
    checkShape(gateway, 'wavix', method, path, response.status, body)
    if (response.status >= 400)
      expect(v.is(v.looseObject({ success: v.literal(false), message: v.string() }), body)).toBe(true)
    return { status: response.status, body, headers: response.headers }
  }
  const encoded = (body: unknown) => (body === undefined ? {} : { body: JSON.stringify(body) })
  return {
    key,
    json,
    ask,
    bearer: (method: string, path: string, body?: unknown) =>
      ask(method, path, { headers: body === undefined ? key : json, ...encoded(body) }),
    /** As the clients of the first years: the key comes last. */
    appid: (method: string, path: string, body?: unknown) =>
      ask(method, `${path}${path.includes('?') ? '&' : '?'}appid=KEY`, encoded(body)),
    bytes: async (method: string, path: string) =>
      new Uint8Array(await (await raw(method, path, { headers: key })).arrayBuffer()),
  }
}
