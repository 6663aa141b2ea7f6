import type { Driver } from '../../adapters/kit/driver.ts'

/**
 * What a contract case may use. The cases know no dialect, no engine and no test framework: they speak through
 * drivers and throw when something does not hold.
 */
export interface Bench {
  /** A client of an account with plenty of money. */
  rich: Driver
  /** A client of another account that can pay one number and not two. */
  poor: Driver
  /** No credentials. */
  anonymous: Driver
  /** Credentials that nobody was given. */
  stranger: Driver
  /** Free numbers, alone in their area each, at 1 + 2 currency units. Never the same one twice. */
  number(): string
  /** Whole currency units; undefined where the server under test cannot be asked. */
  balance?(who: 'rich' | 'poor'): Promise<number>
}

export interface ContractCase {
  name: string
  run(bench: Bench): Promise<void>
}

export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [got, want] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (got !== want) throw new Error(`${what}: expected ${want}, got ${got}`)
}

export function expectTrue(value: boolean, what: string): void {
  if (!value) throw new Error(what)
}

/** Price of every number of a bench, set-up and first period together. */
export const PRICE = 3
