/** A dialect's own rules: checks over plain HTTP that hold for any server which speaks the dialect. */
import type { Driver } from './driver.ts'
import { expectEqual, expectTrue } from './expect.ts'

export type Credentials = Readonly<Record<string, string>>

/** account: the one under test; other: a second one, unrelated to it; nobody: no credentials; stranger: wrong ones. */
export type Who = 'account' | 'other' | 'nobody' | 'stranger'

export interface RuleCall {
  as?: Who
  method: string
  /** Below the base URL, query included; a dialect may fill in placeholders such as `:account`. */
  path: string
  headers?: Readonly<Record<string, string>>
  /** Text is sent as it is, anything else as the dialect encodes bodies. */
  body?: unknown
}

export interface RuleAnswer {
  status: number
  headers: Headers
  text: string
  /** The JSON value; undefined where the answer is none. */
  body: unknown
}

export interface RuleBench {
  ask(call: RuleCall): Promise<RuleAnswer>
  /** `ask` with GET. */
  get(path: string, as?: Who): Promise<RuleAnswer>
  credentials(who: 'account' | 'other' | 'stranger'): Credentials
  /** The dialect's client in domain words. */
  driver(who: Who): Driver
  /** A number that can be bought by name. Never the same one twice. */
  number(): Promise<string>
}

export interface Rule {
  name: string
  /** Where it follows from, for who works on the dialect. Reports cite docs/rules.md instead, which users have. */
  source: string
  /** It costs money or leaves something behind, or would on a server that breaks it. */
  changes?: true
  check(bench: RuleBench): Promise<void>
}

export interface RulesModule {
  /** A request as a client with these credentials (or none) sends it. */
  request(base: string, credentials: Credentials | undefined, call: RuleCall): Request
  rules: readonly Rule[]
}

/** A value deep inside, by names and indices with dots. */
export function member(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (found, name) =>
        typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[name] : undefined,
      value,
    )
}

/** A list deep inside; anything else breaks the rule. */
export function list(value: unknown, path: string): unknown[] {
  const found = path === '' ? value : member(value, path)
  expectTrue(Array.isArray(found), `${path || 'the answer'} is a list`)
  return found
}

export interface Expected {
  status: number
  /** Headers, by a pattern each. */
  headers?: Readonly<Record<string, RegExp>>
  /** Members of the JSON answer: a pattern, a check, or the value itself. */
  members?: Readonly<Record<string, unknown>>
}

/** Throws unless the answer is as expected. */
export function expectAnswer(answer: RuleAnswer, { status, headers = {}, members = {} }: Expected): RuleAnswer {
  expectEqual(answer.status, status, 'status')
  for (const [name, pattern] of Object.entries(headers)) {
    const value = answer.headers.get(name)
    expectTrue(pattern.test(value ?? ''), `header ${name} is ${JSON.stringify(value)}, expected ${pattern}`)
  }
  for (const [path, expected] of Object.entries(members)) expectMember(member(answer.body, path), expected, path)
  return answer
}

function expectMember(value: unknown, expected: unknown, path: string): void {
  if (expected instanceof RegExp) {
    const fits = typeof value === 'string' && expected.test(value)
    expectTrue(fits, `${path} is ${JSON.stringify(value)}, expected text like ${expected}`)
  } else if (typeof expected === 'function') {
    expectTrue(expected(value) === true, `${path} is ${JSON.stringify(value)}, which is not allowed`)
  } else expectEqual(value, expected, path)
}

/** The commonest rule: this request gets that answer. */
export function answering(name: string, source: string, call: RuleCall, expected: Expected): Rule {
  const changes = call.method !== 'GET' && call.as !== 'nobody' && call.as !== 'stranger'
  return {
    name,
    source,
    ...(changes && { changes }),
    async check({ ask }) {
      expectAnswer(await ask(call), expected)
    },
  }
}

/** A request with a JSON body, if any, below `base`. */
export function jsonRequest(base: string, call: RuleCall, credentials: Readonly<Record<string, string>>): Request {
  const { method, path, body } = call
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
  return new Request(base + path, { method, headers: { ...json, ...credentials, ...call.headers }, body: sent })
}
