import { createAudit, createOutbox } from './events/index.ts'
import { createAccessCache } from './ground/access-cache.ts'
import { createCursors } from './ground/cursors.ts'
import { createIdempotency, runOnce } from './ground/idempotency.ts'
import { systemRandom } from './ground/random.ts'
import { createSecretBox } from './ground/secrets.ts'
import { createRunTogether } from './ground/together.ts'
import { type Context, createRunUnit } from './ground/unit.ts'
import { createImports, createInventory, createPlaces } from './inventory/index.ts'
import { createCalls, createProvisionings, createResources, createTrunks, provisioning } from './leases/index.ts'
import { createLedger } from './money/index.ts'
import { createHolds, createNumbers, flushStock } from './numbers/index.ts'
import { createCarts, createOrders, orderReview } from './orders/index.ts'
import { createCompanyProfiles, createDocuments } from './papers/index.ts'
import {
  createAccounts,
  createAdminTokens,
  createCallbackSecrets,
  createCredentials,
  createDirectory,
  createPolicies,
  createSessions,
  createTokens,
  createVerifications,
} from './people/index.ts'
import type { Store } from './store/store.ts'
import {
  checkInvariants,
  createExports,
  createJobs,
  createOversight,
  createRetention,
  createSealed,
  createSharedCounts,
  DEFAULT_RETENTION,
  expiry,
  renewal,
  runUntil,
} from './upkeep/index.ts'
import type { Clock, Core, Random, RetentionDays } from './verbs.ts'

export interface CoreOptions {
  store: Store
  clock: Clock
  /** Everything random; the system's by default. */
  random?: Random
  /** Encrypts secrets that must be shown again. */
  key: string
  /** What was sealed and signed before there was this one is opened with it, until all is sealed anew. */
  oldKey?: string | undefined
  /** Sliding life time of a login session, milliseconds. */
  sessionTtlMs?: number
  /** How long what is over is kept. */
  retention?: RetentionDays
}

const DAY_MS = 86_400_000

/** The numbering core over one database. It knows no HTTP, no XML and no dialect. */
export function createCore(options: CoreOptions): Core {
  const { store, clock, random = systemRandom(), key, oldKey, sessionTtlMs = DAY_MS } = options
  const context: Context = {
    store,
    clock,
    random,
    secrets: createSecretBox({ key, oldKey }),
    access: createAccessCache(),
    signingKeys: [key, oldKey].filter(each => each !== undefined).map(each => `didgate tokens\n${each}`),
    listening: new Set(),
    onArrival: [],
    onCommitted: [],
    sessionTtlMs,
  }
  const run = createRunUnit(context, flushStock, (unit, actor, fn) => runOnce(unit, context.secrets, actor, fn))
  const retention = createRetention(context, run, options.retention ?? DEFAULT_RETENTION)
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
    numbers: createNumbers(context, run, createRunTogether(context, flushStock)),
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
    sharedCounts: createSharedCounts(context, run),
    audit: createAudit(context, run),
    adminTokens: createAdminTokens(context, run),
    sealed: createSealed(context, run),
    exports: createExports(context),
    idempotency: createIdempotency(context),
    oversight: createOversight(context),
    imports: createImports(context, run),
    jobs: createJobs(context, run, [expiry, renewal, provisioning, orderReview], retention.tidyAll),
    retention,
    invariants: () => store.readAside(checkInvariants),
  }
}
