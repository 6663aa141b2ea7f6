import type { JsonObject, Trunk } from '../../../core/ground/model.ts'
import { DIALECT } from '../ids.ts'

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What this provider's clients have set; `callerid` beside it is the operator's. */
export function ownData({ data }: Trunk): JsonObject {
  const own = data[DIALECT]
  return isObject(own) ? own : {}
}

const DEFAULTS = {
  multiple_numbers: false,
  passthrough: false,
  call_recording_enabled: false,
  machine_detection_enabled: false,
  transcription_enabled: false,
  transcription_threshold: 6,
  encrypted_media: false,
}

const DEFAULT_LIMITS = {
  ip_restrict: false,
  channels_restrict: false,
  max_channels: null,
  cost_limit: false,
  max_call_cost: null,
  call_restrict: false,
  call_limit: null,
  didinfo_enabled: false,
  rewrite_enabled: false,
  rewrite_prefix: '',
  rewrite_cond: '',
}

function withDefaults<T extends object>(own: JsonObject, defaults: T) {
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, own[name] ?? value]))
}

/** Who registers is `dynamic`; a client's own word for it is `Digest`. */
function hostOf(own: JsonObject): string {
  const host = typeof own.host === 'string' ? own.host : ''
  return host === '' || host.toLowerCase() === 'digest' ? 'dynamic' : host
}

/** As lists show a trunk. */
export function trunkView(trunk: Trunk) {
  const own = ownData(trunk)
  const callerid = own.callerid === undefined ? trunk.data.callerid : own.callerid
  return {
    id: trunk.id,
    name: trunk.name,
    label: trunk.label,
    callerid: typeof callerid === 'string' ? callerid : null,
    auth_method: hostOf(own) === 'dynamic' ? 'Digest' : 'IP auth',
    host_request: null,
    status: 'active',
    talk_time: 0,
    charge: '0.0',
    ...withDefaults(own, DEFAULTS),
    access_token: null,
  }
}

/** A trunk by itself: its limits as well. Older clients look for what lists show. */
export function oneTrunkView(trunk: Trunk) {
  const own = ownData(trunk)
  const addresses = Array.isArray(own.allowed_ips) ? own.allowed_ips : []
  return {
    ...trunkView(trunk),
    host: hostOf(own),
    allowed_ips: addresses.map((ip, position) => ({ id: position + 1, ip: String(ip) })),
    ...withDefaults(own, DEFAULT_LIMITS),
    created_at: new Date(trunk.createdAt).toISOString(),
  }
}
