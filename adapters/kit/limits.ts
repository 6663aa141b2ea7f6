/** How much of what strangers send is looked at: each limit is told when it is passed. */
import { Fault } from '../../core/ground/fault.ts'

/** Bytes of a body that an operation accepts unless it says otherwise: 1 MiB. */
export const DEFAULT_BODY_LIMIT = 1024 * 1024
/** Parameters of a query, fields of a form, parts of a multipart body. */
export const MAX_PARAMETERS = 4000
/** Characters of a parameter's name. */
export const MAX_NAME = 500
/** Levels of a JSON body. */
export const MAX_DEPTH = 32
/** Members and elements of a JSON body, over all its levels. */
export const MAX_VALUES = 20_000
/** Entries of one list. */
export const MAX_LIST = 1000
/** Mistakes that one answer tells. */
export const MAX_ISSUES = 100

export function tooManyParameters(): Fault<'unreadable_body'> {
  return new Fault('unreadable_body', { reason: `there are more than ${MAX_PARAMETERS} parameters` })
}

/** Faults: invalid_input (more entries than anybody needs). */
export function checkList(field: string, list: readonly unknown[], most = MAX_LIST): void {
  if (list.length <= most) return
  const message = `must not have more than ${most} entries`
  throw new Fault('invalid_input', { issues: [{ field, problem: 'too_big', message }] })
}

/** The first ones: nobody reads a hundred thousand, and whoever sends so many mistakes may not have them all echoed. */
export function cutIssues<T>(issues: readonly T[]): T[] {
  return issues.slice(0, MAX_ISSUES)
}
