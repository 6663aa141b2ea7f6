/** One thing that somebody does. It does it, checks what came of it, and tells the model. */

import type { FaultCode } from '../../../../core/ground/fault.ts'
import { isFault } from '../../../../core/ground/fault.ts'
import type { Simulation } from '../bench.ts'
import { guarantee } from '../checks.ts'
import { mayAct, numbersOf, type PhoneNumber } from '../model.ts'
import { ACCOUNTS } from '../world.ts'

export interface Act {
  /** How often, beside the others. */
  weight: number
  /** Returns what it was, for the report; undefined: there was nothing to do. */
  run(simulation: Simulation): Promise<string | undefined>
}

export type Acts = Readonly<Record<string, Act>>

export const anyNumber = ({ dice, model }: Simulation): PhoneNumber => dice.pick([...model.numbers.values()])
export const anyAccount = ({ dice }: Simulation): number => dice.pick(ACCOUNTS)

/** Mostly one that the account has, so that something comes of what is asked. */
export function likelyOwn(simulation: Simulation, id: number): PhoneNumber {
  const own = numbersOf(simulation.model, id)
  return own.length > 0 && simulation.dice.chance(0.8) ? simulation.dice.pick(own) : anyNumber(simulation)
}

/** The client has a secret that opens, and whom it stands for may act. */
export function isLetIn({ model, secrets }: Simulation, id: number, dialect: string): boolean {
  return secrets.get(`${id} ${dialect}`) !== undefined && mayAct(model, id)
}

/** What a driver says, or that it was not even let look. */
export async function said<T>(answer: Promise<T>): Promise<T | 'refused'> {
  try {
    return await answer
  } catch {
    return 'refused'
  }
}

/** 'done' or the code of the fault; anything else is no lawful answer. */
export async function cameOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    for (const code of CODES) if (isFault(error, code)) return code
    throw error
  }
}

const CODES: readonly FaultCode[] = [
  ...(['number_unavailable', 'documents_required', 'insufficient_funds', 'not_found', 'wrong_state'] as const),
  ...(['conflict', 'cool_off', 'invalid_input', 'unauthenticated', 'forbidden', 'login_failed'] as const),
  ...(['limit_reached', 'login_locked'] as const),
]

export function expectOutcome(what: string, found: string, due: string): string {
  guarantee(what, found, due)
  return `${what}: ${found}`
}
