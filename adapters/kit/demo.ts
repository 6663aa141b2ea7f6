/** What a dialect is tried with on the demo world. Its secrets are published on purpose: production mode refuses them. */
import type { MadeCredential } from './credentials.ts'

/** The accounts that everybody knows: one with money, one with little, and one that there is not. */
export const DEMO_ACCOUNTS = {
  account: { id: 12, guid: '00000000-0000-4000-8000-000000000012', handle: 'MA_DEMO0001' },
  other: { id: 13, guid: '00000000-0000-4000-8000-000000000013', handle: 'MA_DEMO0002' },
  stranger: { id: 99, guid: '00000000-0000-4000-8000-000000000099', handle: 'MA_NOBODY00' },
} as const satisfies Record<string, MadeCredential['account']>

export interface DemoSecret {
  /** Where the account has none of its own. */
  publicId?: string
  secret: string
}

export interface Demo<Told extends object = object> extends Record<keyof typeof DEMO_ACCOUNTS, DemoSecret> {
  /** Of the first account beside its own, in realms that the dialect issues. */
  further?: readonly { realm: string; publicId: string; secret: string }[]
  /** The first account's, as a test reads them from `gateway.credentials`. */
  told: Told
  /** The same in words. */
  words: string
  /** One line for a shell; `base` is the dialect's base URL. */
  curl(base: string): string
}
