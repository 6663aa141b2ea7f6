/** Exact shapes of voice applications: keys and types are those that strict clients ask for. */
import * as v from 'valibot'
import { Decimal, Timestamp, Uuid, Whole } from './shapes.ts'

const orNull = v.nullable(v.string())

const entries = {
  app_id: Decimal,
  app_name: v.string(),
  answer_url: v.string(),
  answer_method: v.string(),
  hangup_url: v.string(),
  hangup_method: v.string(),
  fallback_answer_url: orNull,
  fallback_method: v.string(),
  message_url: orNull,
  message_method: v.string(),
  sip_transfer_method: v.string(),
  sip_transfer_url: orNull,
  sip_uri: v.string(),
  application_type: v.string(),
  default_app: v.boolean(),
  default_endpoint_app: v.boolean(),
  enabled: v.boolean(),
  log_incoming_message: v.boolean(),
  public_uri: v.boolean(),
  resource_uri: v.string(),
  sub_account: orNull,
  created_at: Timestamp,
  updated_at: Timestamp,
}

export const ApplicationObject = v.strictObject({ api_id: Uuid, ...entries })
export const ApplicationCreated = v.strictObject({ api_id: Uuid, app_id: Decimal, message: v.literal('created') })
export const ApplicationChanged = v.strictObject({ api_id: Uuid, message: v.literal('changed') })
export const ApplicationList = v.strictObject({
  api_id: Uuid,
  meta: v.strictObject({ limit: Whole, offset: Whole, total_count: Whole, next: v.string(), previous: orNull }),
  objects: v.array(v.strictObject(entries)),
})
