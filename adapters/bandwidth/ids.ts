import type { Account } from '../../core/ground/model.ts'

export const DIALECT = 'bandwidth'

/** Account ids of this provider have seven digits. */
const FIRST_ACCOUNT = 9_900_000

export function accountIdOf(account: Pick<Account, 'id'>): string {
  return String(FIRST_ACCOUNT + account.id)
}

/** Undefined: it cannot be the id of an account. */
export function accountFrom(text: string): number | undefined {
  const id = /^\d{7,15}$/.test(text) ? Number(text) - FIRST_ACCOUNT : 0
  return id > 0 ? id : undefined
}

/** Ten digits in the North American plan; numbers of other plans, which other dialects sell, in E.164. */
export function tnOf(e164: string): string {
  return /^\+1\d{10}$/.test(e164) ? e164.slice(2) : e164
}

/** Undefined: it is no telephone number. */
export function e164Of(text: string): string | undefined {
  if (/^\d{10}$/.test(text)) return `+1${text}`
  return /^\+[1-9]\d{6,14}$/.test(text) ? text : undefined
}

/** Sites, peers and subscriptions have integers for ids. */
export function idFrom(text: string): number | undefined {
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined
}

export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

/** ISO 8601 with milliseconds and `Z`. */
export function timeText(at: number): string {
  return new Date(at).toISOString()
}
