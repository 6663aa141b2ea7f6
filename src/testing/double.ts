/** Faults on demand, requests and callbacks of a gateway in a test: the same rules as those of the admin plane. */
import * as v from 'valibot'
import { issueWords } from '../../adapters/kit/issue-words.ts'
import type { Exchange } from '../double/exchange.ts'
import type { Filter, Journal } from '../double/journal.ts'
import type { Received, Receiver } from '../double/receiver.ts'
import { type NewRule, ruleSchema } from '../double/rule-schema.ts'
import { MOST_RULES, type Rule, type Rules } from '../double/rules.ts'
import { view } from '../double/view.ts'

export type FaultRule = v.InferInput<typeof ruleSchema>

/** As `GET /admin/v1/requests/{id}` tells it. */
export interface ShownRequest {
  id: number
  at: string
  ms: number
  request_id: string
  dialect: string | null
  operation: string | null
  account: number | null
  numbers: string[]
  status: number
  fault: string | null
  why: { rule: string; sentence: string; data: Record<string, unknown> } | null
  request: { method: string; url: string; headers: Record<string, string>; body: string | null }
  response: { status: number; headers: Record<string, string>; body: string | null }
  changes: { e164: string; version: number; kind: string; state: string }[]
  nearest?: { operation: string; differs: string[] }[]
}

export interface Waiting {
  /** How many; 1 by default. */
  count?: number
  /** 5,000 by default. */
  timeoutMs?: number
}

export interface TestFaults {
  /** Throws a TypeError that tells what is wrong with the rule. */
  add(rule: FaultRule): Rule
  list(): Rule[]
  remove(id: number): boolean
  clear(): void
}

export interface TestRequests {
  /** Newest first. */
  find(match?: Filter): Promise<ShownRequest[]>
  count(match?: Filter): number
  /** Those that fit, as soon as they are so many. Throws when the time is over first. */
  wait(match?: Filter, waiting?: Waiting): Promise<ShownRequest[]>
  clear(): void
}

export interface TestCallbacks {
  /** Where a client may ask to be called back: nothing else needs to listen. */
  url(path?: string): string
  find(path?: string): Received[]
  wait(path?: string, waiting?: Waiting): Promise<Received[]>
  clear(): void
}

const MOST_FOUND = 1_000
const TIMEOUT_MS = 5_000

const shown = (exchanges: readonly Exchange[]) =>
  Promise.all(exchanges.map(exchange => view(exchange) as Promise<unknown> as Promise<ShownRequest>))

function checked(rule: FaultRule): NewRule {
  const result = v.safeParse(ruleSchema, rule, { message: issueWords })
  if (result.success) return result.output
  const [{ message, ...issue }] = result.issues
  throw new TypeError(`${v.getDotPath(issue as never) ?? 'rule'}: ${message}`)
}

function enough<T>(found: T[], count: number, what: string, ms: number): T[] {
  if (found.length >= count) return found
  throw new Error(`${found.length} of ${count} ${what} within ${ms} ms`)
}

/** What of a double is asked here: no more, since whoever imports the package gets the types that these lead to. */
interface Asked {
  journal: Journal
  faults: { rules: Rules; receiver: Receiver } | undefined
}

export function testDouble(double: Asked | undefined, origin: string) {
  const { journal, faults } = double as Asked
  const { rules, receiver } = faults as NonNullable<Asked['faults']>
  const testFaults: TestFaults = {
    add(rule) {
      const found = checked(rule)
      if (rules.list().length >= MOST_RULES) throw new RangeError(`${MOST_RULES} faults on demand at most`)
      return rules.add(found)
    },
    list: rules.list,
    remove: rules.remove,
    clear: rules.clear,
  }
  const requests: TestRequests = {
    find: (match = {}) => shown(journal.find(match, MOST_FOUND)),
    count: (match = {}) => journal.count(match),
    async wait(match = {}, { count = 1, timeoutMs = TIMEOUT_MS } = {}) {
      return shown(enough(await journal.wait(match, count, timeoutMs), count, 'requests', timeoutMs))
    },
    clear: journal.clear,
  }
  const callbacks: TestCallbacks = {
    url: (path = '') => `${origin}/_callbacks${path}`,
    find: path => receiver.find(path, MOST_FOUND),
    async wait(path, { count = 1, timeoutMs = TIMEOUT_MS } = {}) {
      return enough(await receiver.wait(path, count, timeoutMs), count, 'callbacks', timeoutMs)
    },
    clear: receiver.clear,
  }
  return { faults: testFaults, requests, callbacks }
}
