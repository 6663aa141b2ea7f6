import type { DialectModule } from '../adapters/kit/dialect.ts'
import type { Realm } from '../core/verbs.ts'

/** Realms that only a dialect itself, or a world, makes credentials for. */
const issued = ({ credentials }: DialectModule): Realm[] =>
  (credentials?.issued ?? []).map(name => ({ name, kinds: ['key', credentials?.kind ?? 'key'], roles: [], scopes: [] }))

/** The realms of these dialects, and in what credentials can be restricted there. */
export function realmsOf(modules: readonly DialectModule[]): Realm[] {
  return modules.flatMap(module => {
    const { kind = 'key', roles = ['account_admin'], scopes } = module.credentials ?? {}
    return [{ name: module.name, kinds: [kind], roles, scopes }, ...issued(module)]
  })
}
