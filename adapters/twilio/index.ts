import type { Dialect, DialectHost, DialectModule } from '../kit/dialect.ts'
import { formFormats } from '../kit/form-formats.ts'
import { credentialsOf, identifier } from './auth.ts'
import { demo } from './demo.ts'
import { twilioDriver } from './driver.ts'
import { faults } from './faults.ts'
import { DIALECT } from './ids.ts'
import { operationsFor } from './operations.ts'
import { reference } from './reference.ts'
import { rules } from './rules.ts'
import { anywhere } from './schemas.ts'
import { twilioSurface } from './ways/own-surface.ts'

/** Root element of every XML answer. */
const ROOT = 'TwilioResponse'

function create(_: DialectHost): Dialect {
  const operations = operationsFor(twilioSurface)
  return {
    name: DIALECT,
    operations,
    wire: formFormats(operations, { root: ROOT }),
    identify: identifier(twilioSurface),
    faults,
    anywhere,
    otherTypes: ['application/xml', 'text/csv'],
  }
}

export const twilio: DialectModule<typeof DIALECT, typeof demo> = {
  name: DIALECT,
  hosts: ['api.twilio.com', 'pricing.twilio.com'],
  create,
  credentials: credentialsOf(twilioSurface),
  reference,
  offers: { types: twilioSurface.types, ownCurrency: true, documents: 'anybody' },
  demo,
  driver: twilioDriver,
  rules,
}
