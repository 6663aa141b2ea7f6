import type { Dialect, DialectModule, Operation } from '../kit/dialect.ts'
import { restJson } from '../kit/rest-json.ts'
import { credentials, identify } from './auth.ts'
import { demo } from './demo.ts'
import { wavixDriver } from './driver.ts'
import { faults } from './faults.ts'
import { DIALECT } from './ids.ts'
import { accountOperations } from './operations/account.ts'
import { billingOperations } from './operations/billing.ts'
import { buyOperations } from './operations/buy.ts'
import { callOperations } from './operations/calls.ts'
import { cartOperations } from './operations/cart.ts'
import { emergencyOperations } from './operations/emergency.ts'
import { numberOperations } from './operations/numbers.ts'
import { paperOperations } from './operations/papers.ts'
import { subOrganizationOperations } from './operations/sub-organizations.ts'
import { trunkOperations } from './operations/trunks.ts'
import { reference } from './reference.ts'
import { rules } from './rules.ts'
import { anywhere } from './schemas.ts'

const operations: readonly Operation[] = [
  ...buyOperations,
  ...cartOperations,
  ...numberOperations,
  ...paperOperations,
  ...billingOperations,
  ...accountOperations,
  ...trunkOperations,
  ...subOrganizationOperations,
  ...emergencyOperations,
  ...callOperations,
]

function create(): Dialect {
  return {
    name: DIALECT,
    operations,
    // a base URL with a trailing slash makes `//v1/…`
    wire: restJson(operations, { doubleSlash: true, trailingSlash: true, methodUnknown: 'not_found' }),
    identify,
    faults,
    anywhere,
  }
}

export const wavix: DialectModule<typeof DIALECT, typeof demo> = {
  name: DIALECT,
  hosts: ['api.wavix.com'],
  create,
  credentials,
  reference,
  offers: { ownCurrency: true, documents: 'anybody', without: 'numbers that lie in no city' },
  demo,
  driver: wavixDriver,
  rules,
}
