/** Commands that are one call of the admin plane each. */
import type { Command } from 'commander'
import { withAdmin } from './admin-calls.ts'
import { type Shell, secretOf } from './shell.ts'

export type Flags = Readonly<Record<string, string | boolean | undefined>>
type Body = Record<string, unknown>

export interface Told {
  name: string
  about: string
  arguments?: readonly string[]
  /** Long names with their values, and what they are for. */
  options?: readonly (readonly [flags: string, about: string])[]
  /** Kept in the event of what is done. `asked`: nothing is done without one. */
  reason?: 'asked' | 'welcome'
  /** May be told on the standard input: the flag without its dashes. */
  secret?: 'secret' | 'password'
  call(given: readonly string[], flags: Flags, secret: string | undefined): [method: string, path: string, body?: Body]
}

export const OVERLAP = ['--overlap <seconds>', 'the former one holds beside it for so long, 30 days at most'] as const
export const PAGE = [
  ['--limit <n>', 'at most 1,000 (default: 100)'],
  ['--offset <n>', 'default: 0'],
] as const

/** Of an option or argument of this name. Throws a sentence: `0x0c` is nobody's id. */
export function numberOf(name: string, text: string | boolean | undefined): number | undefined {
  if (typeof text !== 'string') return undefined
  if (!/^\d{1,15}$/.test(text)) throw new Error(`${name}: must be a whole number`)
  return Number(text)
}

export const part = (text: string | undefined) => encodeURIComponent(text ?? '')

/** Flags as they are called in queries: `--area-code` is `area_code`. */
export function queryOf(flags: Flags, names: readonly string[]): string {
  const given = names.flatMap((name): [string, string][] => {
    const value = flags[name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())]
    return value === undefined || value === false ? [] : [[name, String(value)]]
  })
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

export const listOptions = (names: readonly string[]) =>
  names.map(name => [`--${name.replaceAll('_', '-')} <value>`, ''] as const)

export function addTold(group: Command, shell: Shell, told: Told): void {
  const command = group.command(told.name).description(told.about)
  for (const each of told.arguments ?? []) command.argument(each)
  for (const [flags, about] of told.options ?? []) command.option(flags, about)
  if (told.secret) command.option(`--${told.secret}-stdin`, 'read from the standard input (default: one is drawn)')
  if (told.reason === 'asked') command.requiredOption('--reason <text>', 'why: it is kept in the event')
  if (told.reason === 'welcome') command.option('--reason <text>', 'why: it is kept in the event')
  command.action((...given: unknown[]) => {
    const texts = given.filter(each => typeof each === 'string')
    const flags = command.opts<Flags>()
    return withAdmin(shell, async ask =>
      ask(...told.call(texts, flags, await secretOf(shell, flags[`${told.secret}Stdin`] === true))),
    )
  })
}
