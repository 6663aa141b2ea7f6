import { Fault } from '../../core/ground/fault.ts'
import type { Caller } from '../../core/ground/model.ts'
import type { Access, Core } from '../../core/verbs.ts'
import { basicCredentials, bearerToken } from '../kit/auth.ts'
import { type CredentialRules, OF_ACCOUNT } from '../kit/credentials.ts'
import type { Inbound } from '../kit/dialect.ts'
import { forbidden } from './faults.ts'
import { accountFrom, accountIdOf, DIALECT } from './ids.ts'

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

/** An account as the caller may act on it: its own, or one below it. Faults: forbidden. */
export async function reached(inbound: Inbound, core: Core, caller: Caller, text: string): Promise<Caller> {
  const id = accountFrom(text)
  if (id === undefined) throw forbidden()
  const { method } = inbound.request
  return core.accounts.reach(caller, id, `${DIALECT} ${method} ${inbound.pathname}`, { isReading: method === 'GET' })
}

/** Basic user name and password, or a token issued for them. The path may name the account, or one below it. */
export async function identify(inbound: Inbound, core: Core): Promise<Caller | undefined> {
  inbound.notes.arrivedAt = core.clock.now()
  const header = inbound.request.headers.get('authorization')
  if (header === null) return undefined
  const { caller, credential } = await accessOf(header, core)
  inbound.notes.user = credential.publicId
  inbound.notes.self = caller
  const { account } = inbound.path
  return account === undefined ? caller : reached(inbound, core, caller, account)
}

/** Faults: unauthenticated. Tokens do not open the endpoint that makes them. */
export async function identifyClient({ request, notes }: Inbound, core: Core): Promise<Caller> {
  const sent = basicCredentials(request.headers.get('authorization'))
  if (!sent) throw new Fault('unauthenticated', { reason: 'missing' })
  const access = await core.credentials.verifyPair(DIALECT, sent.name, sent.secret)
  if (!access) throw new Fault('unauthenticated', { reason: 'invalid' })
  notes.credential = access.credential
  return access.caller
}

export const userOf = ({ notes }: Inbound): string => String(notes.user ?? '')

export const credentials: CredentialRules = {
  ...OF_ACCOUNT,
  kind: 'key_pair',
  client: ({ account, publicId, secret }) => ({
    accountId: accountIdOf(account),
    userName: publicId,
    password: secret,
  }),
}
