import { redactText } from '../logs/redact.ts'

/** `unknown`: it could not be looked at, for what another one says. */
export type Health = 'ok' | 'warning' | 'broken' | 'unknown'

/** One thing that was looked at. The words are for people and name no secret. */
export interface Finding {
  check: string
  health: Health
  says: string
}

export type Verdict = Omit<Finding, 'check'>

export const ok = (says: string): Verdict => ({ health: 'ok', says })
export const warning = (says: string): Verdict => ({ health: 'warning', says })
export const broken = (says: string): Verdict => ({ health: 'broken', says })
export const unknown = (says: string): Verdict => ({ health: 'unknown', says })

/** What goes wrong while it is looked at is what is found. */
export async function find(check: string, look: () => Promise<Verdict> | Verdict): Promise<Finding> {
  try {
    const { health, says } = await look()
    return { check, health, says: redactText(says) }
  } catch (error) {
    return { check, ...broken(redactText((error as Error).message)) }
  }
}
