import type { Arrival, Dialect, DialectModule, FaultTable, Inbound, Reply, Wire } from '../kit/dialect.ts'
import { formFormats } from '../kit/form-formats.ts'
import { credentialsOf, identifier } from '../twilio/auth.ts'
import { faults as twilioFaults } from '../twilio/faults.ts'
import { accountOperations } from '../twilio/operations/accounts.ts'
import { addressOperations } from '../twilio/operations/addresses.ts'
import { emptyOperations } from '../twilio/operations/empty.ts'
import { numberOperations } from '../twilio/operations/numbers.ts'
import { searchOperations } from '../twilio/operations/search.ts'
import { anywhere, exception } from '../twilio/schemas.ts'
import { demo } from './demo.ts'
import { signalwireDriver } from './driver.ts'
import { reference } from './reference.ts'
import { rules } from './rules.ts'
import { DIALECT, signalwireSurface } from './ways/surface.ts'

/** What was sent wrong is 422 here, where the other says 400. */
const as422 = (word: (fault: never, inbound: never) => Reply) => (fault: never, inbound: never) => {
  const reply = word(fault, inbound)
  const { value } = reply.body as { value: object }
  return reply.status === 400
    ? { ...reply, status: 422, body: { kind: 'fault', value: { ...value, status: 422 } } }
    : reply
}
const faults = Object.fromEntries(
  Object.entries(twilioFaults).map(([code, word]) => [code, as422(word as never)]),
) as unknown as FaultTable

/** Validation answers 422 instead of 400. */
function with422<T extends { answers: unknown }>(operation: T): T {
  const { 400: _, ...answers } = operation.answers as Record<number, unknown>
  return { ...operation, answers: { ...answers, 422: exception } }
}

/** The official client leaves `/api/laml` out; links in answers have it all the same. */
function eitherPath(wire: Wire): Wire {
  const whole = (arrival: Arrival) =>
    arrival.pathname.startsWith('/2010-04-01/') ? { ...arrival, pathname: `/api/laml${arrival.pathname}` } : arrival
  return {
    match: arrival => wire.match(whole(arrival)),
    open: (arrival, match) => wire.open?.(whole(arrival), match) as Inbound,
    read: (arrival, match, opened) => wire.read(whole(arrival), match, opened),
    options: arrival => wire.options(whole(arrival)),
    write: wire.write,
  }
}

function create(): Dialect {
  const all = [accountOperations, searchOperations, numberOperations, addressOperations, emptyOperations]
  const operations = all.flatMap(each => each(signalwireSurface)).map(with422)
  return {
    name: DIALECT,
    operations,
    wire: eitherPath(formFormats(operations, { root: 'Response', plain: 'json' })),
    identify: identifier(signalwireSurface),
    faults,
    anywhere,
    otherTypes: ['application/xml', 'text/csv'],
  }
}

export const signalwire: DialectModule<typeof DIALECT, typeof demo> = {
  name: DIALECT,
  hosts: [],
  create,
  credentials: credentialsOf(signalwireSurface),
  reference,
  offers: { types: signalwireSurface.types, ownCurrency: true, documents: 'anybody' },
  demo,
  driver: signalwireDriver,
  rules,
}
