import { networkOf } from '../../adapters/kit/callback-url.ts'
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { LAST_CLOCK, parseMoment } from '../../core/ground/time.ts'
import { dialectModules } from '../dialects.ts'
import type { World } from '../worlds/world-file.ts'
import type { DialectName } from './credentials.ts'
import { FOUNDED } from './template.ts'

export type { World } from '../worlds/world-file.ts'

/** A point of time: ISO 8601 text (a date, UTC, or a time with its zone), a Date, or milliseconds. */
export type Moment = string | number | Date

export interface Duration {
  days?: number
  hours?: number
  minutes?: number
  seconds?: number
}

export interface GatewayOptions {
  /** `demo` (default), `none` for an empty database, a world as a value, or the path of a world's file or folder. */
  seed?: 'demo' | 'none' | World | { path: string }
  /** Where the clock stands at the start; it stands still until it is moved. Default: 2026-06-01T00:00:00Z. */
  now?: Moment
  /** Only these; all by default. */
  dialects?: readonly DialectName[]
  /** Also listen on a free port of 127.0.0.1, for SDKs with a transport of their own and for other programs. */
  listen?: boolean
  /** Private networks that callbacks may go to, such as `172.16.0.0/12` for containers. */
  callbackNetworks?: readonly string[]
}

export interface Settings {
  seed: NonNullable<GatewayOptions['seed']>
  now: number
  modules: readonly DialectModule[]
  listen: boolean
  callbackNetworks: readonly string[]
}

const DEFAULT_NOW = '2026-06-01T00:00:00Z'

export function instantOf(moment: Moment): number {
  const at = typeof moment === 'string' ? (parseMoment(moment)?.at ?? Number.NaN) : Number(moment)
  if (!Number.isFinite(at))
    throw new TypeError(`"${String(moment)}" is no point of time: a date, or a time with its zone`)
  if (at > LAST_CLOCK) throw new RangeError(`the clock cannot stand after ${new Date(LAST_CLOCK).toISOString()}`)
  return Math.round(at)
}

const DAY = 86_400_000
const UNITS = new Map<string, number>([
  ['days', DAY],
  ['hours', DAY / 24],
  ['minutes', 60_000],
  ['seconds', 1_000],
])

/** Milliseconds, not negative. */
export function durationOf(by: Duration): number {
  checkNames('a duration', by, [...UNITS.keys()])
  let ms = 0
  for (const [name, amount = 0] of Object.entries(by) as [string, number | undefined][]) {
    if (!Number.isFinite(amount)) throw new TypeError(`${name}: ${String(amount)} is no number`)
    ms += amount * (UNITS.get(name) ?? 0)
  }
  if (ms < 0) throw new RangeError('the clock never goes back: a duration is not negative')
  return Math.round(ms)
}

/** A misspelt option would be a silent gap in somebody's test bed. */
function checkNames(what: string, value: object, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${what} must be an object`)
  const unknown = Object.keys(value).filter(name => !known.includes(name))
  if (unknown.length === 0) return
  throw new TypeError(`${what} has no ${unknown.map(name => `"${name}"`).join(', ')}: only ${known.join(', ')}`)
}

const OPTIONS: readonly (keyof GatewayOptions)[] = ['seed', 'now', 'dialects', 'listen', 'callbackNetworks']

export function settingsOf(options: GatewayOptions): Settings {
  checkNames('startGateway', options, OPTIONS)
  const { seed = 'demo', now = DEFAULT_NOW, dialects, listen = false, callbackNetworks = [] } = options
  checkSeed(seed)
  if (typeof listen !== 'boolean') throw new TypeError('listen must be true or false')
  if (dialects !== undefined && !Array.isArray(dialects)) throw new TypeError('dialects must be a list of names')
  const at = instantOf(now)
  const wrong = callbackNetworks.find(text => networkOf(text) === undefined)
  if (wrong !== undefined) throw new TypeError(`"${wrong}" is no network such as 172.16.0.0/12`)
  if (at < FOUNDED) throw new RangeError(`the clock cannot start before ${new Date(FOUNDED).toISOString()}`)
  return { seed, now: at, modules: dialects ? dialects.map(moduleOf) : dialectModules, listen, callbackNetworks }
}

/** Other members of a world are checked when it is loaded. */
function checkSeed(seed: unknown): void {
  if (seed === 'demo' || seed === 'none') return
  if (typeof seed !== 'object' || seed === null) {
    throw new TypeError('seed must be "demo", "none", a world, or { path } of a world\'s file or folder')
  }
  if ('path' in seed) checkNames('seed', seed, ['path'])
}

function moduleOf(name: DialectName): DialectModule {
  const found = dialectModules.find(module => module.name === name)
  if (!found) throw new TypeError(`there is no dialect "${name}": ${dialectModules.map(each => each.name).join(', ')}`)
  return found
}
