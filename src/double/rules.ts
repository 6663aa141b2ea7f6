/** Faults on demand: which rule applies to a request or a callback, counted exactly. */
import type { Delay, NewRule, Then, When } from './rule-schema.ts'

export interface Rule {
  id: number
  when: When
  then: Then
  /** Requests or callbacks that fitted. */
  matched: number
  /** Of them, those that the effect was brought upon. */
  applied: number
}

/** What is known of a request, or of a callback, when its fate is decided. */
export interface Asked {
  dialect: string
  /** All its names. */
  operations: readonly string[]
  /** Id, handle and guid. */
  account: readonly (string | number)[]
  numbers(): readonly string[]
  /** Of a callback: the URL that is called. */
  callback?: string
}

export interface Rules {
  add(rule: NewRule): Rule
  list(): Rule[]
  get(id: number): Rule | undefined
  /** False: there is none. */
  remove(id: number): boolean
  clear(): void
  /** The effect of the first rule that applies now, in order of making. Counts. */
  decide(asked: Asked): { effect: Then; delayMs: number } | undefined
  /** Whether there are rules at all, or any of callbacks: to ask costs nothing. */
  isEmpty(): boolean
}

export const MOST_RULES = 200

/** Small, seeded, and the same everywhere (mulberry32). */
export function draws(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Box and Muller: from two even draws one of the normal distribution. */
const normal = (draw: () => number) => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())

export function delayOf(delay: Delay | undefined, most: number, draw: () => number): number {
  if (delay === undefined) return 0
  if (typeof delay === 'number') return Math.min(delay, most)
  if (Array.isArray(delay)) return Math.min(Math.round(delay[0] + draw() * (delay[1] - delay[0])), most)
  return Math.min(Math.round(delay.median * Math.exp(delay.sigma * normal(draw))), most)
}

const sameText = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

/** `*` stands for any digits. */
export function fitsPattern(pattern: string, numbers: readonly string[]): boolean {
  // one star says as much as several; several would let the engine try every way to share the digits out
  const digits = new RegExp(`^${pattern.replace(/^\+/, '').replace(/\*+/g, '\\d*')}$`)
  return numbers.some(each => digits.test(each.slice(1)))
}

function fitsCallback(wanted: When['callback'], url: string | undefined): boolean {
  if (wanted === undefined) return url === undefined
  return url !== undefined && (wanted === true || url.includes(wanted))
}

function fits({ dialect, operation, account, e164, callback }: When, asked: Asked): boolean {
  if (!fitsCallback(callback, asked.callback)) return false
  if (dialect !== undefined && dialect !== asked.dialect) return false
  if (operation !== undefined && !asked.operations.some(each => sameText(each, operation))) return false
  if (account !== undefined && !asked.account.some(each => sameText(String(each), String(account)))) return false
  return e164 === undefined || fitsPattern(e164, asked.numbers())
}

interface Kept {
  rule: Rule
  draw: () => number
}

/** From the nth on, so many times: without `times` the nth alone, or all of them where there is no `nth`. */
function isDue({ rule, draw }: Kept): boolean {
  const { nth, times = nth === undefined ? Number.POSITIVE_INFINITY : 1, probability } = rule.when
  if (rule.matched < (nth ?? 1) || rule.applied >= times) return false
  return probability === undefined || draw() < probability
}

/** `mostMs`: how long an effect may hold something back. */
export function createRules(mostMs: (then: Then) => number): Rules {
  let kept: Kept[] = []
  let next = 1
  return {
    add({ when, then }) {
      const rule: Rule = { id: next++, when, then, matched: 0, applied: 0 }
      kept.push({ rule, draw: draws(when.seed ?? 1) })
      return rule
    },
    list: () => kept.map(({ rule }) => rule),
    get: id => kept.find(({ rule }) => rule.id === id)?.rule,
    remove(id) {
      const before = kept.length
      kept = kept.filter(({ rule }) => rule.id !== id)
      return kept.length < before
    },
    clear() {
      kept = []
    },
    decide(asked) {
      for (const each of kept) {
        const { rule, draw } = each
        if (!fits(rule.when, asked)) continue
        rule.matched++
        if (!isDue(each)) continue
        rule.applied++
        return { effect: rule.then, delayMs: delayOf(rule.then.delay_ms, mostMs(rule.then), draw) }
      }
      return undefined
    },
    isEmpty: () => kept.length === 0,
  }
}
