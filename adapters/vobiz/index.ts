/** The Vobiz dialect: main accounts with sub-accounts, an inventory to buy from, releases that take a day. */
import type { Dialect, DialectHost, DialectModule, Operation } from '../kit/dialect.ts'
import { restJson } from '../kit/rest-json.ts'
import { credentials, identify } from './auth.ts'
import { demo } from './demo.ts'
import { vobizDriver } from './driver.ts'
import { createFaults } from './faults.ts'
import { DIALECT } from './ids.ts'
import { accountOperations } from './operations/account.ts'
import { applicationOperations } from './operations/applications.ts'
import { assignmentOperations } from './operations/assignment.ts'
import { attachmentOperations } from './operations/attachment.ts'
import { cdrOperations } from './operations/cdr.ts'
import { healthOperations } from './operations/health.ts'
import { moneyOperations } from './operations/money.ts'
import { numberOperations } from './operations/numbers.ts'
import { releaseOperations } from './operations/release.ts'
import { subAccountOperations } from './operations/sub-accounts.ts'
import { trunkPartOperations } from './operations/trunk-parts.ts'
import { trunkOperations } from './operations/trunks.ts'
import { verificationOperations } from './operations/verification.ts'
import { verificationTestOperations } from './operations/verification-tests.ts'
import { reference } from './reference.ts'
import { rules } from './rules.ts'
import { anywhere } from './schemas/shapes.ts'

export const operations: readonly Operation[] = [
  ...numberOperations,
  ...releaseOperations,
  ...assignmentOperations,
  ...attachmentOperations,
  ...applicationOperations,
  ...trunkPartOperations,
  ...healthOperations,
  ...cdrOperations,
  ...subAccountOperations,
  ...moneyOperations,
  ...accountOperations,
  ...trunkOperations,
  ...verificationOperations,
  ...verificationTestOperations,
]

/** Where accounts are real, nobody verifies himself. */
function operationsOf(mode: DialectHost['mode']): readonly Operation[] {
  if (mode === 'double') return operations
  return operations.filter(each => !verificationTestOperations.includes(each))
}

function create({ core, mode }: DialectHost): Dialect {
  const operations = operationsOf(mode)
  // the provider's own documents spell `Account` both ways
  const wire = restJson(operations, {
    ignoreCase: true,
    trailingSlash: true,
    methodUnknown: 'not_found',
    writesByBody: true,
  })
  return { name: DIALECT, wire, operations, identify, faults: createFaults(core.clock), anywhere }
}

export const vobiz: DialectModule<typeof DIALECT, typeof demo> = {
  name: DIALECT,
  hosts: ['api.vobiz.ai'],
  create,
  credentials,
  reference,
  offers: { documents: 'verified' },
  demo,
  driver: vobizDriver,
  rules,
}
