/** What owners do beyond one number at a time: windows, moves, carts, holds, any number that matches. */
import type { ClaimLine } from '../../../../core/verbs.ts'
import type { Simulation } from '../bench.ts'
import { guarantee } from '../checks.ts'
import {
  accountOf,
  cancelRelease,
  canPay,
  DAY,
  isBuyable,
  isOnShelf,
  type Lease,
  type PhoneNumber,
  pay,
  payerOf,
  priceOf,
  releaseLater,
  sell,
} from '../model.ts'
import { CHILD, POOR, RICH } from '../world.ts'
import { type Acts, anyAccount, anyNumber, cameOf, expectOutcome, isLetIn, likelyOwn } from './act.ts'

async function vobiz(simulation: Simulation, id: number, method: string, rest: string): Promise<boolean> {
  const { authId = '', authToken = '' } = simulation.credentials(id, 'vobiz')
  const url = `${simulation.base('vobiz')}/api/v1/Account/${authId}/numbers/${rest}`
  const headers = { 'x-auth-id': authId, 'x-auth-token': authToken }
  return (await simulation.send(new Request(url, { method, headers }))).ok
}

/** In a day, for a fee, until when it can be taken back. */
async function release(simulation: Simulation) {
  const { model } = simulation
  const id = anyAccount(simulation)
  const number = likelyOwn(simulation, id)
  const { fee } = accountOf(model, id)
  const isReady = number.owner === id && ['active', 'suspended'].includes(number.state)
  const due = isReady && isLetIn(simulation, id, 'vobiz') && canPay(model, id, fee)
  const what = `${id} releases ${number.e164} within a day`
  guarantee(what, await vobiz(simulation, id, 'DELETE', encodeURIComponent(number.e164)), due)
  if (!due) return `${what}: refused`
  pay(model, payerOf(model, id).id, -fee)
  releaseLater(model, number, 'window', model.now + DAY, fee)
  return what
}

async function cancel(simulation: Simulation) {
  const { model } = simulation
  const id = anyAccount(simulation)
  const pending = [...model.numbers.values()].filter(n => n.owner === id && n.state === 'releasing')
  if (pending.length === 0) return
  const number = simulation.dice.pick(pending)
  const due = number.lease?.release?.mode === 'window' && isLetIn(simulation, id, 'vobiz')
  const what = `${id} takes back the release of ${number.e164}`
  const path = `${encodeURIComponent(number.e164)}/cancel-release`
  guarantee(what, await vobiz(simulation, id, 'POST', path), due)
  if (due) cancelRelease(model, number)
  return what
}

const leaseIdOf = async ({ core }: Simulation, e164: string) => (await core.numbers.leaseOf(e164))?.lease.id ?? 0

/** Inside one tree; nothing that was configured goes along. */
async function move(simulation: Simulation) {
  const { core, dice, model } = simulation
  const [from, to] = dice.pick([
    [RICH, CHILD],
    [CHILD, RICH],
    [RICH, POOR],
    [POOR, RICH],
  ] as const)
  const number = likelyOwn(simulation, from)
  const isOwn = number.owner === from
  const due = !isOwn || to === POOR || from === POOR ? 'not_found' : number.state === 'active' ? 'done' : 'wrong_state'
  if (due === 'done' && isLetIn(simulation, from, 'wavix')) {
    await simulation.client(from, 'wavix').configure(number.e164, `t${simulation.step}`)
  }
  const work = core.numbers.move(await simulation.caller(from), await leaseIdOf(simulation, number.e164), to)
  const told = expectOutcome(`${number.e164} moves from ${from} to ${to}`, await cameOf(work), due)
  if (due === 'done') {
    Object.assign(number, { owner: to, changedAt: model.now })
    ;(number.lease as Lease).isBare = true
  }
  return told
}

/** All of the cart or nothing. */
async function checkout(simulation: Simulation) {
  const { core, dice, model } = simulation
  const id = anyAccount(simulation)
  const caller = await simulation.caller(id)
  const wanted = [...new Set([anyNumber(simulation), anyNumber(simulation)])].filter(n => isBuyable(model, n, id))
  if (wanted.length === 0) return
  // in order of their numbers, as they lie in a cart that was filled at once
  wanted.sort((a, b) => (a.e164 < b.e164 ? -1 : 1))
  const e164s = wanted.map(({ e164 }) => e164)
  const total = wanted.reduce((sum, number) => sum + priceOf(number), 0)
  await core.carts.add(caller, e164s, 'USD')
  const asked = dice.chance(0.5) ? e164s : undefined
  const all = (await core.carts.list(id)).map(({ e164 }) => e164)
  guarantee(`the cart of ${id} is what was put there`, all.sort(), [...e164s].sort())
  const work = core.carts.checkout(caller, asked, { documents: 'allow', currency: 'USD' })
  const due = canPay(model, id, total) ? 'done' : 'insufficient_funds'
  const told = expectOutcome(`${id} checks out ${e164s}`, await cameOf(work), due)
  if (due === 'done') for (const number of wanted) sell(model, number, id)
  else await core.carts.remove(caller, e164s)
  return told
}

