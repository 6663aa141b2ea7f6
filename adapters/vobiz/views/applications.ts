/** Voice applications as the provider shows them. The id is a decimal text. */
import type { Resource } from '../../../core/ground/model.ts'
import { uuidOf } from '../ids.ts'
import { timestamp } from '../wire/text.ts'

const DEFAULTS = {
  answer_url: '',
  answer_method: 'POST',
  hangup_method: 'POST',
  fallback_answer_url: null,
  fallback_method: 'POST',
  message_url: null,
  message_method: 'POST',
  sip_transfer_method: 'POST',
  sip_transfer_url: null,
  application_type: 'XML',
  default_app: false,
  default_endpoint_app: false,
  enabled: true,
  log_incoming_message: true,
  public_uri: false,
} as const

/** Whose it is: the account of the path, or a sub-account of it. */
export interface Keeper {
  handle: string
  isSubAccount: boolean
}

/** The same for the same answer, so that a repeated request gets the same bytes. */
const apiId = ({ id, updatedAt }: Resource) => uuidOf('application', `${id} ${updatedAt}`)

/** As lists show it. */
export function listedApplication(resource: Resource, { handle, isSubAccount }: Keeper) {
  const { id, name, data } = resource
  const set = Object.fromEntries(Object.entries(DEFAULTS).map(([key, value]) => [key, data[key] ?? value]))
  return {
    app_id: String(id),
    app_name: name,
    ...set,
    hangup_url: data.hangup_url ?? data.answer_url ?? '',
    sip_uri: `sip:${id}@sip.vobiz.ai`,
    resource_uri: `/v1/Account/${handle}/Application/${id}/`,
    sub_account: isSubAccount ? handle : null,
    created_at: timestamp(resource.createdAt),
    updated_at: timestamp(resource.updatedAt),
  }
}

export function applicationObject(resource: Resource, keeper: Keeper) {
  return { api_id: apiId(resource), ...listedApplication(resource, keeper) }
}

export function createdApplication(resource: Resource) {
  return { api_id: apiId(resource), app_id: String(resource.id), message: 'created' }
}

export function changedApplication(resource: Resource) {
  return { api_id: apiId(resource), message: 'changed' }
}

/** `next` is empty text on the last page: strict clients want text. */
export function pageMeta(handle: string, { limit, offset }: { limit: number; offset: number }, total: number) {
  const at = (start: number) => `/v1/Account/${handle}/Application/?limit=${limit}&offset=${start}`
  return {
    limit,
    offset,
    total_count: total,
    next: offset + limit < total ? at(offset + limit) : '',
    previous: offset > 0 ? at(Math.max(offset - limit, 0)) : null,
  }
}
