/** What every command has of its process. It loads next to nothing, for commands that others run every few seconds. */
import { type Config, type ConfigContext, readConfig } from '../config/config.ts'
import type { Environment } from '../config/config-schema.ts'
import { redactText } from '../logs/redact.ts'

/** Where a command runs: everything it takes from its process. */
export interface Shell {
  env: Environment
  /** Resolves when it is taken, for those who have much to say. */
  out(text: string): Promise<void> | void
  err(text: string): void
  /** All that comes in, up to a few lines. */
  input(): Promise<string>
  /** Progress bars only where somebody watches. */
  isTerminal: boolean
  /** Resolves when the process is asked to end. */
  untilStopped(): Promise<void>
}

/** A secret is told on the standard input: arguments stand in lists of processes and in histories. */
export async function secretOf(shell: Shell, isTold: boolean | undefined): Promise<string | undefined> {
  if (!isTold) return undefined
  const secret = (await shell.input()).replace(/\r?\n$/, '')
  if (secret === '') throw new Error('there is no secret on the standard input')
  return secret
}

export const EXIT = { ok: 0, failed: 1, misconfigured: 2 } as const

/** An end that has been explained already. */
export interface Exit {
  exitCode: number
}

export function isExit(error: unknown): error is Exit {
  return typeof error === 'object' && error !== null && 'exitCode' in error && !(error instanceof Error)
}

export function exit(exitCode: number): Exit {
  return { exitCode }
}

/** The checked configuration, or all mistakes, one line each. */
export function checkedConfig(shell: Shell, context: ConfigContext): Config {
  const { config, problems } = readConfig(shell.env, context)
  if (config) return config
  for (const problem of problems) shell.err(`didgate: ${problem}\n`)
  throw exit(EXIT.misconfigured)
}

/** One readable line for people; the details are for LOG_LEVEL=debug. */
export function explain(error: unknown, isVerbose: boolean): string {
  const message = error instanceof Error ? error.message : String(error)
  const detail = isVerbose && error instanceof Error ? `\n${error.stack}` : ''
  return `didgate: ${redactText(message + detail)}\n`
}
