import type { Dialect, DialectModule, Operation } from '../kit/dialect.ts'
import { restJson } from '../kit/rest-json.ts'
import { credentials, identify } from './auth.ts'
import { demo } from './demo.ts'
import { sinchDriver } from './driver.ts'
import { faults } from './faults.ts'
import { DIALECT } from './ids.ts'
import { activeOperations } from './operations/active.ts'
import { availableOperations } from './operations/available.ts'
import { emergencyOperations } from './operations/emergency.ts'
import { orderOperations } from './operations/orders.ts'
import { projectOperations } from './operations/project.ts'
import { tokenOperations } from './operations/token.ts'
import { orderUpdated, provisioned, sign } from './outbound.ts'
import { reference } from './reference.ts'
import { rules } from './rules.ts'
import { anywhere } from './schemas.ts'
import { isTokenPath } from './wire/oauth.ts'

const operations: readonly Operation[] = [
  ...availableOperations,
  ...orderOperations,
  ...activeOperations,
  ...emergencyOperations,
  ...projectOperations,
  ...tokenOperations,
]

/** The token endpoint is another server's, with that one's habits. */
const methodUnknown = (pathname: string) => (isTokenPath(pathname) ? 'method_not_allowed' : 'not_found')

function create(): Dialect {
  return {
    name: DIALECT,
    operations,
    wire: restJson(operations, { literalSuffixes: true, trailingSlash: true, methodUnknown, writesByBody: true }),
    identify,
    faults,
    anywhere,
    collectIssues: true,
    outbound: { 'number.provisioned': provisioned, 'order.updated': orderUpdated },
    sign,
  }
}

export const sinch: DialectModule<typeof DIALECT, typeof demo> = {
  name: DIALECT,
  hosts: ['numbers.api.sinch.com', 'auth.sinch.com'],
  create,
  credentials,
  reference,
  offers: { documents: 'nobody' },
  demo,
  driver: sinchDriver,
  rules,
}
