import { recordAudit } from '../events/index.ts'
import { Fault } from '../ground/fault.ts'
import type { Caller, Credential } from '../ground/model.ts'
import { type Row, toCredential } from '../ground/rows.ts'
import { hashKey, hashPassword, keyDigest, matchesHash } from '../ground/secrets.ts'
import { type Context, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { Access, Credentials, NewCredential, Realm } from '../verbs.ts'
import { admitCredential } from './admission.ts'
import { explain } from './credential-why.ts'
import { PORTAL_REALM } from './passwords.ts'
import { checkRealm } from './realms.ts'
import { endSessionsOfUser } from './session-rows.ts'

const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** 40 characters of 62: about 238 bits. */
const SECRET_LENGTH = 40
const SALT_BYTES = 16
/** Secrets that one public id may have at once: each is tried when somebody asks. */
const MOST_SECRETS = 10

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

/**
 * A public id is one account's; a further key pair under it is another secret for the same name. Faults: name_taken,
 * limit_reached.
 */
async function checkName(unit: Unit, { realm, kind, accountId, userId }: NewCredential, publicId: string) {
  const rows = await unit.db
    .selectFrom('credentials')
    .select(['account_id', 'user_id', 'kind', 'is_active'])
    .where('realm', '=', realm)
    .where('public_id', '=', publicId)
    .execute()
  const isOwn = (row: (typeof rows)[number]) =>
    kind === 'key_pair' && row.kind === kind && row.account_id === accountId && row.user_id === (userId ?? null)
  if (!rows.every(isOwn)) throw new Fault('name_taken', { what: 'credential', name: kind === 'key' ? 'key' : publicId })
  if (rows.filter(row => row.is_active === 1).length < MOST_SECRETS) return
  throw new Fault('limit_reached', { what: `secrets of ${publicId}`, limit: MOST_SECRETS })
}

/** Faults: name_taken, limit_reached, not_found (account, user). */
export async function insertCredential(unit: Unit, input: NewCredential, hashed: Hashed): Promise<Credential> {
  // a bare key is found by its digest; the others by the name that is sent with the secret
  const publicId = input.kind === 'key' ? keyDigest(hashed.secret) : (input.publicId ?? unit.random.guid())
  const account = await unit.db
    .selectFrom('accounts')
    .select(['id', 'role'])
    .where('id', '=', input.accountId)
    .executeTakeFirst()
  if (!account) throw missing('account', input.accountId)
  await checkName(unit, input, publicId)
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
      issued_from: input.issuedFrom ?? null,
    })
    .onConflict(c => c.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Fault('name_taken', { what: 'credential', name: input.kind === 'key' ? 'key' : publicId })
  await audit(unit, 'created', row)
  return toCredential(row)
}

function audit(unit: Unit, done: string, row: Pick<Row<'credentials'>, 'id' | 'account_id' | 'realm'>): Promise<void> {
  const subject = `${row.realm}/${row.id}`
  return recordAudit(unit, { accountId: row.account_id, action: `credential.${done}`, subject })
}

/** The row whose secret it is. Undefined: none. */
async function findRight(db: Reader, realm: string, publicId: string, secret: string) {
  const rows = await db
    .selectFrom('credentials')
    .selectAll()
    .where('realm', '=', realm)
    .where('public_id', '=', publicId)
    .where('is_active', '=', 1)
    .orderBy('id')
    .execute()
  for (const row of rows) if (await matchesHash(secret, row.secret_hash)) return row
  return undefined
}

/** What was issued from a credential ends with it; a user's sessions end with the password they were opened by. */
async function endIssued(unit: Unit, { id, realm, user_id: userId }: Row<'credentials'>): Promise<void> {
  await unit.db.updateTable('credentials').set({ is_active: 0 }).where('issued_from', '=', id).execute()
  if (realm === PORTAL_REALM && userId !== null) await endSessionsOfUser(unit, userId)
}

async function revoke(unit: Unit, id: number): Promise<void> {
  const row = await unit.db
    .updateTable('credentials')
    .set({ is_active: 0 })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw missing('credential', id)
  await endIssued(unit, row)
  await audit(unit, 'revoked', row)
}

/** Faults: name_taken. */
async function checkUnused(unit: Unit, { realm, public_id }: { realm: string; public_id: string }, hash: string) {
  const taken = await unit.db
    .selectFrom('credentials')
    .select('id')
    .where('realm', '=', realm)
    .where('public_id', '=', public_id)
    .where('secret_hash', '=', hash)
    .executeTakeFirst()
  if (taken) throw new Fault('name_taken', { what: 'credential', name: 'secret' })
}

/** Another secret in the place of the old one: tokens that were issued from that are worth nothing any more. */
async function rotate(context: Context, run: RunUnit, actor: Caller | null, id: number, given?: string) {
  const kindOf = (db: Reader) =>
    db.selectFrom('credentials').selectAll().where('id', '=', id).where('is_active', '=', 1).executeTakeFirst()
  const found = await context.store.read(kindOf)
  if (!found) throw missing('credential', id)
  const { secret, hash } = await hashedSecret(context, found.kind as Credential['kind'], given)
  const named = found.kind === 'key' ? { public_id: keyDigest(secret) } : {}
  return run(actor, async unit => {
    await checkUnused(unit, { realm: found.realm, public_id: found.public_id, ...named }, hash)
    const row = await unit.db
      .updateTable('credentials')
      .set({ secret_hash: hash, ...named })
      .where('id', '=', id)
      .where('is_active', '=', 1)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw missing('credential', id)
    await endIssued(unit, row)
    await audit(unit, 'rotated', row)
    return { credential: toCredential(row), secret }
  })
}

export function createCredentials(context: Context, run: RunUnit): Credentials {
  const { store, access } = context
  const known = new Map<string, Realm>()
  const realms = () => (known.size === 0 ? undefined : [...known.values()])
  const verify = (realm: string, publicId: string, secret: string): Promise<Access | undefined> =>
    store.read(db =>
      access.remember(db, `credential ${realm} ${publicId} ${keyDigest(secret)}`, async () => {
        const row = await findRight(db, realm, publicId, secret)
        return row && admitCredential(db, row)
      }),
    )
  return {
    describe: list => {
      for (const realm of list) known.set(realm.name, realm)
    },
    realms,
    create: async (actor, input) => {
      checkRealm(input, realms())
      const hashed = await hashedSecret(context, input.kind, input.secret)
      const credential = await run(actor, unit => insertCredential(unit, input, hashed))
      return { credential, secret: hashed.secret }
    },
    verifyPair: async (realm, publicId, secret) => {
      for (const each of [realm].flat()) {
        const access = await verify(each, publicId, secret)
        if (access) return access
      }
      return undefined
    },
    verifyKey: (realm, key) => verify(realm, keyDigest(key), key),
    explain: (realm, publicId, secret) => store.read(db => explain(db, realm, publicId, secret)),
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
    revoke: (actor, id) => run(actor, unit => revoke(unit, id)),
    rotate: (actor, id, secret) => rotate(context, run, actor, id, secret),
  }
}
