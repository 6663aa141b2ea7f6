import { file } from '../../lines.ts'
import type { Simulation } from '../bench.ts'
import { guarantee } from '../checks.ts'
import { accountOf, bringOwned, DAY, DOLLAR, isOnShelf, monthsAfter, pay, payerOf, serveWaiting } from '../model.ts'
import { settle } from '../time.ts'
import { ACCOUNTS, LATER_STOCK, rowOf, stock } from '../world.ts'
import { type Acts, anyAccount, anyNumber, cameOf, expectOutcome } from './act.ts'

async function block(simulation: Simulation) {
  const { core, model } = simulation
  const number = anyNumber(simulation)
  const due = number.state === 'blocked' ? 'wrong_state' : 'done'
  const told = expectOutcome(
    `${number.e164} is blocked`,
    await cameOf(core.numbers.block(null, number.e164, 'test')),
    due,
  )
  if (due !== 'done') return told
  // a hold ends with every step away from the shelf
  Object.assign(number, { prior: number.state, state: 'blocked', heldBy: null, heldUntil: null, changedAt: model.now })
  return told
}

async function unblock(simulation: Simulation) {
  const { core, dice, model } = simulation
  const blocked = [...model.numbers.values()].filter(n => n.state === 'blocked')
  if (blocked.length === 0) return
  const number = dice.pick(blocked)
  await core.numbers.unblock(null, number.e164, 'test')
  Object.assign(number, { state: number.prior, prior: null, changedAt: model.now })
  settle(model, number, model.now)
  if (isOnShelf(number)) serveWaiting(model)
  return `${number.e164} is unblocked`
}

/** Who holds a number keeps its price. */
async function reprice(simulation: Simulation) {
  const { core, dice, model } = simulation
  const number = anyNumber(simulation)
  if (model.waiting.some(({ e164 }) => e164 === number.e164)) return
  const monthly = dice.pick([0, 1, 2, 5, 12]) * DOLLAR
  await core.numbers.reprice(null, number.e164, { monthly })
  Object.assign(number, { monthly, changedAt: model.now })
  return `${number.e164} costs ${monthly / DOLLAR} a month from now on`
}

async function topUp(simulation: Simulation) {
  const { core, dice, model } = simulation
  const { id } = payerOf(model, anyAccount(simulation))
  // nobody grows so rich that renewals are never missed
  if (accountOf(model, id).balance > 60 * DOLLAR) return
  const amount = dice.pick([1, 2, 5, 9, 20]) * DOLLAR
  await core.ledger.topUp(null, id, 'USD', amount)
  pay(model, id, amount)
  return `${id} pays in ${amount / DOLLAR}`
}

async function creditLimit(simulation: Simulation) {
  const { core, dice, model } = simulation
  const account = payerOf(model, anyAccount(simulation))
  const limit = dice.pick([0, 0, 3, 10]) * DOLLAR
  const change = { creditLimit: { currency: 'USD', amount: limit } }
  const due = account.balance >= -limit ? 'done' : 'wrong_state'
  const work = core.accounts.update(null, account.id, change)
  const told = expectOutcome(`${account.id} may owe ${limit / DOLLAR}`, await cameOf(work), due)
  if (due === 'done') account.limit = limit
  if (due === 'done') serveWaiting(model)
  return told
}

/** Mostly going: a world at rest shows nothing. */
async function stopOrStart(simulation: Simulation) {
  const { core, dice, model } = simulation
  const stopped = ACCOUNTS.filter(id => !accountOf(model, id).isActive)
  const isActive = stopped.length > 0 && dice.chance(0.8)
  const id = isActive ? dice.pick(stopped) : anyAccount(simulation)
  await core.accounts.update(null, id, { isActive })
  accountOf(model, id).isActive = isActive
  if (isActive) serveWaiting(model)
  return `${id} is ${isActive ? 'started' : 'stopped'}`
}

async function verify(simulation: Simulation) {
  const { core, model } = simulation
  const account = accountOf(model, anyAccount(simulation))
  account.isVerified = !account.isVerified
  await core.accounts.update(null, account.id, { identityVerified: account.isVerified })
  return `${account.id} is ${account.isVerified ? '' : 'not '}verified`
}

/** Stock, or the number of a customer that comes with it, without a set-up charge. */
async function bring(simulation: Simulation) {
  const { core, dice, model } = simulation
  const next = LATER_STOCK.find(({ e164 }) => !model.numbers.has(e164))
  if (!next) return
  const owner = dice.chance(0.5) ? anyAccount(simulation) : undefined
  const paidUntil = monthsAfter(model.now - (model.now % DAY), 1)
  const activated = { activated_at: new Date(model.now).toISOString(), paid_until: new Date(paidUntil).toISOString() }
  const row = { ...rowOf(next), ...(owner && { account_id: String(owner), user_id: '', ...activated }) }
  const report = await core.imports.run(file([row]), { owned: owner !== undefined, keepGood: false })
  guarantee('an import says what it did', report, { imported: 1, unchanged: 0, errors: [] })
  stock(model, next)
  const number = model.numbers.get(next.e164)
  if (owner && number) bringOwned(model, number, owner, paidUntil)
  const again = await core.imports.run(file([row]), { owned: owner !== undefined, keepGood: false })
  guarantee('a file that came already changes nothing', again.imported, 0)
  return `${next.e164} comes ${owner ? `as ${owner}'s` : 'to the shelf'}`
}

export const operators: Acts = {
  block: { weight: 3, run: block },
  unblock: { weight: 4, run: unblock },
  reprice: { weight: 3, run: reprice },
  topUp: { weight: 9, run: topUp },
  creditLimit: { weight: 4, run: creditLimit },
  stopOrStart: { weight: 5, run: stopOrStart },
  verify: { weight: 1, run: verify },
  bring: { weight: 2, run: bring },
}
