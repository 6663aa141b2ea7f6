/** What this dialect keeps with a lease. Numbers that another dialect bought have the defaults. */
import type { JsonObject, Owned } from '../../core/ground/model.ts'

export interface DidSettings {
  protocol: 'sip' | 'iax'
  /** Seconds it rings. */
  timeout: number
  failoverEnabled: boolean
  failoverProtocol: '' | 'sip' | 'iax'
  failoverLocation: string
  callerIdNumberRequired: boolean
  note: string
}

const DEFAULTS: DidSettings = {
  protocol: 'sip',
  timeout: 60,
  failoverEnabled: false,
  failoverProtocol: '',
  failoverLocation: '',
  callerIdNumberRequired: false,
  note: '',
}

/** Only this module writes them, hence the trust in their types. */
export function settingsOf(owned: Owned): DidSettings {
  return { ...DEFAULTS, ...(owned.settings as Partial<DidSettings>) }
}

/** The settings with these members changed. */
export function changedSettings(owned: Owned | undefined, change: Partial<DidSettings>): JsonObject {
  return { ...DEFAULTS, ...owned?.settings, ...change }
}

/** Only the members that were given. */
export function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> }
}
