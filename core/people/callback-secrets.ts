import type { Context, RunUnit } from '../ground/unit.ts'
import type { CallbackSecrets } from '../verbs.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const LENGTH = 32

/** One HMAC secret per account and surface: shown again to its owner, so kept encrypted. Drawn at the first question. */
export function createCallbackSecrets({ store, secrets, random }: Context, run: RunUnit): CallbackSecrets {
  const find = (accountId: number, realm: string) =>
    store.read(db =>
      db
        .selectFrom('callback_secrets')
        .select('secret')
        .where('account_id', '=', accountId)
        .where('realm', '=', realm)
        .executeTakeFirst(),
    )
  const put = (accountId: number, realm: string, secret: string) =>
    run(null, async unit => {
      const sealed = secrets.seal(secret)
      await unit.db
        .insertInto('callback_secrets')
        .values({ account_id: accountId, realm, secret: sealed })
        .onConflict(c => c.columns(['account_id', 'realm']).doUpdateSet({ secret: sealed }))
        .execute()
      return secret
    })
  return {
    async get(accountId, realm) {
      const row = await find(accountId, realm)
      return row ? secrets.open(row.secret) : put(accountId, realm, random.text(LENGTH, ALPHABET))
    },
    async find(accountId, realm) {
      const row = await find(accountId, realm)
      return row && secrets.open(row.secret)
    },
    set: async (accountId, realm, secret) => {
      await put(accountId, realm, secret)
    },
  }
}
