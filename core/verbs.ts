import type { Imports, Inventory, Places, Policies } from './inventory/verbs.ts'
import type { Calls, Carts, Documents, Provisionings, Trunks } from './leases/verbs.ts'
import type { CompanyProfiles, Ledger, Orders } from './money/verbs.ts'
import type { Holds } from './numbers/hold-verbs.ts'
import type { Numbers } from './numbers/verbs.ts'
import type { AdminTokens } from './people/administration-verbs.ts'
import type { Accounts, CallbackSecrets, Credentials, Directory, Sessions, Tokens } from './people/verbs.ts'
import type { Exports } from './upkeep/export-verbs.ts'
import type {
  Audit,
  Clock,
  Cursors,
  Idempotency,
  Jobs,
  Outbox,
  Random,
  Retention,
  Sealed,
  SharedCounts,
  Violation,
} from './upkeep/plumbing.ts'
import type { Oversight } from './upkeep/verbs.ts'

export type * from './numbers/hold-verbs.ts'
export type * from './people/administration-verbs.ts'

import type { Resources } from './leases/resource-verbs.ts'
import type { Verifications } from './people/verification-verbs.ts'

export type * from './inventory/verbs.ts'
export type * from './leases/resource-verbs.ts'
export type * from './leases/verbs.ts'
export type * from './money/verbs.ts'
export type * from './numbers/verbs.ts'
export type * from './people/verbs.ts'
export type * from './people/verification-verbs.ts'
export type * from './upkeep/export-verbs.ts'
export type * from './upkeep/operating-verbs.ts'
export type * from './upkeep/plumbing.ts'
export type * from './upkeep/verbs.ts'

/** The one object dialects call: verbs by noun. */
export interface Core {
  clock: Clock
  random: Random
  accounts: Accounts
  directory: Directory
  credentials: Credentials
  sessions: Sessions
  places: Places
  policies: Policies
  inventory: Inventory
  numbers: Numbers
  holds: Holds
  ledger: Ledger
  calls: Calls
  trunks: Trunks
  resources: Resources
  carts: Carts
  documents: Documents
  companyProfiles: CompanyProfiles
  verifications: Verifications
  orders: Orders
  provisionings: Provisionings
  tokens: Tokens
  callbackSecrets: CallbackSecrets
  outbox: Outbox
  cursors: Cursors
  sharedCounts: SharedCounts
  audit: Audit
  adminTokens: AdminTokens
  sealed: Sealed
  exports: Exports
  idempotency: Idempotency
  oversight: Oversight
  imports: Imports
  jobs: Jobs
  retention: Retention
  /** Run the invariants of DESIGN 4.5 that are SQL. */
  invariants(): Promise<{ ok: boolean; checked: number; violations: Violation[] }>
}
