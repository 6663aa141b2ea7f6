import { Fault } from '../ground/fault.ts'
import { createSecretBox } from '../ground/secrets.ts'
import type { Reader, Store } from '../store/store.ts'

const ROW = 1
const TEXT = 'didgate'

/** A text that this database keeps sealed; undefined: it keeps none yet, and any key will do. */
export function sealedText(store: Pick<Store, 'read'>): Promise<string | undefined> {
  return store.read(async db => (await checkValue(db)) ?? (await anySecret(db)))
}

/** As `sealedText`, of a database that may be of an older version, and lack tables. */
export async function sealedTextOfAny({ read }: Pick<Store, 'read'>): Promise<string | undefined> {
  for (const ask of [checkValue, anySecret]) {
    const text = await read(ask).catch(error => {
      if (error instanceof Fault) throw error // it does not answer
      return undefined
    })
    if (text !== undefined) return text
  }
  return undefined
}

async function checkValue(db: Reader): Promise<string | undefined> {
  return (await db.selectFrom('key_check').select('sealed').where('id', '=', ROW).executeTakeFirst())?.sealed
}

/** Databases that were made before there was a check value. */
async function anySecret(db: Reader): Promise<string | undefined> {
  const user = await db.selectFrom('users').select('sip_password').limit(1).executeTakeFirst()
  if (user) return user.sip_password
  return (await db.selectFrom('callback_secrets').select('secret').limit(1).executeTakeFirst())?.secret
}

/** Whether this key sealed the text. */
export function opens(sealed: string, key: string): boolean {
  try {
    createSecretBox(key).open(sealed)
    return true
  } catch {
    return false // the cipher tells a wrong key from a right one
  }
}

/** From now on the database knows its key. Of several processes that start at once the first one decides. */
export async function keepCheck(store: Store, key: string): Promise<void> {
  const sealed = createSecretBox(key).seal(TEXT)
  await store.write(db =>
    db
      .insertInto('key_check')
      .values({ id: ROW, sealed })
      .onConflict(c => c.column('id').doNothing())
      .execute(),
  )
}
