import { Fault } from '../../core/ground/fault.ts'
import type { Caller } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import { bearerToken } from '../kit/auth.ts'
import { type CredentialRules, OF_ACCOUNT } from '../kit/credentials.ts'
import type { Inbound } from '../kit/dialect.ts'
import { DIALECT } from './ids.ts'

/** The same key string as `Authorization: Bearer` or as the query key `appid`; the header wins. */
function keyOf({ request, query }: Inbound): string | undefined {
  const header = request.headers.get('authorization')
  if (header !== null) return bearerToken(header) ?? ''
  return query.find(([name]) => name === 'appid')?.[1]
}

/** Missing, unknown and disabled keys are all 401. Faults: unauthenticated. */
export async function identify(inbound: Inbound, core: Core): Promise<Caller | undefined> {
  const key = keyOf(inbound)
  if (key === undefined) return undefined
  const access = await core.credentials.verifyKey(DIALECT, key)
  if (!access) throw new Fault('unauthenticated', { reason: 'invalid' })
  return access.caller
}

/** The numbers part of the API needs the account to have it switched on. */
export function requireNumbers(caller: Caller): void {
  if (caller.account.featuresOff.includes('numbers')) throw new Fault('forbidden', { reason: 'feature' })
}

export const credentials: CredentialRules = {
  ...OF_ACCOUNT,
  kind: 'key',
  client: ({ secret }) => ({ api_key: secret }),
}
