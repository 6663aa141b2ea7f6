import { toE164 } from '../../core/ground/e164.ts'
import type { Account } from '../../core/ground/model.ts'

export const DIALECT = 'sinch-v1'

/** Twilio-style: `AC` and 32 digits, from the account's number. */
export function accountSid({ id }: Pick<Account, 'id'>): string {
  return `AC${String(id).padStart(32, '0')}`
}

/** An AccountId as sent: ours, or undefined. */
export function accountIdOf(text: string): number | undefined {
  const match = /^AC0*([1-9]\d{0,14})$/i.exec(text)
  return match && text.length === 34 ? Number(match[1]) : undefined
}

/** After the literal `PN`, or without it: `+`, `%2B` or digits only. A 32-digit sid names no number of ours. */
export function numberOf(text: string): string | undefined {
  return toE164(text.replace(/^PN/i, ''))
}
