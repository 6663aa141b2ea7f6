import * as v from 'valibot'
import { bearerToken } from '../../adapters/kit/auth.ts'
import type { UploadedFile } from '../../adapters/kit/body.ts'
import {
  type Dialect,
  type DialectModule,
  type FaultTable,
  type Inbound,
  type Operation,
  operation,
  type Reply,
} from '../../adapters/kit/dialect.ts'
import { restJson } from '../../adapters/kit/rest-json.ts'
import { Fault } from '../../core/ground/fault.ts'

// A dialect of nobody's, as small as it can be: it has one of everything that real ones need of the seam.

const say =
  (status: number, word: string) =>
  (fault: Fault): Reply => ({ status, body: { oops: word, about: fault.details as never } })

const faults = {
  invalid_input: say(422, 'input'),
  unreadable_body: say(400, 'unreadable'),
  body_too_large: say(413, 'too large'),
  unsupported_media_type: say(415, 'media type'),
  method_not_allowed: say(405, 'method'),
  unknown_operation: say(404, 'no such thing'),
  unauthenticated: say(401, 'who are you'),
  login_failed: say(401, 'who are you'),
  login_locked: say(429, 'wait'),
  forbidden: say(403, 'no'),
  not_found: say(404, 'not here'),
  name_taken: say(409, 'taken'),
  number_unavailable: say(409, 'sold'),
  documents_required: say(409, 'documents'),
  insufficient_funds: say(402, 'money'),
  wrong_state: say(409, 'state'),
  cool_off: say(409, 'cooling'),
  limit_reached: say(429, 'limit'),
  conflict: say(409, 'again'),
  clock_backwards: say(409, 'clock'),
  not_in_this_mode: say(403, 'mode'),
  rate_limited: say(429, 'slower'),
  overloaded: say(503, 'busy'),
  timeout: say(503, 'slow'),
  temporarily_unavailable: () => ({ status: 503, body: { oops: 'later' } }),
  internal: fault => ({ status: 500, body: { oops: 'us', reference: fault.details.reference } }),
} satisfies FaultTable

const anything = v.record(v.string(), v.unknown())
const none = v.object({})
const E164 = v.pipe(v.string('number is missing'), v.regex(/^\+\d+$/, 'number is no number'))

const operations: readonly Operation[] = [
  operation({
    on: ['GET /v1/Parcels', 'GET /v1/packages'], // alias routes
    caller: 'optional',
    evidence: 'E0',
    input: none,
    answers: { 200: anything },
    handle: async ({ caller, inbound }) => ({
      body: { account: caller?.account.id ?? null, base: inbound.base, fields: inbound.fields as never },
    }),
  }),
  operation({
    on: 'GET /v1/parcels/static',
    caller: 'lenient',
    evidence: 'E0',
    input: none,
    answers: { 200: anything },
    handle: async ({ caller }) => ({ body: { static: true, account: caller?.account.id ?? null } }),
  }),
  operation({
    on: 'GET /v1/parcels/:id',
    caller: 'required',
    evidence: 'E0',
    input: v.object({ id: v.string() }),
    answers: { 200: anything },
    faults: { not_found: say(410, 'gone') }, // per-endpoint wording
    handle: async (_call, { id }) => {
      if (id === 'none') throw new Fault('not_found', { what: 'lease', id })
      if (id === 'bug') throw new TypeError('a mistake of ours')
      return { body: { id } }
    },
  }),
  operation({
    on: 'POST /v1/parcels/:number:rent', // literal suffix
    caller: 'required',
    evidence: 'E0',
    scope: 'numbers:write',
    input: v.object({ number: E164, note: v.optional(v.string()) }),
    answers: { 200: anything },
    handle: async ({ core, caller }, { number, note }) => {
      const settings = { dialect: 'parcel', value: { note: note ?? '' } }
      const { owned } = await core.numbers.purchase(caller, [number], { documents: 'allow', settings })
      return { body: { lease: owned[0]?.lease.id as number } }
    },
  }),
  operation({
    on: 'DELETE /v1/parcels/:id',
    caller: 'required',
    evidence: 'E0',
    input: v.object({ id: v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number)) }),
    answers: { 204: 'empty' },
    handle: async ({ core, caller }, { id }) => {
      await core.numbers.release(caller, [id], { kind: 'now' })
      return { status: 204 }
    },
  }),
  operation({
    on: 'GET /v1/stream',
    caller: 'optional',
    evidence: 'E0',
    input: none,
    answers: { 200: 'binary' },
    handle: async () => ({ headers: { 'content-type': 'text/plain' }, body: streamOf(['a', 'b', 'c']) }),
  }),
  operation({
    on: 'PUT /v1/papers',
    caller: 'optional',
    evidence: 'E0',
    body: { limit: 2000, multipart: true },
    input: none,
    answers: { 200: anything },
    handle: async ({ inbound }) => ({ body: (inbound.body as [string, string | UploadedFile][]).map(describePart) }),
  }),
]

function describePart([name, value]: [string, string | UploadedFile]) {
  return typeof value === 'string' ? { name, value } : { name, file: value.name, size: value.bytes.byteLength }
}

function streamOf(chunks: readonly string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk))
      controller.close()
    },
  })
}

async function identify({ request }: Inbound, core: Parameters<Dialect['identify']>[1]) {
  const header = request.headers.get('authorization')
  if (header === null) return undefined
  const access = await core.credentials.verifyKey('parcel', bearerToken(header) ?? '')
  if (!access) throw new Fault('unauthenticated', { reason: 'invalid' })
  return access.caller
}

const NOBODY = { secret: 'none' }

export const parcel: DialectModule = {
  name: 'parcel',
  hosts: ['api.parcel.test'],
  create: () => ({
    name: 'parcel',
    operations,
    wire: restJson(operations, {
      ignoreCase: true,
      trailingSlash: true,
      doubleSlash: true,
      literalSuffixes: true,
      methodUnknown: 'method_not_allowed',
    }),
    identify,
    faults,
    headers: { 'x-parcel': 'yes' },
    outbound: {
      'number.released': ({ data }) => [
        {
          dialect: 'parcel',
          url: String((data.settings as Record<string, Record<string, string>>).parcel?.note),
          method: 'POST' as const,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ gone: data.e164 }),
        },
      ],
    },
  }),
  demo: { account: NOBODY, other: NOBODY, stranger: NOBODY, told: {}, words: '', curl: base => `curl ${base}` },
  driver: {
    dialect: 'parcel',
    papers: 'anybody',
    skips: {},
    credentials: ({ secret }) => ({ key: secret }),
    create: () => Promise.reject(new Error('parcel has no driver')) as never,
  },
  rules: { request: base => new Request(base), rules: [] },
}
