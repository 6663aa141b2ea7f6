/** As small as a dialect can be that is served, documented, tried and verified: numbers are asked for, bought and given back. */
import type { DialectModule } from '../../../adapters/kit/dialect.ts'
import { restJson } from '../../../adapters/kit/rest-json.ts'
import { credentials, identify } from './auth.ts'
import { demo } from './demo.ts'
import { driver } from './driver.ts'
import { faults } from './faults.ts'
import { DIALECT } from './ids.ts'
import { operations } from './operations.ts'
import { reference } from './reference.ts'
import { rules } from './rules.ts'
import { error } from './schemas.ts'

const TRANSPORT = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503]

export const tiny: DialectModule<typeof DIALECT, typeof demo> = {
  name: DIALECT,
  hosts: ['api.tiny.test'],
  create: () => ({
    name: DIALECT,
    operations,
    wire: restJson(operations, { methodUnknown: 'method_not_allowed' }),
    identify,
    faults,
    anywhere: Object.fromEntries(TRANSPORT.map(status => [status, error])),
  }),
  credentials,
  reference,
  offers: { ownCurrency: true, documents: 'nobody' },
  demo,
  driver,
  rules,
}
