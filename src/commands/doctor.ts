import { examine } from '../doctor/doctor.ts'
import type { Health } from '../doctor/finding.ts'
import { exit, type Shell } from './shell.ts'

export interface DoctorFlags {
  invariants: boolean
  json: boolean
}

/** What could not be looked at is no reason for an alarm of its own: what kept it from that is one. */
const STATUS: Record<Health, number> = { ok: 0, unknown: 0, warning: 1, broken: 2 }
const WORDS = ['ok', 'warning', 'broken']

export async function doctor(shell: Shell, flags: DoctorFlags): Promise<void> {
  const checks = await examine(shell.env, flags.invariants)
  const status = Math.max(...checks.map(({ health }) => STATUS[health]))
  if (flags.json) shell.out(`${JSON.stringify({ health: WORDS[status], checks })}\n`)
  else for (const { check, health, says } of checks) shell.out(`${health.padEnd(8)} ${check.padEnd(11)} ${says}\n`)
  if (status > 0) throw exit(status)
}
