/** Credentials as the clients of a dialect use them, whoever asks for one: the admin plane, the command line, a world. */
import type { CredentialRules } from '../adapters/kit/credentials.ts'
import type { DialectModule } from '../adapters/kit/dialect.ts'
import { Fault } from '../core/ground/fault.ts'
import type { Account, Credential, Organization } from '../core/ground/model.ts'
import { checkRealm } from '../core/people/index.ts'
import type { Core, NewCredential } from '../core/verbs.ts'
import { realmsOf } from './realms.ts'

export type AskedCredential = Omit<NewCredential, 'accountId' | 'kind' | 'issuedFrom'> & { kind?: Credential['kind'] }

export interface Made {
  credential: Credential
  secret: string
}

/** What is not asked for is as the dialect's clients need it. Faults: invalid_input, name_taken, limit_reached, not_found. */
export async function makeCredential(
  core: Core,
  modules: readonly DialectModule[],
  account: Account,
  asked: AskedCredential,
): Promise<Made> {
  const rules = modules.find(({ name }) => name === asked.realm)?.credentials
  const input = { ...asked, kind: asked.kind ?? rules?.kind ?? 'key' }
  checkRealm(input, core.credentials.realms() ?? realmsOf(modules))
  return rules?.kind === 'password'
    ? await givePassword(core, account, rules, asked)
    : await core.credentials.create(null, { ...named(input, rules, account), accountId: account.id })
}

/** Whose clients send it. A user's password opens the dialect that lets users in by theirs. */
export function dialectOf(
  modules: readonly DialectModule[],
  { realm, kind, userId }: Credential,
): DialectModule | undefined {
  const isOfUser = kind === 'password' && userId !== null
  return modules.find(({ name }) => name === realm) ?? modules.find(m => isOfUser && m.credentials?.kind === kind)
}

function named<T extends AskedCredential>(input: T, rules: CredentialRules | undefined, account: Account): T {
  const publicId = input.publicId ?? rules?.publicId?.(account)
  return publicId === undefined ? input : { ...input, publicId }
}

/** To the user that is named; without one, to a new one. */
async function givePassword(core: Core, account: Account, rules: CredentialRules, asked: AskedCredential) {
  const { userId, secret } = asked
  if (userId !== undefined) checkUnnamed(asked)
  const id = userId ?? (await addUser(core, account, rules, asked)).id
  const { user, password } = await core.directory.setPassword(null, id, secret)
  const listed = await core.credentials.list(account.id)
  const found = listed.find(each => each.isActive && each.userId === user.id && each.publicId === user.authUsername)
  if (!found) throw new Fault('not_found', { what: 'credential', id: user.authUsername })
  return { credential: { ...found, realm: asked.realm }, secret: password }
}

/** Faults: invalid_input: a user has its name and its role already. */
function checkUnnamed({ publicId, role }: AskedCredential): void {
  const field = publicId !== undefined ? 'public_id' : role !== undefined ? 'role' : undefined
  if (field === undefined) return
  const message = 'belongs to the user already: leave it out with user_id'
  throw new Fault('invalid_input', { issues: [{ field, problem: 'conflict', message }] })
}

const NAME_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

async function addUser(core: Core, account: Account, rules: CredentialRules, { publicId, role }: AskedCredential) {
  const name = publicId ?? `api_${core.random.text(10, NAME_ALPHABET)}`
  const { id } = await organizationOf(core, account, rules)
  return core.directory.createUser(null, {
    organizationId: id,
    username: name,
    authUsername: name,
    role: role ?? (account.role === 'operator' ? 'operator' : 'account_admin'),
  })
}

/** Its default one, or one made for this: which is no default, so that the first that somebody chooses becomes it. */
async function organizationOf(core: Core, account: Account, rules: CredentialRules): Promise<Organization> {
  const { defaultOrganizationId } = account
  const own = defaultOrganizationId === null ? undefined : await core.directory.organization(defaultOrganizationId)
  if (own?.accountId === account.id) return own
  const domain = rules.domain?.(account) ?? `${account.handle.toLowerCase()}.invalid`
  const made = await core.directory.organizationByDomain(domain)
  if (made?.accountId === account.id) return made
  return core.directory.createOrganization(null, { accountId: account.id, domain, isDefault: false })
}
