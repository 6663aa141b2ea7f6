/** What credentials may be made: one that looks restricted and is not would be worse than none. */
import { Fault, type Issue } from '../ground/fault.ts'
import type { NewCredential, Realm } from '../verbs.ts'

type Asked = Pick<NewCredential, 'realm' | 'kind' | 'role' | 'scopes'>

const oneOf = (words: readonly string[]) =>
  words.length === 0 ? 'cannot be given here' : `must be one of ${words.join(', ')}`

/** Everything that is wrong with it, by the names of its members. */
export function issuesOf({ realm, kind, role, scopes = [] }: Asked, realms: readonly Realm[]): Issue[] {
  const known = realms.find(({ name }) => name === realm)
  const issue = (field: string, message: string): Issue => ({ field, problem: 'not_allowed', message })
  if (!known) return [issue('realm', oneOf(realms.map(({ name }) => name)))]
  const issues: Issue[] = []
  if (!known.kinds.includes(kind)) issues.push(issue('kind', oneOf(known.kinds)))
  if (role !== undefined && !known.roles.includes(role)) {
    issues.push(issue('role', `${oneOf(known.roles)}: ${realm} cannot restrict a credential to "${role}"`))
  }
  const { scopes: kept } = known
  const unknown = kept && scopes.filter(scope => !kept.includes(scope))
  if (kept && unknown?.[0] !== undefined) {
    issues.push(issue('scopes', `${oneOf(kept)}: ${realm} cannot restrict a credential to "${unknown[0]}"`))
  }
  return issues
}

/** Faults: invalid_input. */
export function checkRealm(asked: Asked, realms: readonly Realm[] | undefined): void {
  const issues = realms === undefined ? [] : issuesOf(asked, realms)
  if (issues.length > 0) throw new Fault('invalid_input', { issues })
}
