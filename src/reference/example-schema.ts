import type { JsonSchema } from './json-schema.ts'

/** Members that may be null although an example shows more of them. */
const MAY_BE_NULL = new Set(
  (
    'default_organization_id default_user_id user_id owner organization_id area_code npa_nxx region city city_id ' +
    'rate_center lata latitude longitude postal_code channels status error per_minute_price subscription ' +
    'company_profile_id callback_url owner_id lease_id actor_account_id range_size next_due_at paid_until paid_from ' +
    'reason setup_price monthly_price dialect'
  ).split(' '),
)

/** The form of an answer, as one example tells it: members that are null there may be anything. */
export function exampleSchema(value: unknown, name = ''): JsonSchema {
  if (value === null || value === undefined) return {}
  const shape = shapeOf(value)
  return MAY_BE_NULL.has(name) ? { ...shape, type: [shape.type, 'null'] } : shape
}

function shapeOf(value: unknown): JsonSchema {
  if (Array.isArray(value)) return { type: 'array', ...(value.length > 0 && { items: exampleSchema(value[0]) }) }
  if (typeof value !== 'object' || value === null) return { type: typeof value }
  const members = Object.entries(value)
  if (members.length === 0) return { type: 'object' }
  return {
    type: 'object',
    properties: Object.fromEntries(members.map(([name, each]) => [name, exampleSchema(each, name)])),
    ...(members.every(([name]) => /^[a-z_0-9]+$/.test(name)) && { required: members.map(([name]) => name) }),
  }
}
