/** Who is let in: credentials, their realms, sessions, users of other accounts. */
import { madeFor } from '../../../contract/world.ts'
import { letsIn } from '../../owned.ts'
import { DIALECTS, moduleOf, SESSION_MS, type Session, type Simulation } from '../bench.ts'
import { guarantee } from '../checks.ts'
import { isBuyable, MINUTE, mayAct } from '../model.ts'
import { advance } from '../time.ts'
import { ACCOUNTS } from '../world.ts'
import { type Acts, anyAccount, anyNumber, cameOf, expectOutcome, isLetIn, likelyOwn, said } from './act.ts'

const userOf = (id: number) => id + 200
const kindOf = (dialect: string) => moduleOf(dialect).credentials?.kind ?? 'key'
/** Those that know callers by something else than the password of a user. */
const KEYED = DIALECTS.filter(dialect => kindOf(dialect) !== 'password')

function endSessions({ sessions }: Simulation, account: number): void {
  for (const session of sessions) if (session.account === account) session.isEnded = true
}

/** Another secret in the place of the old one, which is worth nothing from that moment on. */
async function rotate(simulation: Simulation) {
  const { core, secrets } = simulation
  const [id, dialect] = [anyAccount(simulation), simulation.dice.pick(DIALECTS)]
  const key = `${id} ${dialect}`
  const secret = `secret-${simulation.step}-of-${id}`
  const old = () => letsIn(moduleOf(dialect), client)
  const client = simulation.client(id, dialect)
  const wasLetIn = isLetIn(simulation, id, dialect)
  guarantee(`${dialect} lets ${id} in`, await old(), wasLetIn)
  if (kindOf(dialect) === 'password') {
    await core.directory.setPassword(null, userOf(id), secret)
    endSessions(simulation, id)
    secrets.set(key, secret)
    return `${id} has another password`
  }
  const found = (await core.credentials.list(id)).filter(each => each.realm === dialect && each.isActive)
  const isRevoked = simulation.dice.chance(0.4)
  const [first] = found
  if (first && isRevoked) await core.credentials.revoke(null, first.id)
  else if (first) await core.credentials.rotate(null, first.id, secret)
  else {
    const kind = kindOf(dialect)
    const { publicId } = madeFor(id, moduleOf(dialect))
    const made = { accountId: id, realm: dialect, secret, kind }
    await core.credentials.create(null, { ...made, ...(kind === 'key_pair' && { publicId }) })
  }
  guarantee(`a former secret of ${id} opens ${dialect}`, await old(), false)
  secrets.set(key, first && isRevoked ? undefined : secret)
  return `${id} ${first ? (isRevoked ? 'loses' : 'changes') : 'gets'} its secret of ${dialect}`
}

/** A pair that is right in one realm opens no other. */
async function stray(simulation: Simulation) {
  const { core, dice, secrets } = simulation
  const id = anyAccount(simulation)
  const dialect = dice.pick(KEYED)
  const secret = secrets.get(`${id} ${dialect}`)
  if (secret === undefined) return
  const { publicId } = madeFor(id, moduleOf(dialect))
  const verify = (realm: string) =>
    kindOf(dialect) === 'key'
      ? core.credentials.verifyKey(realm, secret)
      : core.credentials.verifyPair(realm, publicId, secret)
  const own = await said(verify(dialect).then(access => access?.caller.account.id))
  guarantee(`the pair of ${id} opens ${dialect}`, own, mayAct(simulation.model, id) ? id : 'refused')
  for (const realm of DIALECTS.filter(name => name !== dialect)) {
    const found = await verify(realm)
    guarantee(`the pair of ${id} for ${dialect} opens ${realm}`, found?.caller.account.id, undefined)
  }
  return `${id} tries its pair of ${dialect} everywhere`
}

