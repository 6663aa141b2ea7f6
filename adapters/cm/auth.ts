import { Fault } from '../../core/ground/fault.ts'
import type { Account, Caller } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import { type CredentialRules, OF_ACCOUNT } from '../kit/credentials.ts'
import type { Inbound } from '../kit/dialect.ts'
import { DIALECT, isGuid } from './ids.ts'

/** An account answers to its voice account's uuid, and to that of its logical account where it has one. */
function answersTo(account: Account, guid: string): boolean {
  return [account.guid, account.profile.logicalAccountGuid].some(
    own => typeof own === 'string' && own.toLowerCase() === guid.toLowerCase(),
  )
}

/** A token of another account is 401 like an unknown one, so that nothing is disclosed. */
export async function identify({ request, path }: Inbound, core: Core): Promise<Caller | undefined> {
  const token = request.headers.get('x-cm-producttoken')
  if (token === null || token === '') return undefined
  const access = await core.credentials.verifyKey(DIALECT, token)
  if (!access) throw new Fault('unauthenticated', { reason: 'invalid' })
  const guid = path.account ?? ''
  if (!isGuid(guid)) throw new Fault('not_found', { what: 'account', id: guid })
  if (!answersTo(access.caller.account, guid)) throw new Fault('unauthenticated', { reason: 'invalid' })
  return access.caller
}

export const credentials: CredentialRules = {
  ...OF_ACCOUNT,
  kind: 'key',
  client: ({ account, secret }) => ({ accountId: account.guid, productToken: secret }),
}
