import type { Caller } from '../../core/ground/model.ts'
import type { Access, Core } from '../../core/verbs.ts'
import type { Attempts } from './attempts.ts'
import type { Who } from './refuse.ts'

export interface Guards {
  /** Undefined: wrong credentials are not limited. */
  attempts: Attempts | undefined
  /** One more request with this credential. Faults: rate_limited. */
  spend(key: string, who: Who): void
}

/** With some members in place of those it has; to copy the others for each request would cost more than all the rest. */
const over = <T extends object>(base: T, own: Partial<T>): T => Object.assign(Object.create(base), own)

/**
 * The core as somebody meets it who is not known yet: whatever is shown is judged under the limits of where it comes from,
 * and what is right counts for its owner from then on. Whoever only knows a name counts for nobody.
 */
export function guardedCore(core: Core, { attempts, spend }: Guards, who: Who): Core {
  const { credentials, sessions, tokens } = core
  const judge = <T>(name: string, secret: string, verify: () => Promise<T>): Promise<T> =>
    attempts && who.source !== ''
      ? attempts.judge({ source: who.source, surface: who.surface, name, secret }, verify)
      : verify()
  const spent = <T extends Access | 'invalid' | 'expired' | undefined>(found: T): T => {
    if (typeof found === 'object') spend(`c${found.credential.id}`, who)
    return found
  }
  const spentBy = <T extends Caller | undefined>(caller: T): T => {
    if (caller) spend(caller.user ? `u${caller.user.id}` : `a${caller.account.id}`, who)
    return caller
  }
  return over(core, {
    credentials: over(credentials, {
      verifyPair: async (realm, publicId, secret) =>
        spent(await judge(publicId, secret, () => credentials.verifyPair(realm, publicId, secret))),
      verifyKey: async (realm, key) => spent(await judge('', key, () => credentials.verifyKey(realm, key))),
    }),
    tokens: over(tokens, {
      verify: async (realm, token) => spent(await judge('', token, () => tokens.verify(realm, token))),
    }),
    sessions: over(sessions, {
      login: async (realm, name, password, source) => {
        const entered = await judge(name, password, () => sessions.login(realm, name, password, source))
        spentBy(entered.caller)
        return entered
      },
      check: async (realm, name, password, source) =>
        spentBy(await judge(name, password, () => sessions.check(realm, name, password, source))),
      resolve: async (realm, token) => spentBy(await judge('', token, () => sessions.resolve(realm, token))),
    }),
  })
}