/** What is on the shelf by number, then what is kept for the account: as far as papers allow. */
function matching({ model }: Simulation, id: number, quantity: number, sellsPapers: boolean): PhoneNumber[] {
  const all = [...model.numbers.values()].sort((a, b) => (a.e164 < b.e164 ? -1 : 1))
  const fit = all.filter(({ papers }) => sellsPapers || !papers)
  const held = fit.filter(n => n.state === 'available' && n.heldBy === id)
  return [...fit.filter(isOnShelf), ...held].slice(0, quantity)
}

async function claim(simulation: Simulation) {
  const { core, dice, model } = simulation
  const id = anyAccount(simulation)
  const documents = dice.pick(['refuse', 'verified'] as const)
  // few at a time, and at times more than there are without papers
  const quantity = dice.pick([1, 2, 3, 9])
  const partial = dice.chance(0.5)
  const found = matching(simulation, id, quantity, documents === 'verified' && accountOf(model, id).isVerified)
  const total = found.reduce((sum, number) => sum + priceOf(number), 0)
  const isEnough = found.length === quantity || partial
  const due = !isEnough ? 'number_unavailable' : canPay(model, id, total) ? 'done' : 'insufficient_funds'
  const lines: ClaimLine[] = [{ filter: { country: 'US', types: ['local'] }, quantity }]
  const work = core.numbers.claim(await simulation.caller(id), lines, { documents, partial, currency: 'USD' })
  const told = expectOutcome(`${id} claims any ${quantity} (papers: ${documents})`, await cameOf(work), due)
  if (due === 'done') for (const number of found) sell(model, number, id)
  return told
}

async function hold(simulation: Simulation) {
  const { core, dice, model } = simulation
  const id = anyAccount(simulation)
  const number = anyNumber(simulation)
  const until = model.now + dice.pick([DAY / 24, DAY, 4 * DAY])
  const isFree = isBuyable(model, number, id, false)
  const sells = !number.papers || accountOf(model, id).isVerified
  const due = !isFree ? 'number_unavailable' : sells ? 'done' : 'documents_required'
  const work = core.holds.take(await simulation.caller(id), { e164s: [number.e164] }, { until, documents: 'verified' })
  const told = expectOutcome(`${id} holds ${number.e164}`, await cameOf(work), due)
  if (due !== 'done' || (number.heldUntil ?? 0) >= until) return told
  Object.assign(number, { heldBy: id, heldUntil: until, changedAt: model.now })
  return told
}

/** Longer, shorter or no more. Nobody does it with another's. */
async function changeHold(simulation: Simulation) {
  const { core, dice, model } = simulation
  const held = [...model.numbers.values()].filter(n => n.heldBy !== null)
  if (held.length === 0) return
  const number = dice.pick(held)
  const id = dice.chance(0.7) ? (number.heldBy as number) : anyAccount(simulation)
  const isOwn = number.heldBy === id
  const { items } = await core.holds.of(number.heldBy as number, { limit: 100, offset: 0 })
  const own = items.find(each => each.number.e164 === number.e164)
  guarantee(`the hold of ${number.e164} is shown to its holder`, own?.until, number.heldUntil)
  const caller = await simulation.caller(id)
  const until = dice.chance(0.5) ? model.now + dice.pick([DAY / 24, 2 * DAY]) : null
  const ids = [own?.id ?? 0]
  const work = until === null ? core.holds.giveUp(caller, ids) : core.holds.extend(caller, ids, until)
  const told = expectOutcome(
    `${id} changes the hold of ${number.e164}`,
    await cameOf(work),
    isOwn ? 'done' : 'not_found',
  )
  if (!isOwn) return told
  Object.assign(number, { heldBy: until === null ? null : id, heldUntil: until, changedAt: model.now })
  return told
}

export const owners: Acts = {
  releaseLater: { weight: 8, run: release },
  cancelRelease: { weight: 6, run: cancel },
  move: { weight: 8, run: move },
  checkout: { weight: 4, run: checkout },
  claim: { weight: 6, run: claim },
  hold: { weight: 6, run: hold },
  changeHold: { weight: 4, run: changeHold },
}
