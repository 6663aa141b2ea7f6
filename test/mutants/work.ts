import type { Mutant } from './instrument.ts'

/** What one run has to do and has done, kept in a file between the processes. */
export interface Work {
  /** Absolute path → text with its mutants. */
  texts: Record<string, string>
  mutants: Mutant[]
  /** By mutant; none: no test reached it. */
  outcomes: Record<string, Outcome>
}

export interface Outcome {
  /** The test that failed; undefined: none did, of so many that ran. */
  killer: string | undefined
  ran: number
}
