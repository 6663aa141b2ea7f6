import { bearerToken } from '../../../adapters/kit/auth.ts'
import { type CredentialRules, OF_ACCOUNT } from '../../../adapters/kit/credentials.ts'
import type { Inbound } from '../../../adapters/kit/dialect.ts'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { DIALECT } from './ids.ts'

/** Faults: unauthenticated. */
export async function identify({ request }: Inbound, core: Core): Promise<Caller | undefined> {
  const header = request.headers.get('authorization')
  if (header === null) return undefined
  const access = await core.credentials.verifyKey(DIALECT, bearerToken(header) ?? '')
  if (!access) throw new Fault('unauthenticated', { reason: 'invalid' })
  return access.caller
}

export const credentials: CredentialRules = {
  ...OF_ACCOUNT,
  kind: 'key',
  client: ({ secret }) => ({ apiToken: secret }),
}
