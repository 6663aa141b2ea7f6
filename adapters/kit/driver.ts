/** What a dialect's client can be asked to do in domain words: the contract suites run through this. */
import type { MadeCredential } from './credentials.ts'
import { notApplicable } from './expect.ts'

export interface DriverOptions {
  /** In process, or over the network. */
  send(request: Request): Promise<Response>
  /** Base URL of the dialect, without trailing slash. */
  base: string
  /** The dialect's own credentials, by its own names; absent: an anonymous client. */
  credentials?: Readonly<Record<string, string>>
}

export type BuyOutcome = 'bought' | 'unavailable' | 'unaffordable' | 'refused'
export type ReleaseOutcome = 'released' | 'not_owned' | 'refused'

export type HoldOutcome = 'held' | 'unavailable' | 'refused'

/** Something to buy, as the dialect's search shows it. */
export interface Offer {
  e164: string
  /** Set-up and first period together, in whole currency units; absent where the search shows none. */
  price?: number
  currency?: string
}

export interface Driver {
  /** Can it be bought now, as far as this dialect's search tells? */
  isAvailable(e164: string): Promise<boolean>
  /**
   * Buy this number. Dialects that buy by block or area ask for one number of the smallest area the number lies in;
   * the suites' worlds keep one number in each. 'refused': no or bad credentials.
   */
  buy(e164: string): Promise<BuyOutcome>
  /** E.164 of every number the account owns, sorted. Throws with the answer's text when refused. */
  owned(): Promise<string[]>
  /** Give it back at once (or as soon as the dialect lets one). */
  release(e164: string): Promise<ReleaseOutcome>
  /** Change something small the owner may change on the number (a note, a label, a friendly name, a destination). */
  configure(e164: string, text: string): Promise<'configured' | 'not_owned' | 'refused'>
  /** What `configure` set, as this dialect reads it back. */
  configured(e164: string): Promise<string | undefined>
  /** Numbers that can be bought now by name and need no papers; at most so many. */
  offers?(count: number): Promise<Offer[]>
  /**
   * Where numbers are sold by block and named only afterwards: one that is alone in its block, so that buying the block
   * is buying the number. It may cost money to get there. Throws notApplicable where it cannot be had.
   */
  isolate?(): Promise<string>
  /** What the account can spend, in whole currency units. */
  balance?(currency: string): Promise<number>
  /** Keeps it off every shelf for a while; absent where the provider has nothing of the kind. */
  hold?(e164: string): Promise<HoldOutcome>
  /** Ends what this client's `hold` began. */
  giveUp?(e164: string): Promise<'given_up' | 'not_held'>
  /** A request for an operation or path that does not exist: its status and body. */
  unknownOperation(): Promise<{ status: number; body: string }>
}

/** Verbs that a provider may have nothing for, each with the reason: suites leave out what needs them, and say why. */
export type Cannot = Readonly<Partial<Record<'owned' | 'release' | 'configure', string>>>

export interface DriverModule {
  dialect: string
  create(options: DriverOptions): Driver
  /** What `create` takes, of a credential that was made. */
  credentials(made: MadeCredential): Record<string, string>
  /** `lacking` says it. */
  cannot?: Cannot
  /** A release is only asked for: it takes effect later. */
  releasesLater?: true
  /** Whom it sells numbers that need documents. */
  papers: 'anybody' | 'verified' | 'nobody'
  /** Numbers are not sold by name: what is bought is one of an area. */
  byArea?: true
  /** Buying what the account has already succeeds, as an update that costs nothing. */
  rebuys?: true
  /** Case names of the contract suites that cannot hold here, each with the reason. */
  skips: Readonly<Record<string, string>>
}

/** A driver without what its provider has nothing for. */
export type PartialDriver = Omit<Driver, keyof Cannot | 'configured'> & Partial<Driver>

/** Of a provider that does not offer everything: what is missing is not applicable, wherever it is asked for. */
export function lacking(cannot: Cannot, create: (options: DriverOptions) => PartialDriver) {
  const refuse = (verb: keyof Cannot) => () => Promise.reject(notApplicable(cannot[verb] ?? `the driver lacks ${verb}`))
  const missing = {
    owned: refuse('owned'),
    release: refuse('release'),
    configure: refuse('configure'),
    configured: async () => undefined,
  }
  return { cannot, create: (options: DriverOptions): Driver => ({ ...missing, ...create(options) }) }
}

/** Given back, a number is gone in the same instant. */
export const releasesAtOnce = ({ cannot, releasesLater }: DriverModule) => !cannot?.release && !releasesLater
