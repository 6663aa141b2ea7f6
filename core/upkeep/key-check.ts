import { Fault } from '../ground/fault.ts'
import { createSecretBox } from '../ground/secrets.ts'
import type { Reader, Store, Writer } from '../store/store.ts'

/** Sealed with the key that all of the database opens with, but for what a change of it has sealed anew already. */
const KEPT = 1
/** Sealed with the key that it changes to; only there while it does. */
const NEXT = 2
const TEXT = 'didgate'

/** Texts that this database keeps sealed, one for each key that it needs; none: it keeps none yet, and any key will do. */
export function sealedTexts(store: Pick<Store, 'read'>): Promise<string[]> {
  return store.read(async db => orAny(await checkValues(db), await anySecret(db)))
}

/** As `sealedTexts`, of a database that may be of an older version, and lack tables. */
export async function sealedTextsOfAny({ read }: Pick<Store, 'read'>): Promise<string[]> {
  for (const ask of [checkValues, async (db: Reader) => orAny([], await anySecret(db))]) {
    const texts = await read(ask).catch(error => {
      if (error instanceof Fault) throw error // it does not answer
      return []
    })
    if (texts.length > 0) return texts
  }
  return []
}

function orAny(texts: string[], any: string | undefined): string[] {
  return texts.length > 0 || any === undefined ? texts : [any]
}

async function checkValues(db: Reader): Promise<string[]> {
  const rows = await db.selectFrom('key_check').select('sealed').orderBy('id').execute()
  return rows.map(({ sealed }) => sealed)
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
    createSecretBox({ key }).open(sealed)
    return true
  } catch {
    return false // the cipher tells a wrong key from a right one
  }
}

/** Whether these keys together open all that the database keeps sealed. */
export function opensAll(texts: readonly string[], keys: readonly (string | undefined)[]): boolean {
  return texts.every(text => keys.some(key => key !== undefined && opens(text, key)))
}

const put = (store: Store, id: number, key: string) =>
  store.write(db =>
    db
      .insertInto('key_check')
      .values({ id, sealed: createSecretBox({ key }).seal(TEXT) })
      .onConflict(c => c.column('id').doNothing())
      .execute(),
  )

/** From now on the database knows its key. Of several processes that start at once the first one decides. */
export async function keepCheck(store: Store, key: string): Promise<void> {
  await put(store, KEPT, key)
}

/** From now on it is opened only with both keys: some of it is sealed with this one. */
export async function beginChange(store: Store, key: string): Promise<void> {
  await put(store, NEXT, key)
}

/** From now on it is opened with this key alone. In the unit that has seen that nothing else is needed. */
export async function endChange(db: Writer, seal: (clear: string) => string): Promise<void> {
  await db
    .updateTable('key_check')
    .set({ sealed: seal(TEXT) })
    .where('id', '=', KEPT)
    .execute()
  await db.deleteFrom('key_check').where('id', '=', NEXT).execute()
}
