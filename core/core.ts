import { createAccessCache } from './access-cache.ts'
import { createAccounts } from './accounts.ts'
import { createAudit } from './audit.ts'
import { createCallbackSecrets } from './callback-secrets.ts'
import { createCalls } from './calls.ts'
import { createCarts } from './carts.ts'
import { createCompanyProfiles } from './company-profiles.ts'
import { createCredentials } from './credentials.ts'
import { createCursors } from './cursors.ts'
import { createDirectory } from './directory.ts'
import { createDocuments } from './documents.ts'
import { createHolds } from './holds.ts'
import { createIdempotency, runOnce } from './idempotency.ts'
import { createImports } from './imports.ts'
import { checkInvariants } from './invariants.ts'
import { createInventory } from './inventory.ts'
import { createJobs, expiry, renewal, runUntil } from './jobs.ts'
import { createLedger } from './ledger.ts'
import { flushStock } from './numbers/stock.ts'
import { createNumbers } from './numbers.ts'
import { orderReview } from './orders/kept.ts'
import { createOrders } from './orders.ts'
import { createOutbox } from './outbox.ts'
import { createOversight } from './oversight.ts'
import { createPlaces } from './places.ts'
import { createPolicies } from './policies.ts'
import { createProvisionings, provisioning } from './provisionings.ts'
import { systemRandom } from './random.ts'
import { createResources } from './resources.ts'
import { createSecretBox } from './secrets.ts'
import { createSessions } from './sessions.ts'
import type { Store } from './store/store.ts'
import { createTokens } from './tokens.ts'
import { createTrunks } from './trunks.ts'
import { type Context, createRunUnit } from './unit.ts'
import type { Clock, Core, Random } from './verbs.ts'
import { createVerifications } from './verifications.ts'

export interface CoreOptions {
  store: Store
  clock: Clock
  /** Everything random; the system's by default. */
  random?: Random
  /** Encrypts secrets that must be shown again. */
  key: string
  /** Sliding life time of a login session, milliseconds. */
  sessionTtlMs?: number
}

const DAY_MS = 86_400_000

/** The numbering core over one database. It knows no HTTP, no XML and no dialect. */
export function createCore({ store, clock, random = systemRandom(), key, sessionTtlMs = DAY_MS }: CoreOptions): Core {
  const context: Context = {
    store,
    clock,
    random,
    secrets: createSecretBox(key),
    access: createAccessCache(),
    signingKey: `didgate tokens\n${key}`,
    listening: new Set(),
    onArrival: [],
    sessionTtlMs,
  }
  const run = createRunUnit(context, flushStock, (unit, actor, fn) => runOnce(unit, context.secrets, actor, fn))
  return {
    clock,
    random,
    accounts: createAccounts(context, run),
    directory: createDirectory(context, run),
    credentials: createCredentials(context, run),
    sessions: createSessions(context, run),
    places: createPlaces(context, run),
    policies: createPolicies(context, run),
    inventory: createInventory(context, () => runUntil(context, run, [expiry], clock.now())),
    numbers: createNumbers(context, run),
    holds: createHolds(context, run),
    ledger: createLedger(context, run),
    calls: createCalls(context, run),
    trunks: createTrunks(context, run),
    resources: createResources(context, run),
    carts: createCarts(context, run),
    documents: createDocuments(context, run),
    companyProfiles: createCompanyProfiles(context, run),
    verifications: createVerifications(context, run),
    orders: createOrders(context, run),
    provisionings: createProvisionings(context, run),
    tokens: createTokens(context),
    callbackSecrets: createCallbackSecrets(context, run),
    outbox: createOutbox(context, run),
    cursors: createCursors(context),
    audit: createAudit(context, run),
    idempotency: createIdempotency(context),
    oversight: createOversight(context),
    imports: createImports(context, run),
    jobs: createJobs(context, run, [expiry, renewal, provisioning, orderReview]),
    invariants: () => store.readAside(checkInvariants),
  }
}
