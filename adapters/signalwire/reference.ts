import type { RestReference } from '../kit/reference.ts'
import { entriesOf, reference as twilio } from '../twilio/reference.ts'
import { statusSources } from './status-sources.ts'
import { signalwireSurface } from './ways/surface.ts'

export const reference: RestReference = {
  ...(twilio as RestReference),
  title: 'signalwire: phone numbers, compatibility API',
  description:
    "The surface of `twilio` under `/api/laml`, with this provider's differences: ids are UUIDs, what is unset is null, wrong input is 422, and numbers are bought by name only.",
  security: { basic: { type: 'http', scheme: 'basic', description: 'Project id and token.' } },
  schemas: {
    ...(twilio as RestReference).schemas,
    AvailablePhoneNumber: signalwireSurface.shapes.available,
    IncomingPhoneNumber: signalwireSurface.shapes.owned,
  },
  statusSources,
  operations: entriesOf(signalwireSurface),
}
