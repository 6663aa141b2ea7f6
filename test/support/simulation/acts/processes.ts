/** Processes: the same request twice, rows read a while ago, units that fail half-way, gateways that die. */

import { seededRandom } from '../../../../core/ground/random.ts'
import { type Context, createRunUnit } from '../../../../core/ground/unit.ts'
import { transition } from '../../../../core/numbers/lifecycle.ts'
import { flushStock } from '../../../../core/numbers/stock.ts'
import type { Simulation } from '../bench.ts'
import { checkAll, guarantee } from '../checks.ts'
import { canPay, isBuyable, priceOf, sell } from '../model.ts'
import { type Acts, anyAccount, anyNumber, cameOf, expectOutcome, likelyOwn } from './act.ts'

const KEYS = ['one', 'two', 'three']

/** One effect for each account's key; the same bytes to whoever repeats it, and to nobody else. */
async function repeat(simulation: Simulation) {
  const { core, dice, kept, model } = simulation
  const id = anyAccount(simulation)
  const key = dice.pick(KEYS)
  const before = kept.get(`${id} ${key}`)
  const number = before && dice.chance(0.7) ? model.numbers.get(before.e164) : anyNumber(simulation)
  if (!number) return
  const { e164 } = number
  const idempotency = { key: `simulation:${key}`, fingerprint: `buy ${e164}`, field: 'Key' }
  const caller = { ...(await simulation.caller(id)), idempotency }
  const ask = async () => {
    const earlier = await core.idempotency.earlier<unknown>(caller)
    return earlier ? earlier.value : core.numbers.purchase(caller, [e164], { documents: 'allow' })
  }
  let gave = ''
  const work = ask().then(result => {
    gave = JSON.stringify(result)
  })
  const isFree = isBuyable(model, number, id)
  const fresh = !isFree ? 'number_unavailable' : canPay(model, id, priceOf(number)) ? 'done' : 'insufficient_funds'
  const due = before === undefined ? fresh : before.e164 === e164 ? 'done' : 'invalid_input'
  const told = expectOutcome(`${id} buys ${e164} with key ${key}`, await cameOf(work), due)
  if (due !== 'done') return told
  if (before) guarantee(`${told}: the same as before`, gave, before.gave)
  else {
    sell(model, number, id)
    kept.set(`${id} ${key}`, { e164, gave })
  }
  return told
}

/** Two at once with one key: one purchase, one answer. */
async function twice(simulation: Simulation) {
  const { core, model } = simulation
  const id = anyAccount(simulation)
  const number = anyNumber(simulation)
  if (!isBuyable(model, number, id) || !canPay(model, id, priceOf(number))) return
  const key = `simulation:at once ${simulation.step}`
  const caller = { ...(await simulation.caller(id)), idempotency: { key, fingerprint: 'buy', field: 'Key' } }
  const ask = () => core.numbers.purchase(caller, [number.e164], { documents: 'allow' })
  const [one, other] = await Promise.all([ask(), ask()])
  guarantee('two requests with one key get one answer', JSON.stringify(one), JSON.stringify(other))
  sell(model, number, id)
  return `${id} buys ${number.e164} twice at once with one key`
}

function unitsOf({ store, model, step }: Simulation) {
  const clock = { now: () => model.now }
  const hooks = { listening: new Set(), onArrival: [], onCommitted: [] }
  const parts = { store, clock, random: seededRandom(`stale ${step}`), ...hooks }
  return createRunUnit(parts as unknown as Context, flushStock, (unit, _, fn) => fn(unit))
}

/** A row that somebody else changed meanwhile is a conflict, and nothing is written. */
async function staleRow(simulation: Simulation) {
  const { store } = simulation
  const row = await store.read(db =>
    db.selectFrom('numbers').selectAll().where('e164', '=', likelyOwn(simulation, 0).e164).executeTakeFirstOrThrow(),
  )
  if (row.version === 1) return
  const old = { ...row, version: row.version - 1 - simulation.dice.int(row.version - 1) }
  const change = { kind: 'repriced', to: row.state, set: { monthly_price: row.monthly_price + 1 } }
  const work = unitsOf(simulation)(null, unit => transition(unit, old, change as Parameters<typeof transition>[2]))
  return expectOutcome(
    `a change of ${row.e164} from version ${old.version} of ${row.version}`,
    await cameOf(work),
    'conflict',
  )
}

/** All of a unit or nothing. */
async function halfWay(simulation: Simulation) {
  const { core, dice, model } = simulation
  const id = anyAccount(simulation)
  const number = anyNumber(simulation)
  const isSold = isBuyable(model, number, id) && canPay(model, id, priceOf(number))
  const caller = await simulation.caller(id)
  const lease = (await core.numbers.leaseOf(number.e164))?.lease.id ?? 0
  const isHeld = number.owner === id && number.state === 'active'
  if (!isSold && !isHeld) return
  simulation.failAfter(dice.int(14))
  const work = isSold
    ? core.numbers.purchase(caller, [number.e164], { documents: 'allow' })
    : core.numbers.configure(caller, lease, { settings: { dialect: 'wavix', value: {} }, label: 'half' })
  const found = await work.then(
    () => 'done',
    (error: Error) => error.message,
  )
  const hasFailed = simulation.hasFailed()
  guarantee('a unit that fails is told so', found, hasFailed ? 'simulated' : 'done')
  if (hasFailed) await checkAll(simulation)
  else if (isSold) sell(model, number, id)
  else if (number.lease) number.lease.isBare = false
  return `a unit of ${id} on ${number.e164} ${hasFailed ? 'fails half-way' : 'is done'}`
}

async function die(simulation: Simulation) {
  await simulation.reopen()
  return 'the gateway dies and is opened anew'
}

export const processes: Acts = {
  repeat: { weight: 6, run: repeat },
  twice: { weight: 2, run: twice },
  staleRow: { weight: 2, run: staleRow },
  halfWay: { weight: 4, run: halfWay },
  die: { weight: 2, run: die },
}