async function logIn(simulation: Simulation) {
  const { core, model, secrets, sessions } = simulation
  const id = anyAccount(simulation)
  const password = secrets.get(`${id} onsip`) as string
  const due = mayAct(model, id) ? 'done' : 'login_failed'
  let token = ''
  const work = core.sessions.login('onsip', `user_${id}`, password).then(session => {
    token = session.token
  })
  const told = expectOutcome(`${id} logs in`, await cameOf(work), due)
  const end = model.now + SESSION_MS
  if (due === 'done') sessions.push({ token, account: id, least: end, most: end, isEnded: false })
  if (sessions.length > 6) sessions.shift()
  return told
}

/** It slides in steps of a minute at most. */
function slide(session: Session, now: number): void {
  session.least = Math.max(session.least, now + SESSION_MS - MINUTE)
  session.most = now + SESSION_MS
}

async function useOne(simulation: Simulation, session: Session) {
  const { core, model } = simulation
  const { account, least, most, isEnded, token } = session
  if (!isEnded && model.now >= least && model.now < most) return
  const isAlive = !isEnded && model.now < least
  const found = await said(core.sessions.resolve('onsip', token).then(caller => caller?.account.id))
  const what = `the session of ${account} that ends at ${new Date(most).toISOString()}`
  const due = isAlive && mayAct(model, account)
  guarantee(`${what} lets in`, found === account, due)
  guarantee(`${what} lets in elsewhere`, (await said(core.sessions.resolve('wavix', token))) ?? null, null)
  if (isAlive) {
    const { items } = await core.sessions.list({ accountId: account }, { limit: 50, offset: 0 })
    guarantee(`${what} is listed`, items.length > 0, true)
  }
  if (due) slide(session, model.now)
  else if (!isAlive) session.isEnded = true
  return `${what} is used`
}

const useSession = async (simulation: Simulation) =>
  simulation.sessions.length === 0 ? undefined : useOne(simulation, simulation.dice.pick(simulation.sessions))

/** In use it lives longer than its life. */
async function stay(simulation: Simulation) {
  const { core, dice, model, sessions } = simulation
  const open = sessions.filter(({ isEnded, least }) => !isEnded && model.now < least)
  if (open.length === 0) return
  const session = dice.pick(open)
  for (let use = 0; use < 3; use++) {
    await useOne(simulation, session)
    advance(model, model.now + 40 * MINUTE)
    await core.jobs.runDue()
  }
  return `${session.account} stays for two hours`
}

async function logOut(simulation: Simulation) {
  const { core, dice, model, sessions } = simulation
  const open = sessions.filter(({ isEnded, least }) => !isEnded && model.now < least)
  if (open.length === 0) return
  const session = dice.pick(open)
  guarantee('a session is ended once', await core.sessions.destroy('onsip', session.token), true)
  session.isEnded = true
  return `${session.account} logs out`
}

/** Whoever the dialect lets through, the core takes no user of another account. */
async function strangersUser(simulation: Simulation) {
  const { core, dice, model } = simulation
  const id = anyAccount(simulation)
  const userId = userOf(dice.pick(ACCOUNTS.filter(other => other !== id)))
  const caller = await simulation.caller(id)
  const terms = { userId, documents: 'allow' } as const
  const number = likelyOwn(simulation, id)
  if (number.owner === id) {
    const lease = await core.numbers.leaseOf(number.e164)
    const work = core.numbers.configure(caller, lease?.lease.id ?? 0, { userId })
    return expectOutcome(`${id} gives ${number.e164} to user ${userId}`, await cameOf(work), 'not_found')
  }
  const free = anyNumber(simulation)
  if (!isBuyable(model, free, id)) return
  const line = { filter: { e164: free.e164 }, quantity: 1 }
  const work = dice.chance(0.5)
    ? core.numbers.purchase(caller, [free.e164], terms)
    : core.numbers.claim(caller, [line], { ...terms, partial: true })
  return expectOutcome(`${id} buys ${free.e164} for user ${userId}`, await cameOf(work), 'not_found')
}

export const people: Acts = {
  rotate: { weight: 4, run: rotate },
  stray: { weight: 4, run: stray },
  logIn: { weight: 5, run: logIn },
  useSession: { weight: 10, run: useSession },
  stay: { weight: 3, run: stay },
  logOut: { weight: 3, run: logOut },
  strangersUser: { weight: 4, run: strangersUser },
}
