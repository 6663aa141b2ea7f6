/** The OnSIP "Action" web API: one address, one `Action` parameter, one envelope. */
import { actionParams } from '../kit/action-params.ts'
import type { Dialect, DialectHost, DialectModule, Operation } from '../kit/dialect.ts'
import { preflight } from '../kit/preflight.ts'
import { credentials, identify } from './auth.ts'
import { demo } from './demo.ts'
import { onsipDriver } from './driver.ts'
import { faults } from './faults.ts'
import { DIALECT, NAMESPACE } from './ids.ts'
import { accountOperations } from './operations/accounts.ts'
import { cdrOperations } from './operations/cdrs.ts'
import { didOperations } from './operations/dids.ts'
import { externalAddressOperations } from './operations/external-addresses.ts'
import { groupAddressOperations } from './operations/group-addresses.ts'
import { npaNxxOperations } from './operations/npa-nxx.ts'
import { organizationOperations } from './operations/organizations.ts'
import { requestOperations } from './operations/request.ts'
import { resourceOperations } from './operations/resources.ts'
import { sessionOperations } from './operations/sessions.ts'
import { telephoneAddressOperations } from './operations/telephone-addresses.ts'
import { userAddressChangeOperations } from './operations/user-address-changes.ts'
import { userAddressOperations } from './operations/user-addresses.ts'
import { userAliasOperations } from './operations/user-aliases.ts'
import { userChangeOperations } from './operations/user-changes.ts'
import { userOperations } from './operations/users.ts'
import { utilityOperations } from './operations/utility.ts'
import { voicemailboxOperations } from './operations/voicemailboxes.ts'
import { reference } from './reference.ts'
import { rules } from './rules.ts'
import { createShelf } from './ways/shelf.ts'
import { envelope } from './wire/envelope.ts'

/** Pages of any origin may call; actions with effects arrive by GET, so nothing may be kept by caches. */
const HEADERS = {
  'access-control-allow-origin': '*',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

const BROWSERS = { methods: ['GET', 'POST', 'OPTIONS'], headers: ['Authorization', 'Content-Type'] }

function allow(request: Request): Response {
  const response = preflight(request, BROWSERS)
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value)
  return response
}

/** Refusals of transport, in the envelope all the same. */
const anywhere = Object.fromEntries([401, 404, 405, 413, 415, 429].map(status => [status, 'Response']))

function create({ core }: DialectHost): Dialect {
  const operations: readonly Operation[] = [
    ...utilityOperations,
    ...sessionOperations,
    ...npaNxxOperations(createShelf(core)),
    ...requestOperations,
    ...didOperations,
    ...userOperations,
    ...userAddressOperations,
    ...organizationOperations,
    ...accountOperations,
    ...resourceOperations,
    ...telephoneAddressOperations,
    ...userChangeOperations,
    ...userAddressChangeOperations,
    ...userAliasOperations,
    ...groupAddressOperations,
    ...externalAddressOperations,
    ...voicemailboxOperations,
    ...cdrOperations,
  ]
  const wire = actionParams({
    paths: reference.paths,
    operations,
    namespace: NAMESPACE,
    envelope: envelope(core.clock),
  })
  return { name: DIALECT, wire, operations, identify, faults, anywhere, preflight: allow, headers: HEADERS }
}

export const onsip: DialectModule<typeof DIALECT, typeof demo> = {
  name: DIALECT,
  hosts: ['api.onsip.com', 'www.jnctn.com'],
  create,
  credentials,
  reference,
  offers: { countries: ['US', 'CA'], types: ['local'], ownCurrency: true, documents: 'nobody' },
  demo,
  driver: onsipDriver,
  rules,
  grammar: { folder: 'rng/onsip', root: 'jnctn.rng', namespace: NAMESPACE },
  files: { prefix: '/rng', folder: 'rng/onsip', suffix: '.rng', type: 'application/xml; charset=utf-8' },
}
