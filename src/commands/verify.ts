import { readFileSync } from 'node:fs'
import type { Dialect, DialectModule } from '../../adapters/kit/dialect.ts'
import { createCore } from '../../core/core.ts'
import { openStore } from '../../core/store/open.ts'
import { type CredentialSet, readCredentials } from '../../verify/credentials.ts'
import { createRedact } from '../../verify/redact.ts'
import { reports } from '../../verify/report/reports.ts'
import { count } from '../../verify/result.ts'
import { chosenNames, verify } from '../../verify/run.ts'
import { packageRoot } from '../config/package-files.ts'
import { demoAccess } from '../demo.ts'
import { dialectModules } from '../dialects.ts'
import { EXIT, exit, type Shell } from './shell.ts'

export interface VerifyFlags {
  dialect: string
  target: string
  credentials?: string
  only?: string
  report: string
  allowPurchases: boolean
}

const TIMEOUT_MS = 30_000

/** Ends with 0 when everything holds, 1 when a rule is broken, 2 for a mistake in the call or a target that is away. */
export async function verifyTarget(shell: Shell, flags: VerifyFlags): Promise<void> {
  const { module, write, only } = checked(shell, flags)
  const credentials = credentialsFor(shell, module, flags)
  if (chosenNames({ module, ...only }).length === 0)
    throw misused(shell, `--only ${flags.only}: no check has such a name`)
  const { allowPurchases, target } = flags
  const { dialect, close } = await silent(module)
  try {
    const options = { module, dialect, target, credentials, allowPurchases, ...only, packageRoot: packageRoot() }
    await reach(shell, target)
    const report = await verify({ ...options, send: overNetwork })
    shell.out(write(report, createRedact(credentials)))
    if (count(report, 'failed') > 0) throw exit(EXIT.failed)
  } finally {
    await close()
  }
}

function misused(shell: Shell, message: string) {
  shell.err(`didgate verify: ${message}\n`)
  return exit(EXIT.misconfigured)
}

function checked(shell: Shell, flags: VerifyFlags) {
  const module = dialectModules.find(({ name }) => name === flags.dialect)
  const names = dialectModules.map(({ name }) => name).join(', ')
  if (!module) throw misused(shell, `--dialect ${flags.dialect}: must be one of ${names}`)
  const write = Object.hasOwn(reports, flags.report) ? reports[flags.report] : undefined
  if (!write) throw misused(shell, `--report ${flags.report}: must be one of ${Object.keys(reports).join(', ')}`)
  const url = URL.canParse(flags.target) ? new URL(flags.target) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw misused(shell, `--target ${flags.target}: must be an http:// or https:// URL without query`)
  }
  return { module, write, only: onlyOf(shell, flags.only) }
}

function onlyOf(shell: Shell, pattern: string | undefined): { only?: RegExp } {
  try {
    return pattern === undefined ? {} : { only: new RegExp(pattern, 'i') }
  } catch {
    throw misused(shell, `--only ${pattern}: is not a regular expression`)
  }
}

/** Those of the demo world where none are given. */
function credentialsFor(shell: Shell, module: DialectModule, { credentials }: VerifyFlags): CredentialSet {
  const demo = demoAccess(module)
  if (credentials === undefined) return demo
  try {
    return readCredentials(readFileSync(credentials, 'utf8'), demo)
  } catch (error) {
    // what a file of secrets contains is never repeated: parsers quote what they stumble over
    const isParser = error instanceof SyntaxError
    const reason = isParser ? 'is not JSON' : error instanceof Error ? error.message : String(error)
    throw misused(shell, `--credentials ${credentials}: ${reason}`)
  }
}

/** A dialect that nobody calls: only its wire and its lists are read, so its empty database is never migrated. */
export async function silent(module: DialectModule): Promise<{ dialect: Dialect; close(): Promise<void> }> {
  const store = await openStore('sqlite::memory:')
  const core = createCore({ store, clock: { now: () => Date.now() }, key: 'not used' })
  return { dialect: module.create({ core, mode: 'double' }), close: () => store.close() }
}

async function reach(shell: Shell, target: string): Promise<void> {
  try {
    await overNetwork(new Request(target))
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause)
    throw misused(shell, `${target} cannot be reached: ${reason}`)
  }
}

/** Redirects are answers too: nobody's credentials are sent to where they lead. */
function overNetwork(request: Request): Promise<Response> {
  return fetch(request, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
}
