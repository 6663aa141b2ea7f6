/** What a run finds, before anybody words it. */

export interface Exchange {
  method: string
  url: string
  requestHeaders: readonly [string, string][]
  requestBody: string | undefined
  status: number
  headers: readonly [string, string][]
  /** Lower case, without parameters. */
  mediaType: string
  text: string
  /** The body is no text; `text` only tells its length. */
  isBinary: boolean
}

/** contract: holds for every dialect; rules: the dialect's own; answers: every answer that was received. */
export type Group = 'contract' | 'rules' | 'answers'

export interface Failure {
  /** What did not hold. */
  message: string
  /** The exchange that shows it; absent when no answer came. */
  exchange?: Exchange
  /** Every request of the check with its status, in order. */
  steps: readonly string[]
}

export interface CheckResult {
  group: Group
  name: string
  /** Where the rule comes from. */
  source: string
  ms: number
  outcome: 'passed' | 'failed' | 'not applicable'
  /** Of what is not applicable. */
  reason?: string
  failure?: Failure
}

export interface Report {
  dialect: string
  target: string
  allowPurchases: boolean
  ms: number
  checks: readonly CheckResult[]
}

export function count({ checks }: Report, outcome: CheckResult['outcome']): number {
  return checks.filter(check => check.outcome === outcome).length
}
