import type { Dialect, DialectModule, Operation } from '../kit/dialect.ts'
import { restJson } from '../kit/rest-json.ts'
import { credentials, identify } from './auth.ts'
import { demo } from './demo.ts'
import { cmDriver } from './driver.ts'
import { faults } from './faults.ts'
import { DIALECT } from './ids.ts'
import { adviceOperations } from './operations/advice.ts'
import { numberOperations } from './operations/numbers.ts'
import { profileOperations } from './operations/profiles.ts'
import { requestOperations } from './operations/requests.ts'
import { orderUpdated } from './outbound.ts'
import { reference } from './reference.ts'
import { rules } from './rules.ts'
import { anywhere } from './schemas.ts'

const operations: readonly Operation[] = [
  ...requestOperations,
  ...adviceOperations,
  ...profileOperations,
  ...numberOperations,
]

function create(): Dialect {
  return {
    name: DIALECT,
    operations,
    // ASP.NET matches paths in any case
    wire: restJson(operations, {
      ignoreCase: true,
      trailingSlash: true,
      methodUnknown: 'not_found',
      writesByBody: true,
    }),
    identify,
    faults,
    anywhere,
    outbound: { 'order.updated': orderUpdated },
  }
}

export const cm: DialectModule<typeof DIALECT, typeof demo> = {
  name: DIALECT,
  hosts: ['api.cm.com'],
  create,
  credentials,
  reference,
  offers: {
    types: ['local', 'national', 'toll_free'],
    documents: 'verified',
    without: 'countries and types for which the account has no approved company profile',
  },
  demo,
  driver: cmDriver,
  rules,
}
