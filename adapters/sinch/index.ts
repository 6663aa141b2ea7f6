import type { Dialect, DialectModule, Operation } from '../kit/dialect.ts'
import { restJson } from '../kit/rest-json.ts'
import { identify } from './auth.ts'
import { sinchDriver } from './driver.ts'
import { faults } from './faults.ts'
import { DIALECT } from './ids.ts'
import { activeOperations } from './operations/active.ts'
import { availableOperations } from './operations/available.ts'
import { emergencyOperations } from './operations/emergency.ts'
import { projectOperations } from './operations/project.ts'
import { provisioned, sign } from './outbound.ts'
import { reference } from './reference.ts'
import { rules } from './rules.ts'

const operations: readonly Operation[] = [
  ...availableOperations,
  ...activeOperations,
  ...emergencyOperations,
  ...projectOperations,
]

function create(): Dialect {
  return {
    name: DIALECT,
    operations,
    wire: restJson(operations, { literalSuffixes: true, trailingSlash: true, methodUnknown: 'not_found' }),
    identify,
    faults,
    collectIssues: true,
    outbound: { 'number.provisioned': provisioned },
    sign,
  }
}

export const sinch: DialectModule = {
  name: DIALECT,
  hosts: ['numbers.api.sinch.com', 'auth.sinch.com'],
  create,
  reference,
  driver: sinchDriver,
  rules,
}
