/** The portal passwords of users: one each, whatever surface asks for it. */
import { setTimeout as later } from 'node:timers/promises'
import { Fault, isFault } from '../ground/fault.ts'
import type { Caller, Instant, User } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { keyDigest, matchesHash, wasteTime } from '../ground/secrets.ts'
import { type Context, failed, type RunUnit } from '../ground/unit.ts'
import { timeOf, why } from '../ground/why.ts'
import type { Reader } from '../store/store.ts'
import { admitUser } from './admission.ts'
import { type Counted, countAttempt, countFailure, forgetAttempts, LOCK_MS, readAttempts } from './login-attempts.ts'
import { holding, holds } from './rotation.ts'

export const PORTAL_REALM = 'portal'
/** While every attempt that is left is being judged, others look again so often for what came of it. */
const LOOKS = 200
const LOOK_MS = 25

/** One, or while a former one still holds, two. */
export function passwordRows(db: Reader, user: Pick<User, 'authUsername'>, now: Instant) {
  return holding(db, PORTAL_REALM, user.authUsername, now)
}

/** A user whose password was right, and whom it lets in. */
export interface Proven {
  user: User
  caller: Caller
  /** Of the password. */
  hash: string
  endsAt: Instant | null
}

async function rightOf(rows: readonly Row<'credentials'>[], password: string) {
  for (const row of rows) if (await matchesHash(password, row.secret_hash)) return row
  return undefined
}

async function judge(db: Reader, user: User | undefined, password: string, now: Instant): Promise<Proven | undefined> {
  const rows = user ? await passwordRows(db, user, now).execute() : []
  if (!user || rows.length === 0) {
    await wasteTime(password)
    return undefined
  }
  const right = await rightOf(rows, password)
  if (!right) return undefined
  try {
    return { user, caller: await admitUser(db, user), hash: right.secret_hash, endsAt: right.ends_at }
  } catch (error) {
    if (isFault(error, 'unauthenticated')) return undefined // whoever may not act is told no more than a stranger
    throw error
  }
}

/** Passwords are slow to check by design; one that was right is known again by its digest until anything changes. */
const keyOf = (user: User | undefined, password: string) => `password of ${user?.id} ${keyDigest(password)}`

/** Faults: login_failed, login_locked; both are counted and stored. */
export async function prove(
  context: Context,
  run: RunUnit,
  counted: Counted,
  user: User | undefined,
  password: string,
): Promise<Proven> {
  const { store, access, clock } = context
  const forget = () => run(null, unit => forgetAttempts(unit, counted))
  const known = async (load: (db: Reader) => Promise<Proven | undefined>) => {
    const found = await store.read(db => (user ? access.remember(db, keyOf(user, password), () => load(db)) : load(db)))
    return found && holds(found, clock.now()) ? found : undefined
  }
  for (let look = 0; look < LOOKS; look++) {
    const earlier = await store.read(db => readAttempts(db, counted, clock.now()))
    if (earlier?.lockedUntil) {
      const from = counted.source && ` from ${counted.source}`
      const sentence = `"${counted.name}" was tried with wrong passwords${from}, and is locked there until ${timeOf(earlier.lockedUntil)}`
      const reason = why('a few wrong passwords lock a name where they come from', sentence, { ...counted })
      throw new Fault('login_locked', { until: earlier.lockedUntil }, { why: reason })
    }
    const before = await known(async () => undefined)
    const nth = before ? 0 : await run(null, unit => countAttempt(unit, counted))
    if (nth === undefined) {
      await later(LOOK_MS)
      continue
    }
    const proven = before ?? (await known(db => judge(db, user, password, clock.now())))
    if (!proven) return refuse(run, counted, nth, user)
    if (earlier || nth > 0) await forget()
    return proven
  }
  throw new Fault('login_locked', { until: clock.now() + LOCK_MS })
}

/** Committed although it is answered as a fault. */
function refuse(run: RunUnit, counted: Counted, nth: number, user: User | undefined): Promise<Proven> {
  const who = user
    ? `user ${user.id} of account ${user.accountId} has another password, or may not act`
    : 'nobody has this name'
  const reason = why('name and password of a user', `"${counted.name}": ${who}`, { name: counted.name })
  return run<Proven>(null, async unit => {
    const until = await countFailure(unit, counted, nth)
    if (until === undefined) return failed(new Fault('login_failed', {}, { why: reason }))
    return failed(new Fault('login_locked', { until }, { why: reason }))
  })
}
