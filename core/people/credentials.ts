import { recordAudit } from '../events/index.ts'
import { Fault } from '../ground/fault.ts'
import type { Credential, Instant } from '../ground/model.ts'
import { type Row, toCredential } from '../ground/rows.ts'
import { hashKey, hashPassword, keyDigest, matchesHash } from '../ground/secrets.ts'
import { type Context, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { Access, Credentials, NewCredential, Random, Realm } from '../verbs.ts'
import { admitCredential } from './admission.ts'
import { explain } from './credential-why.ts'
import { PORTAL_REALM } from './passwords.ts'
import { checkRealm } from './realms.ts'
import { checkEndless, checkOverlap, checkRoom, holding, holds, rotateBeside } from './rotation.ts'
import { endSessionsOfUser } from './session-rows.ts'

const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** 40 characters of 62: about 238 bits. */
const SECRET_LENGTH = 40
const SALT_BYTES = 16

/** One that a machine keeps: of a client, or of whoever runs the gateway. */
export const drawSecret = (random: Random): string => random.text(SECRET_LENGTH, SECRET_ALPHABET)

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
  const secret = given ?? drawSecret(context.random)
  return { secret, hash: await hashedCredential(context, kind, secret) }
}

/**
 * A public id is one account's; a further key pair under it is another secret for the same name. Faults: name_taken,
 * limit_reached.
 */
async function checkName(unit: Unit, { realm, kind, accountId, userId }: NewCredential, publicId: string) {
  const rows = await unit.db
    .selectFrom('credentials')
    .select(['account_id', 'user_id', 'kind', 'is_active', 'ends_at'])
    .where('realm', '=', realm)
    .where('public_id', '=', publicId)
    .execute()
  const isOwn = (row: (typeof rows)[number]) =>
    kind === 'key_pair' && row.kind === kind && row.account_id === accountId && row.user_id === (userId ?? null)
  if (!rows.every(isOwn)) throw new Fault('name_taken', { what: 'credential', name: kind === 'key' ? 'key' : publicId })
  const good = rows.filter(row => row.is_active === 1 && holds({ endsAt: row.ends_at }, unit.now))
  checkRoom(publicId, good.length)
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

type Told = Parameters<typeof recordAudit>[1]['data']

function audit(unit: Unit, done: string, row: Row<'credentials'>, data: Told = {}): Promise<void> {
  const subject = `${row.realm}/${row.id}`
  return recordAudit(unit, { accountId: row.account_id, action: `credential.${done}`, subject, data })
}

/** The row whose secret it is. Undefined: none. */
async function findRight(db: Reader, realm: string, publicId: string, secret: string, now: Instant) {
  for (const row of await holding(db, realm, publicId, now).execute()) {
    if (await matchesHash(secret, row.secret_hash)) return row
  }
  return undefined
}

/** What was issued from a credential ends with it; a user's sessions end with the password they were opened by. */
async function endIssued(unit: Unit, { id, realm, user_id: userId }: Row<'credentials'>): Promise<void> {
  await unit.db.updateTable('credentials').set({ is_active: 0 }).where('issued_from', '=', id).execute()
  if (realm === PORTAL_REALM && userId !== null) await endSessionsOfUser(unit, userId)
}

async function revoke(unit: Unit, id: number, reason: string | undefined): Promise<void> {
  const row = await unit.db
    .updateTable('credentials')
    .set({ is_active: 0 })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw missing('credential', id)
  await endIssued(unit, row)
  await audit(unit, 'revoked', row, { reason })
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

type Rotated = { secret: string; hash: string; publicId: string }

/** Faults: name_taken. */
async function rotateInPlace(unit: Unit, old: Row<'credentials'>, { hash, publicId }: Rotated) {
  await checkUnused(unit, { realm: old.realm, public_id: publicId }, hash)
  const changed = { secret_hash: hash, public_id: publicId }
  await unit.db.updateTable('credentials').set(changed).where('id', '=', old.id).execute()
  await endIssued(unit, old)
  return { ...old, ...changed }
}

/** Another secret in the place of the old one, or beside it for a while: tokens that were issued from that end with it. */
async function rotate(context: Context, run: RunUnit, ...asked: Parameters<Credentials['rotate']>) {
  const [actor, id, given, { overlapMs = 0, reason } = {}] = asked
  checkOverlap(overlapMs)
  const find = (db: Reader) => db.selectFrom('credentials').selectAll().where('id', '=', id).where('is_active', '=', 1)
  const found = await context.store.read(db => find(db).executeTakeFirst())
  if (!found) throw missing('credential', id)
  const hashed = await hashedSecret(context, found.kind as Credential['kind'], given)
  const next = { ...hashed, publicId: found.kind === 'key' ? keyDigest(hashed.secret) : found.public_id }
  return run(actor, async unit => {
    const own = find(unit.db)
    const old = await (unit.engine.name === 'postgres' ? own.forUpdate() : own).executeTakeFirst()
    if (!old) throw missing('credential', id)
    checkEndless(old)
    const row = overlapMs > 0 ? await rotateBeside(unit, old, next, overlapMs) : await rotateInPlace(unit, old, next)
    const until = overlapMs > 0 ? { endsAt: unit.now + overlapMs, successor: row.id } : {}
    await audit(unit, 'rotated', old, { ...until, reason })
    return { credential: toCredential(row), secret: hashed.secret }
  })
}

export function createCredentials(context: Context, run: RunUnit): Credentials {
  const { store, access, clock } = context
  const known = new Map<string, Realm>()
  const realms = () => (known.size === 0 ? undefined : [...known.values()])
  const look = async (db: Reader, realm: string, publicId: string, secret: string) => {
    const row = await findRight(db, realm, publicId, secret, clock.now())
    return row && admitCredential(db, row)
  }
  const verify = async (realm: string, publicId: string, secret: string): Promise<Access | undefined> => {
    const key = `credential ${realm} ${publicId} ${keyDigest(secret)}`
    const found = await store.read(db => access.remember(db, key, () => look(db, realm, publicId, secret)))
    // what is remembered ends by the clock too
    return found && holds(found.credential, clock.now()) ? found : undefined
  }
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
      for (const each of typeof realm === 'string' ? [realm] : realm) {
        const access = await verify(each, publicId, secret)
        if (access) return access
      }
      return undefined
    },
    verifyKey: (realm, key) => verify(realm, keyDigest(key), key),
    explain: (realm, publicId, secret) => store.read(db => explain(db, realm, publicId, secret, clock.now())),
    list: accountId =>
      store.read(async db => {
        const rows = await db
          .selectFrom('credentials')
          .selectAll()
          .where('account_id', '=', accountId)
          .orderBy('id')
          .execute()
        const now = clock.now()
        return rows.map(toCredential).map(each => ({ ...each, isActive: each.isActive && holds(each, now) }))
      }),
    revoke: (actor, id, reason) => run(actor, unit => revoke(unit, id, reason)),
    rotate: (...asked) => rotate(context, run, ...asked),
  }
}
