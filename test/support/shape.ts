import type { Gateway } from '../../src/http/gateway.ts'
import { schemaFaults } from '../../verify/answers/schema.ts'

/** The strict schema of this status of the operation that answered; throws where the answer does not fit. */
export function checkShape(
  gateway: Gateway,
  name: string,
  method: string,
  path: string,
  status: number,
  body: unknown,
) {
  const dialect = gateway.dialects.find(each => each.name === name)
  const pathname = new URL(path, 'http://didgate.test').pathname
  const request = new Request(`http://didgate.test${pathname}`, { method })
  const arrival = { request, base: '', pathname, startedAt: 0, requestId: '' }
  const operation = dialect?.wire.match(arrival).operation
  if (!operation || typeof operation.answers === 'function') return
  const schema = { ...dialect?.anywhere, ...operation.answers }[status]
  if (schema === undefined) throw new Error(`${method} ${path}: status ${status} is not documented`)
  if (typeof schema === 'string') return
  const faults = schemaFaults(schema, body)
  if (faults.length > 0) throw new Error(`${method} ${path} ${status}: ${faults.join('; ')}`)
}
