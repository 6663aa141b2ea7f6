import { recordAudit } from '../events/index.ts'
import { Fault } from '../ground/fault.ts'
import type { Actor, Caller, Listed, Page, Session, User } from '../ground/model.ts'
import { type Row, toUser } from '../ground/rows.ts'
import { keyDigest } from '../ground/secrets.ts'
import { type Context, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { Sessions } from '../verbs.ts'
import { admitUser } from './admission.ts'
import { findByLoginName } from './directory.ts'
import type { Counted } from './login-attempts.ts'
import { passwordRows, prove } from './passwords.ts'
import { endSessionsOfUser, endSomeOfAccount, toSession } from './session-rows.ts'
import { selectUsers } from './users.ts'

/** 26 characters of 36: 134 bits. */
const TOKEN_LENGTH = 26
const TOKEN_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
/** A session in use is prolonged, but not written again within a hundredth of its life, a minute at most. */
const SLIDE_MS = 60_000
const SLIDES = 100

/** The name under which failures count: one user has several spellings, a stranger's name counts as it is. */
const attemptName = (user: User | undefined, name: string) => user?.authUsername ?? name.toLowerCase().slice(0, 200)

/** What was proven before the unit began still holds: nobody changed the password or closed the door meanwhile. */
async function admitProven(unit: Unit, userId: number, hash: string): Promise<Caller> {
  let query = selectUsers(unit.db).where('users.id', '=', userId)
  // a change of either waits until the session is written, and then ends it
  if (unit.engine.name === 'postgres') query = query.forShare('users')
  const row = await query.executeTakeFirst()
  if (!row) throw new Fault('login_failed', {})
  const user = toUser(row)
  const passwords = passwordRows(unit.db, user, unit.now)
  const found = await (unit.engine.name === 'postgres' ? passwords.forShare() : passwords).execute()
  if (!found.some(row => row.secret_hash === hash)) throw new Fault('login_failed', {})
  return admitUser(unit.db, user)
}

async function open(context: Context, unit: Unit, counted: Counted, userId: number, hash: string) {
  const caller = await admitProven(unit, userId, hash)
  const token = context.random.text(TOKEN_LENGTH, TOKEN_ALPHABET)
  const values = { realm: counted.realm, token_hash: keyDigest(token), user_id: userId, created_at: unit.now }
  await unit.db
    .insertInto('sessions')
    .values({ ...values, expires_at: unit.now + context.sessionTtlMs })
    .execute()
  return { token, caller }
}

async function slide({ clock, sessionTtlMs }: Context, run: RunUnit, session: Row<'sessions'>): Promise<void> {
  const expiresAt = clock.now() + sessionTtlMs
  if (expiresAt - session.expires_at <= Math.min(SLIDE_MS, sessionTtlMs / SLIDES)) return
  await run(null, unit =>
    unit.db
      .updateTable('sessions')
      .set({ expires_at: expiresAt })
      .where('id', '=', session.id)
      .where('expires_at', '<', expiresAt) // another process may have been later
      .execute(),
  )
}

async function find({ access, clock }: Context, db: Reader, realm: string, token: string) {
  const session = await db
    .selectFrom('sessions')
    .selectAll()
    .where('realm', '=', realm)
    .where('token_hash', '=', keyDigest(token))
    .where('expires_at', '>', clock.now())
    .executeTakeFirst()
  if (!session) return undefined
  const caller = await access.remember(db, `user ${session.user_id}`, async () => {
    const user = await selectUsers(db).where('users.id', '=', session.user_id).executeTakeFirst()
    return user && admitUser(db, toUser(user))
  })
  return caller && { session, caller }
}

type Filter = Parameters<Sessions['list']>[0]

async function list({ clock }: Context, db: Reader, filter: Filter, page: Page): Promise<Listed<Session>> {
  let query = db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .where('sessions.expires_at', '>', clock.now())
  if (filter.accountId !== undefined) query = query.where('users.account_id', '=', filter.accountId)
  if (filter.sessionId !== undefined) query = query.where('sessions.id', '=', filter.sessionId)
  if (filter.userId !== undefined) query = query.where('users.id', '=', filter.userId)
  const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll('sessions')
    .select(['users.account_id', 'users.auth_username'])
    .orderBy('sessions.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { items: rows.map(toSession), total }
}

async function end(unit: Unit, id: number, reason: string | undefined): Promise<void> {
  const row = await unit.db.deleteFrom('sessions').where('id', '=', id).returning('user_id').executeTakeFirst()
  if (!row) throw missing('session', id)
  const user = await unit.db
    .selectFrom('users')
    .select(['account_id', 'auth_username'])
    .where('id', '=', row.user_id)
    .executeTakeFirstOrThrow()
  const entry = { accountId: user.account_id, action: 'session.ended', subject: user.auth_username }
  await recordAudit(unit, { ...entry, data: { session: id, reason } })
}

/** In units that hold nobody up, each of which tells what it ended. */
async function endAllOf(run: RunUnit, actor: Actor, accountId: number, reason: string): Promise<number> {
  for (let ended = 0; ; ) {
    const step = await run(actor, unit => endSomeOfAccount(unit, accountId, reason))
    ended += step.ended
    if (!step.more) return ended
  }
}

export function createSessions(context: Context, run: RunUnit): Sessions {
  const { store } = context
  const authenticate = async (realm: string, name: string, password: string, source: string) => {
    const user = await store.read(db => findByLoginName(db, name))
    const counted = { realm, name: attemptName(user, name), source }
    return { counted, ...(await prove(context, run, counted, user, password)) }
  }
  return {
    async login(realm, name, password, source = '') {
      const { counted, user, hash } = await authenticate(realm, name, password, source)
      return run(null, unit => open(context, unit, counted, user.id, hash))
    },
    check: async (realm, name, password, source = '') => (await authenticate(realm, name, password, source)).caller,
    async resolve(realm, token) {
      const found = await store.read(db => find(context, db, realm, token))
      if (found) await slide(context, run, found.session)
      return found?.caller
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
    list: (filter, page) => store.read(db => list(context, db, filter, page)),
    end: (actor, id, reason) => run(actor, unit => end(unit, id, reason)),
    endAll: (actor, userId, reason) => run(actor, unit => endSessionsOfUser(unit, userId, reason)),
    endAllOf: (actor, accountId, reason) => endAllOf(run, actor, accountId, reason),
  }
}
