/** What a client may set on a trunk besides its name, in the words of every document. null and empty text clear. */
import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Json, JsonObject } from '../../../core/ground/model.ts'
import { isWebUrl } from '../../kit/callback-url.ts'
import { shownAs } from '../../kit/schema.ts'
import { Count, Text } from './common.ts'

const flag = v.nullish(v.boolean())
const text = v.nullish(Text)
const count = v.nullish(Count)

/** One of these words, in any case. */
function word(...words: string[]) {
  const known = new Map(words.map(each => [each.toLowerCase(), each]))
  return v.nullish(
    v.pipe(
      v.string(),
      shownAs({ enum: words }),
      v.check(sent => sent === '' || known.has(sent.toLowerCase()), `must be one of ${words.join(', ')}`),
      v.transform(sent => known.get(sent.toLowerCase()) ?? ''),
    ),
  )
}

const Url = v.nullish(
  v.pipe(
    Text,
    v.check(sent => sent === '' || isWebUrl(sent), 'invalid webhook_url: it must be an http or https URL'),
  ),
)

const isDomain = (text: string) => /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(text) && !text.includes('..')

const Domain = v.nullish(
  v.pipe(
    v.string(),
    v.maxLength(253),
    v.check(sent => sent === '' || isDomain(sent), 'must be the name of a domain'),
  ),
)

const partId = v.nullish(v.pipe(v.string(), v.toLowerCase(), v.maxLength(36)))

const DATA = {
  trunk_status: word('enabled', 'disabled'),
  trunk_direction: word('inbound', 'outbound'),
  transport: word('udp', 'tcp', 'tls'),
  webhook_method: word('GET', 'POST'),
  trunk_domain: Domain,
  webhook_url: Url,
  ...{ concurrent_calls_limit: count, cps_limit: count },
  ...{ description: text, inbound_destination: text, pii_entity_types: text },
  ...{ secure: flag, recording: flag, enable_transcription: flag },
  ...{ pii_redaction: flag, recording_webhook_enabled: flag },
  ...{ credential_uuid: partId, ipacl_uuid: partId, primary_uri_uuid: partId, fallback_uri_uuid: partId },
}

/** Words of the trunk object in other documents; each is kept as the one it stands for. */
const ALIASES = {
  trunk_type: word('INBOUND', 'OUTBOUND'),
  max_concurrent_calls: count,
  enabled: flag,
}

const isNothing = (value: unknown) => value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** Who may use a trunk is an account's, and a trunk names it. */
function notKept(what: string) {
  return v.optional(v.pipe(v.unknown(), v.check(isNothing, `${what} are made by themselves and named by their id`)))
}

const NOT_KEPT = {
  ...{ username: notKept('credentials'), password: notKept('credentials'), ip_whitelist: notKept('IP access lists') },
}

export const TRUNK_FIELDS = { ...DATA, ...ALIASES, ...NOT_KEPT }

type Sent = v.InferOutput<v.ObjectSchema<typeof TRUNK_FIELDS, undefined>>
type Name = keyof typeof DATA

/** Faults: invalid_input naming both, where an alias says something else than the name beside it. */
function aliased(sent: Sent, alias: keyof typeof ALIASES, name: Name, value: Json | undefined): [Name, Json][] {
  if (value === undefined || value === null || value === '') return []
  const beside = sent[name]
  if (beside === undefined || beside === null || beside === value) return [[name, value]]
  const message = `${alias} and ${name} contradict each other`
  throw new Fault('invalid_input', { issues: [{ field: alias, problem: 'conflict', message }] })
}

/** Only what was sent; null where it clears. Faults: invalid_input. */
export function trunkData(sent: Sent): JsonObject {
  const names = Object.keys(DATA) as Name[]
  const own = names.flatMap((name): [Name, Json][] => {
    const value = sent[name]
    return value === undefined ? [] : [[name, value === '' ? null : value]]
  })
  const { enabled } = sent
  const others = [
    ...aliased(sent, 'trunk_type', 'trunk_direction', sent.trunk_type?.toLowerCase()),
    ...aliased(sent, 'max_concurrent_calls', 'concurrent_calls_limit', sent.max_concurrent_calls),
    ...aliased(
      sent,
      'enabled',
      'trunk_status',
      enabled === true ? 'enabled' : enabled === false ? 'disabled' : enabled,
    ),
  ]
  return Object.fromEntries([...own, ...others])
}
