import { PORTAL_REALM } from './credentials.ts'
import { selectUsers, userByAddress } from './directory.ts'
import { Fault } from './fault.ts'
import type { Caller, User } from './model.ts'
import { toAccount, toUser } from './rows.ts'
import { keyDigest, matchesHash, wasteTime } from './secrets.ts'
import type { Reader } from './store/store.ts'
import { type Context, failed, type RunUnit, type Unit } from './unit.ts'
import type { Sessions } from './verbs.ts'

/** The 6th failure within ten minutes locks the name for ten minutes. */
const MAX_FAILURES = 5
const LOCK_MS = 10 * 60_000
/** 26 characters of 36: 134 bits. */
const TOKEN_LENGTH = 26
const TOKEN_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
/** A session in use is prolonged, but not written again within this time. */
const SLIDE_MS = 60_000

async function callerOf(db: Reader, user: User): Promise<Caller> {
  const account = await db.selectFrom('accounts').selectAll().where('id', '=', user.accountId).executeTakeFirstOrThrow()
  return {
    actor: { accountId: user.accountId, userId: user.id, role: user.role },
    account: toAccount(account),
    user,
    role: user.role,
    scopes: [],
  }
}

async function findByName(db: Reader, name: string): Promise<User | undefined> {
  const at = name.lastIndexOf('@')
  if (at > 0) {
    const user = await userByAddress(db, name.slice(0, at), name.slice(at + 1))
    if (user) return user
  }
  const row = await selectUsers(db).where('users.auth_username', '=', name).executeTakeFirst()
  return row && toUser(row)
}

async function readPortalHash(db: Reader, user: User): Promise<string | undefined> {
  const row = await db
    .selectFrom('credentials')
    .select('secret_hash')
    .where('realm', '=', PORTAL_REALM)
    .where('public_id', '=', user.authUsername)
    .where('is_active', '=', 1)
    .executeTakeFirst()
  return row?.secret_hash
}

/** Passwords are slow to check by design; one that was right is known again by its digest until anything changes. */
async function passwordMatches({ store, access }: Context, user: User | undefined, password: string) {
  const check = async (db: Reader) => {
    const hash = user && (await readPortalHash(db, user))
    if (hash === undefined) await wasteTime(password)
    else if (await matchesHash(password, hash)) return { isRight: true }
    return undefined
  }
  const key = `password of ${user?.id} ${keyDigest(password)}`
  const found = await store.read(db => (user ? access.remember(db, key, () => check(db)) : check(db)))
  return user?.isEnabled === true && found !== undefined
}

async function readAttempts(unit: Unit, realm: string, name: string) {
  let query = unit.db.selectFrom('login_attempts').selectAll().where('realm', '=', realm).where('name', '=', name)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  return query.executeTakeFirst()
}

/** Counts a failure, for names that exist and names that do not. Committed although it is answered as a fault. */
async function countFailure(unit: Unit, realm: string, name: string) {
  const row = await readAttempts(unit, realm, name)
  if (row && row.locked_until > unit.now) return failed(new Fault('login_locked', { until: row.locked_until }))
  const isFresh = !row || row.window_started_at + LOCK_MS <= unit.now
  const failures = isFresh ? 1 : row.failures + 1
  const locked = failures > MAX_FAILURES
  const values = {
    failures,
    window_started_at: isFresh ? unit.now : row.window_started_at,
    locked_until: locked ? unit.now + LOCK_MS : 0,
  }
  await unit.db
    .insertInto('login_attempts')
    .values({ realm, name, ...values })
    .onConflict(c => c.columns(['realm', 'name']).doUpdateSet(values))
    .execute()
  return failed(locked ? new Fault('login_locked', { until: values.locked_until }) : new Fault('login_failed', {}))
}

/** The name under which failures count: one user has several spellings, a stranger's name counts as it is. */
const attemptName = (user: User | undefined, name: string) => user?.authUsername ?? name.toLowerCase().slice(0, 200)

export function createSessions(context: Context, run: RunUnit): Sessions {
  const { store, access, clock, random, sessionTtlMs } = context

  const authenticate = async (realm: string, name: string, password: string): Promise<User> => {
    const user = await store.read(db => findByName(db, name))
    const counted = attemptName(user, name)
    const attempts = await store.read(db =>
      db
        .selectFrom('login_attempts')
        .selectAll()
        .where('realm', '=', realm)
        .where('name', '=', counted)
        .executeTakeFirst(),
    )
    if (attempts && attempts.locked_until > clock.now()) {
      throw new Fault('login_locked', { until: attempts.locked_until })
    }
    if (!(await passwordMatches(context, user, password))) {
      return run<User>(null, unit => countFailure(unit, realm, counted))
    }
    if (attempts) {
      await run(null, unit =>
        unit.db.deleteFrom('login_attempts').where('realm', '=', realm).where('name', '=', counted).execute(),
      )
    }
    return user as User
  }

  const open = (realm: string, user: User): Promise<{ token: string; caller: Caller }> => {
    const token = random.text(TOKEN_LENGTH, TOKEN_ALPHABET)
    return run(null, async unit => {
      await unit.db
        .insertInto('sessions')
        .values({
          realm,
          token_hash: keyDigest(token),
          user_id: user.id,
          created_at: unit.now,
          expires_at: unit.now + sessionTtlMs,
        })
        .execute()
      return { token, caller: await callerOf(unit.db, user) }
    })
  }

  const find = (realm: string, token: string) =>
    store.read(async db => {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('realm', '=', realm)
        .where('token_hash', '=', keyDigest(token))
        .where('expires_at', '>', clock.now())
        .executeTakeFirst()
      if (!row) return undefined
      const caller = await access.remember(db, `user ${row.user_id}`, async () => {
        const user = await selectUsers(db).where('users.id', '=', row.user_id).executeTakeFirst()
        return user?.is_enabled === 1 ? callerOf(db, toUser(user)) : undefined
      })
      return caller && { session: row, caller }
    })

  return {
    login: async (realm, name, password) => open(realm, await authenticate(realm, name, password)),
    check: async (realm, name, password) => {
      const user = await authenticate(realm, name, password)
      return store.read(db => callerOf(db, user))
    },
    resolve: async (realm, token) => {
      const found = await find(realm, token)
      if (!found) return undefined
      const expiresAt = clock.now() + sessionTtlMs
      if (expiresAt - found.session.expires_at > SLIDE_MS) {
        await run(null, unit =>
          unit.db.updateTable('sessions').set({ expires_at: expiresAt }).where('id', '=', found.session.id).execute(),
        )
      }
      return found.caller
    },
    destroy: (realm, token) =>
      run(null, async unit => {
        const result = await unit.db
          .deleteFrom('sessions')
          .where('realm', '=', realm)
          .where('token_hash', '=', keyDigest(token))
          .executeTakeFirst()
        return result.numDeletedRows === 1n
      }),
  }
}
