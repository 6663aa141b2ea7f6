/** Runs contract cases and a dialect's own rules against a server, and judges every answer on the way. */
import type { Dialect, DialectModule } from '../adapters/kit/dialect.ts'
import { isNotApplicable } from '../adapters/kit/expect.ts'
import { createJudge } from './answers/judge.ts'
import { answerResults } from './answers/results.ts'
import { type Benches, createBenches } from './bench.ts'
import { skipOf } from './cases/case.ts'
import { contractCases } from './cases/cases.ts'
import type { CredentialSet } from './credentials.ts'
import { createProbe, type Probe, type Send } from './probe.ts'
import type { CheckResult, Exchange, Report } from './result.ts'

export interface VerifyOptions {
  module: DialectModule
  /** Made by the module: its wire and its operations tell what answers are documented. */
  dialect: Dialect
  /** Base URL of the dialect. */
  target: string
  credentials: CredentialSet
  allowPurchases: boolean
  /** Checks whose group and name fit; all when absent. */
  only?: RegExp
  send: Send
  /** Where the package's grammars lie. */
  packageRoot: string
}

interface Check {
  group: 'contract' | 'rules'
  name: string
  source: string
  /** Why it cannot be made here. */
  skip: string | undefined
  run(): Promise<void>
}

const NEEDS_PURCHASES = 'costs money or changes something: needs --allow-purchases'

export async function verify(options: VerifyOptions): Promise<Report> {
  const { module, dialect, allowPurchases, packageRoot } = options
  const startedAt = performance.now()
  const base = options.target.replace(/\/+$/, '')
  const judge = await createJudge({ dialect, grammar: module.grammar, packageRoot, base })
  const probe = createProbe(options.send, judge)
  const benches = createBenches({ module, base, credentials: options.credentials, send: probe.send })
  const checks: CheckResult[] = []
  for (const check of chosen(options, benches)) checks.push(await make(check, probe, benches))
  await benches.tidyAll()
  const ms = performance.now() - startedAt
  return { dialect: module.name, target: base, allowPurchases, ms, checks: [...checks, ...answerResults(probe.judged)] }
}

/** The page of all rules, in the package too. */
export const RULES_PAGE = 'docs/rules.md'

/** The names of all checks that `only` lets through. */
export function chosenNames(options: Pick<VerifyOptions, 'module' | 'only'>): string[] {
  return listed(options.module, options.only).map(({ group, name }) => `${group}: ${name}`)
}

/** Our own text of a rule, which is shipped: whoever reads a failure can look it up. */
const textOf = (chapter: string, rule: string) => `${RULES_PAGE}, ${chapter}: ${rule}`

function listed({ name, rules }: DialectModule, only: RegExp | undefined) {
  const all = [
    ...contractCases.map(each => ({ group: 'contract' as const, ...each, source: textOf('contract', each.name) })),
    ...rules.rules.map(each => ({ group: 'rules' as const, ...each, source: textOf(name, each.name) })),
  ]
  return all.filter(each => only?.test(`${each.group}: ${each.name}`) ?? true)
}

function chosen({ module, only, allowPurchases }: VerifyOptions, benches: Benches): Check[] {
  return listed(module, only).map(each => ({
    group: each.group,
    name: each.name,
    source: each.source,
    skip: each.changes && !allowPurchases ? NEEDS_PURCHASES : 'run' in each ? skipOf(module.driver, each) : undefined,
    run: () => ('run' in each ? each.run(benches.contract) : each.check(benches.rules)),
  }))
}

async function make({ run, skip, ...about }: Check, probe: Probe, benches: Benches): Promise<CheckResult> {
  if (skip !== undefined) return { ...about, ms: 0, outcome: 'not applicable', reason: skip }
  const startedAt = performance.now()
  probe.take()
  try {
    await run()
    return { ...about, ms: performance.now() - startedAt, outcome: 'passed' }
  } catch (error) {
    const ms = performance.now() - startedAt
    if (isNotApplicable(error)) return { ...about, ms, outcome: 'not applicable', reason: error.message }
    return { ...about, ms, outcome: 'failed', failure: failureOf(error, probe.take()) }
  } finally {
    await benches.tidy()
  }
}

function failureOf(error: unknown, exchanges: readonly Exchange[]): NonNullable<CheckResult['failure']> {
  const exchange = exchanges.at(-1)
  const steps = exchanges.map(({ method, url, status }) => `${method} ${url} → ${status}`)
  return { message: wording(error), ...(exchange && { exchange }), steps }
}

/** A client that stumbles over an answer says so in its language's words. */
function wording(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const stumbled = error instanceof TypeError || error instanceof SyntaxError
  return stumbled ? `the answer cannot be used: ${error.message}` : error.message
}
