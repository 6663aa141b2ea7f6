import { Fault, isFault } from '../../core/ground/fault.ts'
import type { Caller } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import { basicCredentials } from '../kit/auth.ts'
import { type CredentialRules, OF_ACCOUNT } from '../kit/credentials.ts'
import type { Call, Inbound } from '../kit/dialect.ts'
import { bare } from '../kit/form-formats.ts'
import type { Surface } from './ways/surface.ts'

/** What is known of a caller beside the account: for `auth_token`, and for tokens that store nothing. */
export interface Notes {
  isTest: boolean
  /** The account's own token, where it was what the client sent. */
  token?: string
}

export const notesOf = ({ notes }: Inbound) => notes as unknown as Notes

/** A test token opens the purchase and nothing else. */
function isPurchase({ request, pathname }: Inbound): boolean {
  return request.method === 'POST' && /\/IncomingPhoneNumbers(\/[A-Z][A-Za-z]+)?$/.test(bare(pathname))
}

/** Basic: an account's sid and token, or an API key and its secret. Faults: unauthenticated. */
export function identifier(surface: Surface) {
  return async (inbound: Inbound, core: Core): Promise<Caller | undefined> => {
    const header = inbound.request.headers.get('authorization')
    const basic = basicCredentials(header)
    if (!basic) {
      if (header === null) return undefined
      throw new Fault('unauthenticated', { reason: 'invalid' })
    }
    const { publicId, isAccount } = surface.credentialName(basic.name)
    const realms = [surface.realm, surface.testRealm]
    const access = await core.credentials.verifyPair(realms, publicId, basic.secret)
    if (!access) throw new Fault('unauthenticated', { reason: 'invalid' })
    const isTest = access.credential.realm === surface.testRealm
    const notes: Notes = { isTest, ...(isAccount && { token: basic.secret }) }
    Object.assign(inbound.notes, notes)
    if (notes.isTest && !isPurchase(inbound)) throw new Fault('forbidden', { reason: 'feature' })
    return access.caller
  }
}

/**
 * The account of the path: the caller's own, or one below it. Somebody else's is not there, as far as anybody is told.
 * Faults: not_found (account).
 */
export async function acting(call: Call<'required'>, surface: Surface, sid: string): Promise<Caller> {
  const { core, caller, inbound } = call
  const account = await surface.findAccount(core, sid)
  if (!account) throw new Fault('not_found', { what: 'account', id: sid })
  const path = bare(inbound.pathname)
  const action = `${surface.name} ${inbound.request.method} ${path}`
  // an account that is stopped is looked at, and set going again, by its owner
  const isReading = inbound.request.method === 'GET' || path === surface.accountPath(account)
  try {
    return await core.accounts.reach(caller, account.id, action, { isReading })
  } catch (error) {
    if (isFault(error, 'forbidden') && error.details.reason === 'account')
      throw new Fault('not_found', { what: 'account', id: sid })
    throw error
  }
}

/** The account's sid is the name that goes with the token. */
export function credentialsOf(surface: Surface): CredentialRules {
  return {
    ...OF_ACCOUNT,
    kind: 'key_pair',
    publicId: account => surface.accountSid(account),
    issued: [surface.testRealm],
    client: ({ publicId, secret }) => ({ accountSid: publicId, authToken: secret }),
  }
}
