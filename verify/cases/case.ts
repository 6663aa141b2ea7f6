import type { Cannot, Driver, DriverModule } from '../../adapters/kit/driver.ts'

/**
 * What a contract case may use. The cases know no dialect, no engine and no test framework: they speak through
 * drivers and throw when something does not hold.
 */
export interface Bench {
  /** A client of an account with plenty of money. */
  rich: Driver
  /** A client of another account that can pay a few numbers and not many. */
  poor: Driver
  /** No credentials. */
  anonymous: Driver
  /** Credentials that nobody was given. */
  stranger: Driver
  /** A free number; where numbers are sold by block or area, alone in its own. Never the same one twice. */
  number(): Promise<string>
  /** What the account owns: by its own list where the provider has one, else as it can be known. */
  owned(who: 'rich' | 'poor'): Promise<string[]>
  /** Set-up and first period together, whole currency units; undefined where it cannot be known. */
  price(e164: string): number | undefined
  /** Whole currency units; absent where the server under test cannot be asked. */
  balance?(who: 'rich' | 'poor'): Promise<number>
}

export interface ContractCase {
  name: string
  /** It buys or changes something, or would on a server that breaks it. */
  changes?: true
  /** Nothing is shown where the provider has nothing for these. */
  needs?: readonly (keyof Cannot)[]
  run(bench: Bench): Promise<void>
}

/** Why a case cannot hold in a dialect; undefined: it can. */
export function skipOf({ skips, cannot = {} }: DriverModule, { name, needs = [] }: ContractCase): string | undefined {
  return skips[name] ?? needs.map(verb => cannot[verb]).find(reason => reason !== undefined)
}
