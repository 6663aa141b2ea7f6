/** Actions as rules ask for them, and what their answers say. */
import { expectEqual } from '../../kit/expect.ts'
import { expectAnswer, member, type RuleAnswer, type RuleBench, type RuleCall, type Who } from '../../kit/rules.ts'

export const ACTION = 'Response.Context.Action'
export const REQUEST = 'Response.Context.Request'
export const SESSION = 'Response.Context.Session'
export const RESULT = 'Response.Result'

export type Parameters = Record<string, string>

export function json(action: string, parameters: Parameters = {}, as: Who = 'nobody'): RuleCall {
  const query = new URLSearchParams({ Action: action, ...parameters, Output: 'json' })
  return { as, method: 'GET', path: `/api?${query}` }
}

export const act = ({ ask }: RuleBench, action: string, parameters?: Parameters, as: Who = 'account') =>
  ask(json(action, parameters, as))

/** One of a name stands alone, several are a list, none is absent. */
export function all(value: unknown, path: string): unknown[] {
  const found = member(value, path)
  return found === undefined ? [] : Array.isArray(found) ? found : [found]
}

/** Completed: valid, without errors, with the one result named like the action. */
export function completed(answer: RuleAnswer, action: string): RuleAnswer {
  const members = { [`${ACTION}.IsCompleted`]: 'true', [`${REQUEST}.IsValid`]: 'true' }
  expectAnswer(answer, { status: 200, members })
  expectEqual(Object.keys((member(answer.body, RESULT) ?? {}) as object), [action], 'children of Result')
  return answer
}

/** Refused because of a parameter: exactly one Request error, no result. */
export const requestError = (parameter: string, code: string, status = 200) => ({
  status,
  members: {
    [`${ACTION}.IsCompleted`]: 'false',
    [`${REQUEST}.IsValid`]: 'false',
    [`${REQUEST}.Errors.Error.Parameter`]: parameter,
    [`${REQUEST}.Errors.Error.Code`]: code,
    [RESULT]: undefined,
  },
})

/** Valid and not allowed or not possible: exactly one Action error, no result. */
export const actionError = (code: string) => ({
  status: 200,
  members: {
    [`${ACTION}.IsCompleted`]: 'false',
    [`${REQUEST}.IsValid`]: 'true',
    [`${ACTION}.Errors.Error.Code`]: code,
    [`${ACTION}.Errors.Error.Parameter`]: undefined,
    [RESULT]: undefined,
  },
})
