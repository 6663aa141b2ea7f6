import { createHash } from 'node:crypto'
import type { Account } from '../../core/ground/model.ts'

export const DIALECT = 'vobiz'
/** Auth id and auth token. */
export const REALM = 'vobiz'
/** Short-lived bearer tokens, given with a new sub-account. */
export const ACCESS_REALM = 'vobiz-access'
export const REFRESH_REALM = 'vobiz-refresh'
export const ACCESS_SECONDS = 1800

/** A UUID that the provider shows and we do not store: the same for the same thing, always. */
export function uuidOf(kind: string, name: string | number): string {
  const hex = createHash('sha256').update(`didgate ${kind} ${name}`).digest('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, variant + hex.slice(17, 20)]
  return [...parts, hex.slice(20, 32)].join('-')
}

/** Sub-accounts show a decimal id beside their auth id. */
export const decimalId = (account: Pick<Account, 'id'>) => String(account.id)

/** The paths of an operation: below `/api/v1`, and without `/api` for clients whose base already holds it. */
export function at(method: string, path: string): string[] {
  return [`${method} /api/v1${path}`, `${method} /v1${path}`]
}
