import type { Dialect, DialectHost, DialectModule } from '../kit/dialect.ts'
import { restJson } from '../kit/rest-json.ts'
import { credentials, identify } from './auth.ts'
import { demo } from './demo.ts'
import { sinchV1Driver } from './driver.ts'
import { faults } from './faults.ts'
import { DIALECT } from './ids.ts'
import { operationsFor } from './operations.ts'
import { statusCallback } from './outbound.ts'
import { reference } from './reference.ts'
import { rules } from './rules.ts'
import { anywhere } from './schemas.ts'

function create(host: DialectHost): Dialect {
  const operations = operationsFor(host)
  return {
    name: DIALECT,
    operations,
    wire: restJson(operations, { ignoreCase: true, trailingSlash: true, methodUnknown: 'method_not_allowed' }),
    identify,
    faults,
    anywhere,
    outbound: {
      'number.configured': statusCallback('configured'),
      'number.released': statusCallback('released'),
    },
  }
}

export const sinchV1: DialectModule<typeof DIALECT, typeof demo> = {
  name: DIALECT,
  hosts: ['numbers.sinch.com'],
  create,
  credentials,
  reference,
  offers: { ownCurrency: true, documents: 'verified' },
  demo,
  driver: sinchV1Driver,
  rules,
}
