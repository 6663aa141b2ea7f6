import { recordAudit } from './audit.ts'
import { callerFor } from './caller.ts'
import { Fault } from './fault.ts'
import type { Credential } from './model.ts'
import { type Row, toAccount, toCredential } from './rows.ts'
import { hashKey, hashPassword, keyDigest, matchesHash } from './secrets.ts'
import type { Reader } from './store/store.ts'
import { type Context, missing, type RunUnit, type Unit } from './unit.ts'
import type { Access, Credentials, NewCredential } from './verbs.ts'

const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** 40 characters of 62: about 238 bits. */
const SECRET_LENGTH = 40
const SALT_BYTES = 16
/** Users' portal passwords: one per user, whatever surface asks for it. */
export const PORTAL_REALM = 'portal'

export function hashedCredential(context: Context, kind: Credential['kind'], secret: string): Promise<string> {
  if (kind === 'password') return hashPassword(secret, context.random.bytes(SALT_BYTES))
  return Promise.resolve(hashKey(secret))
}

/** A secret and what is stored of it; hashed before the unit begins, because passwords take their time. */
export interface Hashed {
  secret: string
  hash: string
}

export async function hashedSecret(context: Context, kind: Credential['kind'], given?: string): Promise<Hashed> {
  const secret = given ?? context.random.text(SECRET_LENGTH, SECRET_ALPHABET)
  return { secret, hash: await hashedCredential(context, kind, secret) }
}

/** Faults: name_taken, not_found (account). */
export async function insertCredential(unit: Unit, input: NewCredential, hashed: Hashed): Promise<Credential> {
  // a bare key is found by its digest; the others by the name that is sent with the secret
  const publicId = input.kind === 'key' ? keyDigest(hashed.secret) : (input.publicId ?? unit.random.guid())
  const account = await unit.db
    .selectFrom('accounts')
    .select(['id', 'role'])
    .where('id', '=', input.accountId)
    .executeTakeFirst()
  if (!account) throw missing('account', input.accountId)
  const taken = await unit.db
    .selectFrom('credentials')
    .select('id')
    .where('realm', '=', input.realm)
    .where('public_id', '=', publicId)
    .executeTakeFirst()
  if (taken) throw new Fault('name_taken', { what: 'credential', name: input.kind === 'key' ? 'key' : publicId })
  const row = await unit.db
    .insertInto('credentials')
    .values({
      account_id: input.accountId,
      user_id: input.userId ?? null,
      realm: input.realm,
      kind: input.kind,
      public_id: publicId,
      secret_hash: hashed.hash,
      role: input.role ?? (account.role === 'operator' ? 'operator' : 'account_admin'),
      scopes: (input.scopes ?? []).join(' '),
      name: input.name ?? '',
      is_active: 1,
      created_at: unit.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  const subject = `${input.realm}/${row.id}`
  await recordAudit(unit, { accountId: input.accountId, action: 'credential.created', subject })
  return toCredential(row)
}

async function findActive(db: Reader, realm: string, publicId: string) {
  return db
    .selectFrom('credentials')
    .selectAll()
    .where('realm', '=', realm)
    .where('public_id', '=', publicId)
    .where('is_active', '=', 1)
    .executeTakeFirst()
}

/** Whom a credential that was found right lets in. */
export async function accessOf(db: Reader, row: Row<'credentials'>): Promise<Access> {
  const account = await db.selectFrom('accounts').selectAll().where('id', '=', row.account_id).executeTakeFirstOrThrow()
  const credential = toCredential(row)
  return { credential, caller: callerFor(toAccount(account), credential.role, credential.scopes) }
}

export function createCredentials(context: Context, run: RunUnit): Credentials {
  const { store, access } = context
  const verify = (realm: string, publicId: string, secret: string): Promise<Access | undefined> =>
    store.read(db =>
      access.remember(db, `credential ${realm} ${publicId} ${keyDigest(secret)}`, async () => {
        const row = await findActive(db, realm, publicId)
        if (!row || !(await matchesHash(secret, row.secret_hash))) return undefined
        return accessOf(db, row)
      }),
    )
  return {
    create: async (actor, input) => {
      const hashed = await hashedSecret(context, input.kind, input.secret)
      const credential = await run(actor, unit => insertCredential(unit, input, hashed))
      return { credential, secret: hashed.secret }
    },
    verifyPair: verify,
    verifyKey: (realm, key) => verify(realm, keyDigest(key), key),
    list: accountId =>
      store.read(async db => {
        const rows = await db
          .selectFrom('credentials')
          .selectAll()
          .where('account_id', '=', accountId)
          .orderBy('id')
          .execute()
        return rows.map(toCredential)
      }),
    revoke: (actor, id) =>
      run(actor, async unit => {
        const row = await unit.db
          .updateTable('credentials')
          .set({ is_active: 0 })
          .where('id', '=', id)
          .returning(['account_id', 'realm'])
          .executeTakeFirst()
        if (!row) throw missing('credential', id)
        await recordAudit(unit, {
          accountId: row.account_id,
          action: 'credential.revoked',
          subject: `${row.realm}/${id}`,
        })
      }),
  }
}
