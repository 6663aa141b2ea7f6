import type { Holds } from './verbs/holds.ts'
import type { Imports, Inventory, Places, Policies } from './verbs/inventory.ts'
import type { Calls, Carts, Documents, Provisionings, Trunks } from './verbs/leases.ts'
import type { CompanyProfiles, Ledger, Orders } from './verbs/money.ts'
import type { Numbers } from './verbs/numbers.ts'
import type { Oversight } from './verbs/oversight.ts'
import type { Accounts, CallbackSecrets, Credentials, Directory, Sessions, Tokens } from './verbs/people.ts'
import type { Audit, Clock, Cursors, Idempotency, Jobs, Outbox, Random, Violation } from './verbs/plumbing.ts'

export type * from './verbs/holds.ts'

import type { Resources } from './verbs/resources.ts'
import type { Verifications } from './verbs/verifications.ts'

export type * from './verbs/inventory.ts'
export type * from './verbs/leases.ts'
export type * from './verbs/money.ts'
export type * from './verbs/numbers.ts'
export type * from './verbs/oversight.ts'
export type * from './verbs/people.ts'
export type * from './verbs/plumbing.ts'
export type * from './verbs/resources.ts'
export type * from './verbs/verifications.ts'

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
  audit: Audit
  idempotency: Idempotency
  oversight: Oversight
  imports: Imports
  jobs: Jobs
  /** Run the invariants of DESIGN 4.5 that are SQL. */
  invariants(): Promise<{ ok: boolean; checked: number; violations: Violation[] }>
}
