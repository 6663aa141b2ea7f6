/** Requests that wait, and callbacks that tell of them: to good, slow, failing and forbidden receivers. */
import type { StoredDelivery } from '../../../../core/verbs.ts'
import type { Simulation } from '../bench.ts'
import { guarantee } from '../checks.ts'
import { canPay, isOnShelf, priceOf, sell } from '../model.ts'
import { callbackUrlOf, FORBIDDEN } from '../receivers.ts'
import { type Acts, anyAccount, anyNumber, expectOutcome, isLetIn } from './act.ts'

const PATH = '/voice-phonenumberrequestapi/v1'
const PROFILES = '/voice-companyprofilesapi/v1'

async function cm(simulation: Simulation, id: number, method: string, path: string, body?: unknown) {
  const { accountGuid, token = '' } = simulation.credentials(id, 'cm')
  const url = simulation.base('cm') + path.replace(':account', accountGuid ?? '')
  const headers = { 'x-cm-producttoken': token, 'content-type': 'application/json' }
  const sent = body === undefined ? null : JSON.stringify(body)
  const response = await simulation.send(new Request(url, { method, headers, body: sent }))
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function profileOf(simulation: Simulation, id: number): Promise<unknown> {
  const { body } = await cm(simulation, id, 'GET', `${PROFILES}/:account/companyProfiles`)
  return (body as unknown as { guid: string }[])[0]?.guid
}

const regionOf = async ({ core }: Simulation, e164: string) => (await core.numbers.find(e164))?.region ?? ''

/** Filled at once when it can be, otherwise it waits; for want of money there is none. */
async function request(simulation: Simulation) {
  const { core, dice, model } = simulation
  const id = anyAccount(simulation)
  const number = anyNumber(simulation)
  if (!isLetIn(simulation, id, 'cm') || model.waiting.length > 5) return
  const { e164 } = number
  const asked = {
    ...{ companyProfileGuid: await profileOf(simulation, id), phoneNumberType: 'LOCAL', quantity: 1 },
    ...{ areaCode: e164.slice(2, 5), region: await regionOf(simulation, e164) },
    callbackUrl: dice.chance(0.8) ? callbackUrlOf(dice, simulation.step) : null,
  }
  const { status, body } = await cm(simulation, id, 'POST', `${PATH}/:account/numberRequests`, asked)
  const isThere = isOnShelf(number) || (number.state === 'available' && number.heldBy === id)
  const pays = canPay(model, id, priceOf(number))
  const order = await core.orders.byGuid(String(body.guid))
  const found = status === 200 ? String(order?.status) : 'refused'
  const told = expectOutcome(`${id} requests ${e164}`, found, !isThere ? 'pending' : pays ? 'completed' : 'refused')
  if (isThere && pays) sell(model, number, id)
  if (!isThere && order) model.waiting.push({ id: order.id, account: id, e164 })
  return told
}

async function cancel(simulation: Simulation) {
  const { core, dice, model } = simulation
  if (model.waiting.length === 0) return
  const { id, account } = dice.pick(model.waiting)
  await core.orders.cancel(await simulation.caller(account), id)
  model.waiting = model.waiting.filter(each => each.id !== id)
  return `${account} cancels its request ${id}`
}

/** Those that wait are those that the model knows of, and the others are over. */
async function review({ core, model }: Simulation) {
  const { items } = await core.orders.list({ status: 'pending' }, { limit: 1000, offset: 0 })
  const found = items.map(({ id }) => id).sort((a, b) => a - b)
  guarantee(
    'requests wait until they are filled or cancelled',
    found,
    model.waiting.map(({ id }) => id),
  )
  return 'requests are reviewed'
}

const MOST_ATTEMPTS = 6
const FIRST_PAUSE_MS = 2_000
const JITTER = 0.2

/** Delivered or visibly given up; attempts in order, with growing pauses; none after one that arrived. */
function checkDelivery({ id, status, attempts, nextAttemptAt }: StoredDelivery): void {
  const isDone = (attempt: (typeof attempts)[number]) => attempt.status !== null && attempt.status < 300
  const isOver = status === 'delivered' || status === 'failed'
  guarantee(`delivery ${id} is tried six times at most`, attempts.length <= MOST_ATTEMPTS, true)
  guarantee(`delivery ${id} waits or is over`, isOver, nextAttemptAt === null)
  guarantee(`delivery ${id} is delivered when it arrived`, attempts.some(isDone), status === 'delivered')
  if (status === 'delivered')
    guarantee(`nothing follows what arrived of ${id}`, attempts.findIndex(isDone), attempts.length - 1)
  for (const [i, { at }] of attempts.entries()) {
    const pause = at - (attempts[i - 1]?.at ?? 0)
    const least = i === 0 ? 0 : FIRST_PAUSE_MS * 2 ** (i - 1) * (1 - JITTER) - 1
    guarantee(`attempt ${i + 1} of ${id} waits its time`, pause >= least, true)
  }
}

async function checkDeliveries({ core, receivers, store }: Simulation): Promise<void> {
  const { items } = await core.outbox.deliveries({}, { limit: 5_000, offset: 0 })
  for (const each of items) if (each.status !== 'recorded') checkDelivery(each)
  for (const { host } of receivers.arrived) {
    guarantee(`${host}, which has a private address, is never called`, FORBIDDEN.includes(host), false)
  }
  const open = await store.read(db => db.selectFrom('outbox').select('id').where('is_done', '=', 0).execute())
  guarantee('every event is told', open, [])
  const events = await store.read(db =>
    db.selectFrom('outbox').select(['id', 'data']).where('kind', '=', 'order.updated').orderBy('id').execute(),
  )
  const due = events.filter(({ data }) => JSON.parse(data).callbackUrl !== null).map(({ id }) => id)
  const told = items.filter(({ url }) => url.startsWith('http')).map(({ eventId }) => eventId)
  guarantee(
    'each event has one delivery',
    told.sort((a, b) => a - b),
    due,
  )
  // what arrived is what was written down, and once more only where the sender died before it could write
  const arrivals = receivers.arrived.length - receivers.unwritten
  const tried = items.flatMap(({ url, attempts }) => attempts.filter(() => !FORBIDDEN.includes(new URL(url).hostname)))
  guarantee('every attempt is written down', tried.length, arrivals)
}

async function send(simulation: Simulation) {
  const tried = await simulation.sender.tick()
  await checkDeliveries(simulation)
  return tried === 0 ? undefined : `${tried} callbacks are tried`
}

/** What it has begun is taken up by another when its lease ends. */
async function dieSending(simulation: Simulation) {
  const { receivers } = simulation
  const before = receivers.arrived.length
  await receivers.whileCut(async () => {
    await simulation.sender.round()
    await new Promise(resolve => setImmediate(resolve))
  })
  receivers.unwritten += receivers.arrived.length - before
  await simulation.reopen()
  return receivers.arrived.length > before ? 'the gateway dies while it sends' : undefined
}

export const requests: Acts = {
  request: { weight: 10, run: request },
  cancelRequest: { weight: 3, run: cancel },
  reviewRequests: { weight: 2, run: review },
  send: { weight: 10, run: send },
  dieSending: { weight: 1, run: dieSending },
}
