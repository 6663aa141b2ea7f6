import type { Context, RunUnit, Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { CallbackSecrets } from '../verbs.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const LENGTH = 32

const ofAccount = (db: Reader, accountId: number, realm: string) =>
  db.selectFrom('callback_secrets').select('secret').where('account_id', '=', accountId).where('realm', '=', realm)

/** One HMAC secret per account and surface: shown again to its owner, so kept encrypted. Drawn at the first question. */
export function createCallbackSecrets({ store, secrets, random }: Context, run: RunUnit): CallbackSecrets {
  const find = async (accountId: number, realm: string) => {
    const row = await store.read(db => ofAccount(db, accountId, realm).executeTakeFirst())
    return row && secrets.open(row.secret)
  }
  const insert = (unit: Unit, accountId: number, realm: string, secret: string) =>
    unit.db.insertInto('callback_secrets').values({ account_id: accountId, realm, secret })
  return {
    async get(accountId, realm) {
      const known = await find(accountId, realm)
      if (known !== undefined) return known
      const drawn = random.text(LENGTH, ALPHABET)
      return run(null, async unit => {
        // of several who ask first at once one draws it, and the others are told the same
        await insert(unit, accountId, realm, secrets.seal(drawn))
          .onConflict(c => c.doNothing())
          .execute()
        const row = await ofAccount(unit.db, accountId, realm).executeTakeFirstOrThrow()
        return secrets.open(row.secret)
      })
    },
    find,
    set: (accountId, realm, secret) =>
      run(null, async unit => {
        const sealed = secrets.seal(secret)
        await insert(unit, accountId, realm, sealed)
          .onConflict(c => c.columns(['account_id', 'realm']).doUpdateSet({ secret: sealed }))
          .execute()
      }),
  }
}
