import { Fault } from '../../core/ground/fault.ts'
import type { Caller } from '../../core/ground/model.ts'
import type { Access, Core } from '../../core/verbs.ts'
import { basicCredentials, bearerToken } from '../kit/auth.ts'
import { type CredentialRules, OF_ACCOUNT } from '../kit/credentials.ts'
import type { Inbound } from '../kit/dialect.ts'
import { DIALECT } from './ids.ts'

async function accessOf(header: string, core: Core): Promise<Access> {
  const basic = basicCredentials(header)
  const token = bearerToken(header)
  const found = basic
    ? await core.credentials.verifyPair(DIALECT, basic.name, basic.secret)
    : token && (await core.tokens.verify(DIALECT, token))
  if (found === 'expired') throw new Fault('unauthenticated', { reason: 'expired' })
  if (!found || found === 'invalid') throw new Fault('unauthenticated', { reason: 'invalid' })
  return found
}

/** Basic `keyId:keySecret` or a token of the token endpoint; both open their own project only. */
export async function identify(inbound: Inbound, core: Core): Promise<Caller | undefined> {
  const header = inbound.request.headers.get('authorization')
  if (header === null) return undefined
  const { caller } = await accessOf(header, core)
  const project = inbound.path.project
  if (project !== undefined && project.toLowerCase() !== caller.account.guid) {
    throw new Fault('forbidden', { reason: 'account' })
  }
  return caller
}

export const credentials: CredentialRules = {
  ...OF_ACCOUNT,
  kind: 'key_pair',
  client: ({ account, publicId, secret }) => ({ projectId: account.guid, keyId: publicId, keySecret: secret }),
}
