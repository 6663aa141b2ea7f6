import type { Trunk } from '../../core/model.ts'

/** As lists show a trunk. */
export function trunkView({ id, name, label, data }: Trunk) {
  return {
    id,
    name,
    label,
    callerid: typeof data.callerid === 'string' ? data.callerid : null,
    auth_method: 'Digest',
    host_request: null,
    status: 'active',
    talk_time: 0,
    charge: '0.0',
    multiple_numbers: false,
    passthrough: false,
    call_recording_enabled: false,
    machine_detection_enabled: false,
    transcription_enabled: false,
    transcription_threshold: 6,
    encrypted_media: false,
    access_token: null,
  }
}

/** A trunk by itself: its limits, of which it has none here. Older clients look for what lists show as well. */
export function oneTrunkView(trunk: Trunk) {
  return {
    ...trunkView(trunk),
    host: 'dynamic',
    ip_restrict: false,
    allowed_ips: [],
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
    created_at: new Date(trunk.createdAt).toISOString(),
  }
}
