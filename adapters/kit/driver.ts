/** What a dialect's client can be asked to do in domain words: the contract suites run through this. */
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

export interface DriverModule {
  dialect: string
  create(options: DriverOptions): Driver
  /** Verbs that the provider does not offer. */
  cannot?: readonly ('release' | 'configure')[]
  /** Buying what the account has already succeeds, as an update that costs nothing. */
  rebuys?: true
  /** Case names of the contract suites that cannot hold here, each with the reason. */
  skips: Readonly<Record<string, string>>
}
