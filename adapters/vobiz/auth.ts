/** X-Auth pair, then HTTP Basic with the same pair, then a bearer token: SDKs send a meaningless bearer beside the pair. */
import { Fault } from '../../core/ground/fault.ts'
import type { Caller } from '../../core/ground/model.ts'
import type { Access, Core } from '../../core/verbs.ts'
import { basicCredentials, bearerToken } from '../kit/auth.ts'
import { type CredentialRules, OF_ACCOUNT } from '../kit/credentials.ts'
import type { Inbound } from '../kit/dialect.ts'
import { ACCESS_REALM, ACCESS_SECONDS, REALM, REFRESH_REALM } from './ids.ts'

/** Faults: unauthenticated (a token that has run out). */
async function byBearer(core: Core, token: string): Promise<Access | undefined> {
  const access = await core.credentials.verifyKey(ACCESS_REALM, token)
  if (access && access.credential.createdAt + ACCESS_SECONDS * 1000 <= core.clock.now()) {
    throw new Fault('unauthenticated', { reason: 'expired' })
  }
  return access
}

/** Undefined: nothing usable was sent. */
function verify(headers: Headers, core: Core): Promise<Access | undefined> | undefined {
  const [id, token] = [headers.get('x-auth-id'), headers.get('x-auth-token')]
  if (id && token) return core.credentials.verifyPair(REALM, id, token)
  const authorization = headers.get('authorization')
  const basic = basicCredentials(authorization)
  if (basic) return core.credentials.verifyPair(REALM, basic.name, basic.secret)
  const bearer = bearerToken(authorization)
  return bearer === undefined ? undefined : byBearer(core, bearer)
}

/** Faults: unauthenticated; inactive, for an account that is stopped itself or with the one above it. */
export async function identify({ request }: Inbound, core: Core): Promise<Caller | undefined> {
  const verified = verify(request.headers, core)
  if (!verified) return undefined
  const access = await verified
  if (!access) throw new Fault('unauthenticated', { reason: 'invalid' })
  return access.caller
}

/** The auth id is the account's handle: it stands in every path as well. An admin acts on every account. */
export const credentials: CredentialRules = {
  ...OF_ACCOUNT,
  kind: 'key_pair',
  publicId: account => account.handle,
  roles: ['account_admin', 'operator'],
  issued: [ACCESS_REALM, REFRESH_REALM],
  client: ({ publicId, secret }) => ({ auth_id: publicId, auth_token: secret }),
}
