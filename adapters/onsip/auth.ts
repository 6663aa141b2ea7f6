/** Who asks: a session id, or HTTP Basic in its place. */
import { Fault } from '../../core/ground/fault.ts'
import type { Caller } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import { basicCredentials } from '../kit/auth.ts'
import type { CredentialRules } from '../kit/credentials.ts'
import type { Inbound } from '../kit/dialect.ts'
import { DIALECT } from './ids.ts'

/** If both are given, the session id decides. Faults: unauthenticated, login_failed, login_locked. */
export async function identify(inbound: Inbound, core: Core): Promise<Caller | undefined> {
  const { SessionId } = inbound.fields
  if (SessionId !== undefined && SessionId !== '') return bySession(inbound, core, SessionId)
  return byPassword(inbound, core, inbound.request.headers.get('authorization') ?? '')
}

async function bySession(inbound: Inbound, core: Core, token: unknown): Promise<Caller> {
  // of somebody who may not act now it is no session either
  const caller = typeof token === 'string' ? await core.sessions.resolve(DIALECT, token) : undefined
  if (!caller) throw new Fault('unauthenticated', { reason: 'invalid' })
  inbound.notes.sessionId = token
  return caller
}

/** Other schemes are no credentials here. Failed ones count towards the lock-out. */
async function byPassword(inbound: Inbound, core: Core, authorization: string): Promise<Caller | undefined> {
  if (!/^basic( |$)/i.test(authorization)) return undefined
  const sent = basicCredentials(authorization)
  try {
    if (!sent?.name) throw new Fault('login_failed', {})
    return await core.sessions.check(DIALECT, sent.name, sent.secret, inbound.source)
  } catch (error) {
    // what anybody may call ignores bad credentials, and is not refused for them
    inbound.notes.basic = inbound.operation?.caller !== 'lenient'
    throw error
  }
}

/** A user's name and password. What a user may do goes by its role alone. */
export const credentials: CredentialRules = {
  kind: 'password',
  domain: ({ handle }) => `${handle.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.onsip.com`,
  roles: ['operator', 'account_admin', 'organization_admin', 'user'],
  scopes: [],
  client: ({ publicId, secret }) => ({ Username: publicId, Password: secret }),
}
