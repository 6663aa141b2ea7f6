/** Clients of every dialect, through its driver: the law across dialects. */
import { DIALECTS, moduleOf, type Simulation } from '../bench.ts'
import { guarantee } from '../checks.ts'
import {
  accountOf,
  canPay,
  isBuyable,
  isOnShelf,
  type Lease,
  numbersOf,
  type PhoneNumber,
  pay,
  payerOf,
  priceOf,
  releaseLater,
  sell,
  vacate,
} from '../model.ts'
import { type Acts, anyAccount, anyNumber, isLetIn, likelyOwn, said } from './act.ts'

function sells(simulation: Simulation, dialect: string, id: number, { papers }: PhoneNumber): boolean {
  const rule = moduleOf(dialect).driver.papers
  if (!papers || rule === 'anybody') return true
  return rule === 'verified' && accountOf(simulation.model, id).isVerified
}

function dueOfPurchase(simulation: Simulation, dialect: string, id: number, number: PhoneNumber): boolean {
  const { model } = simulation
  const isThere = isLetIn(simulation, id, dialect) && isBuyable(model, number, id, !moduleOf(dialect).driver.byArea)
  return isThere && sells(simulation, dialect, id, number) && canPay(model, id, priceOf(number))
}

async function buy(simulation: Simulation) {
  const [id, number, dialect] = [anyAccount(simulation), anyNumber(simulation), simulation.dice.pick(DIALECTS)]
  const what = `${id} buys ${number.e164} by ${dialect}`
  const due = dueOfPurchase(simulation, dialect, id, number)
  const found = await said(simulation.client(id, dialect).buy(number.e164))
  guarantee(what, found === 'bought' ? 'bought' : 'not bought', due ? 'bought' : 'not bought')
  if (due) sell(simulation.model, number, id)
  return `${what}: ${found}`
}

const IN_SERVICE = ['active', 'suspended']

async function release(simulation: Simulation) {
  const { dice, model } = simulation
  const id = anyAccount(simulation)
  const dialect = dice.pick(DIALECTS.filter(name => !moduleOf(name).driver.cannot?.release))
  const number = likelyOwn(simulation, id)
  const isLate = moduleOf(dialect).driver.releasesLater === true
  const isOwn = number.owner === id && isLetIn(simulation, id, dialect)
  const isReady = IN_SERVICE.includes(number.state) || (number.state === 'releasing' && !isLate)
  const fee = dialect === 'vobiz' && number.state !== 'releasing' ? accountOf(model, id).fee : 0
  const what = `${id} releases ${number.e164} by ${dialect}`
  const found = await said(simulation.client(id, dialect).release(number.e164))
  const due = isOwn && isReady && canPay(model, id, fee)
  // asking once more for what is under way is answered either way, and changes nothing
  if (!isOwn || number.state !== 'releasing' || !isLate) guarantee(what, found === 'released', due)
  if (!due) return `${what}: ${found}`
  pay(model, payerOf(model, id).id, -fee)
  if (isLate) releaseLater(model, number, 'periodEnd', Math.max((number.lease as Lease).paidUntil, model.now), 0)
  else vacate(model, number, model.now)
  return `${what}: ${found}`
}

async function configure(simulation: Simulation) {
  const { dice } = simulation
  const id = anyAccount(simulation)
  const dialect = dice.pick(DIALECTS.filter(name => !moduleOf(name).driver.cannot?.configure))
  const number = likelyOwn(simulation, id)
  const text = `t${simulation.step}`
  const isOwn = number.owner === id && isLetIn(simulation, id, dialect)
  const client = simulation.client(id, dialect)
  if (isOwn && number.lease?.isBare) {
    const before = String(await client.configured(number.e164))
    guarantee(`${dialect} shows ${id} nothing that a former holder of ${number.e164} set`, /^t\d+$/.test(before), false)
  }
  const found = await said(client.configure(number.e164, text))
  const what = `${id} configures ${number.e164} by ${dialect}`
  if (!isOwn || number.state === 'active') guarantee(what, found === 'configured', isOwn)
  if (isOwn) (number.lease as Lease).isBare = false
  if (found === 'configured') guarantee(`${what} and reads it back`, await client.configured(number.e164), text)
  return `${what}: ${found}`
}

/** What an account has is the same in every dialect, in the same instant. */
async function look(simulation: Simulation) {
  const lists = DIALECTS.filter(name => !moduleOf(name).driver.cannot?.owned)
  const [id, dialect] = [anyAccount(simulation), simulation.dice.pick(lists)]
  const found = await said(simulation.client(id, dialect).owned())
  // a release that has taken effect shows, although a block still holds it back
  const isOver = ({ releasesAt }: PhoneNumber) => (releasesAt ?? Infinity) <= simulation.model.now
  const own = numbersOf(simulation.model, id).filter(number => !isOver(number))
  const due = isLetIn(simulation, id, dialect) ? own.map(n => n.e164).sort() : 'refused'
  guarantee(`${dialect} shows account ${id} its numbers and no others`, found, due)
  return `${id} looks by ${dialect}`
}

async function browse(simulation: Simulation) {
  const { dice } = simulation
  const [id, number, dialect] = [anyAccount(simulation), anyNumber(simulation), dice.pick(DIALECTS)]
  // one whose papers are asked for is shown by some, and searches of what is kept differ
  if (
    !isLetIn(simulation, id, dialect) ||
    number.papers ||
    isBuyable(simulation.model, number, id) !== isOnShelf(number)
  )
    return
  const found = await said(simulation.client(id, dialect).isAvailable(number.e164))
  guarantee(`${number.e164} on the shelf of ${dialect} for ${id}`, found, isOnShelf(number))
  return `${id} browses ${dialect} for ${number.e164}`
}

export const clients: Acts = {
  buy: { weight: 30, run: buy },
  release: { weight: 10, run: release },
  configure: { weight: 10, run: configure },
  look: { weight: 10, run: look },
  browse: { weight: 6, run: browse },
}
