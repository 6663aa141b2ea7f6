/** Trunks. What only this provider's clients set lies in the trunk's data under the dialect's name. */
import type { JsonObject, Trunk } from '../../../core/ground/model.ts'
import { DIALECT } from '../ids.ts'
import { timestamp } from '../wire/text.ts'

const DEFAULTS = {
  trunk_status: 'enabled',
  secure: false,
  trunk_direction: 'inbound',
  concurrent_calls_limit: 10,
  cps_limit: 2,
  description: '',
  transport: 'udp',
  recording: false,
  enable_transcription: false,
  pii_redaction: false,
  webhook_method: 'POST',
  recording_webhook_enabled: false,
} as const

const LIST_ONLY = ['inbound_destination', 'pii_entity_types', 'webhook_url'] as const

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function ownData({ data }: Trunk): JsonObject {
  const own = data[DIALECT]
  return isObject(own) ? own : {}
}

export function trunkObject(trunk: Trunk, handle: string) {
  const own = ownData(trunk)
  const set = Object.fromEntries(Object.entries(DEFAULTS).map(([name, value]) => [name, own[name] ?? value]))
  return {
    trunk_id: trunk.guid,
    account_id: handle,
    name: trunk.name,
    trunk_domain: own.trunk_domain ?? `${trunk.guid}.sip.vobiz.ai`,
    ...set,
    created_at: timestamp(trunk.createdAt),
    updated_at: timestamp(trunk.updatedAt),
  }
}

const PART_NAMES = ['credential_uuid', 'primary_uri_uuid'] as const

/** A list shows more than the trunk by itself does. `parts`: ids of those that there are. */
export function listedTrunk(trunk: Trunk, handle: string, parts: ReadonlySet<string>) {
  const own = ownData(trunk)
  const named = PART_NAMES.flatMap(name => (parts.has(String(own[name])) ? [[name, own[name]] as const] : []))
  const more = LIST_ONLY.flatMap(name =>
    own[name] === undefined || own[name] === null ? [] : [[name, own[name]] as const],
  )
  return { ...trunkObject(trunk, handle), ...Object.fromEntries([...more, ...named]) }
}
