import { Fault } from '../../core/ground/fault.ts'
import type { Account, Caller } from '../../core/ground/model.ts'
import type { Access, Core } from '../../core/verbs.ts'
import { basicCredentials, bearerToken } from '../kit/auth.ts'
import { type CredentialRules, OF_ACCOUNT } from '../kit/credentials.ts'
import type { Inbound } from '../kit/dialect.ts'
import { accountIdOf, accountSid, DIALECT } from './ids.ts'

const wrong = () => new Fault('unauthenticated', { reason: 'invalid' })

/** The path's account; undefined where the path has none. Faults: not_found. */
async function pathAccount({ path }: Inbound, core: Core): Promise<Account | undefined> {
  if (path.account === undefined) return undefined
  const account = await core.accounts.get(accountIdOf(path.account) ?? 0)
  if (!account) throw new Fault('not_found', { what: 'account', id: path.account })
  return account
}

/** Basic `AccountId:token`, or the token alone as Bearer for the account of the path. */
async function accessOf({ request }: Inbound, core: Core, account: Account | undefined): Promise<Access | undefined> {
  const header = request.headers.get('authorization')
  const basic = basicCredentials(header)
  if (basic) return core.credentials.verifyPair(DIALECT, basic.name, basic.secret)
  const token = bearerToken(header)
  return token && account ? core.credentials.verifyPair(DIALECT, accountSid(account), token) : undefined
}

/**
 * A header must be right. Without one, an account that allows it is trusted by its id alone: the document declares no
 * authentication. The account of the path must be the one that asks; another one is not found.
 */
export async function identify(inbound: Inbound, core: Core): Promise<Caller | undefined> {
  if (inbound.request.headers.get('authorization') === null) {
    const account = await pathAccount(inbound, core)
    return account?.allowUnauthenticated ? core.accounts.admit(account.id) : undefined
  }
  const account = await pathAccount(inbound, core).catch(() => undefined)
  const access = await accessOf(inbound, core, account)
  if (!access) throw wrong()
  const asked = inbound.path.account
  if (asked !== undefined && accountIdOf(asked) !== access.caller.account.id) {
    throw new Fault('not_found', { what: 'account', id: asked })
  }
  return access.caller
}

/** The AccountId is the name that goes with the token. */
export const credentials: CredentialRules = {
  ...OF_ACCOUNT,
  kind: 'key_pair',
  publicId: accountSid,
  client: ({ publicId, secret }) => ({ accountId: publicId, authToken: secret }),
}
