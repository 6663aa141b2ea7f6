/** A year of purchases and releases on a clock of its own, with all that they leave behind. */
import { randomBytes, randomUUID } from 'node:crypto'
import { createCore } from '../core/core.ts'
import type { Caller } from '../core/ground/model.ts'
import type { Store } from '../core/store/store.ts'
import type { Core, Worded } from '../core/verbs.ts'
import { openCustomer, plan } from './data.ts'
import { NPAS, NXXS } from './load.ts'

const DAY_MS = 86_400_000
export const DAYS = 365
/** Of the gateways of the bench. */
export const BENCH_KEY = 'bench-key-bench-key-bench-key-32'
const BUYERS = 64
const KEPT_DAYS = 7
/** One purchase in so many comes with a log-in, leaves a hold given up, an entry in a cart, a name that was guessed. */
const EVERY = { login: 10, hold: 20, cart: 50, guess: 100 } as const
/** One callback in so many is taken at the second attempt. */
const RETRIED = 20
/** Units at once: as many as share a commit on SQLite; on PostgreSQL more than its connections only wait. */
const AT_ONCE = { sqlite: 256, postgres: 16 } as const
const FOREVER = { ended: 36_500, idempotency: 36_500, callbacks: 36_500, carts: 36_500, imports: 36_500 }

export interface Year {
  purchases: number
  /** Stock of which numbers are bought again and again. */
  numbers: number
  /** Numbers of one order: more of them make the year shorter, and its orders fewer. */
  perOrder: number
}

interface Rented {
  buyer: number
  e164s: string[]
  leases: number[]
}

interface Life extends Year {
  core: Core
  store: Store
  callers: readonly Caller[]
  /** On the shelf, those that came back last at the end. */
  shelf: string[]
  /** By the day on which they are given back. */
  rented: Map<number, Rented[]>
  setNow(at: number): void
}

async function openBuyers(core: Core): Promise<Caller[]> {
  const callers: Caller[] = []
  for (let n = 0; n < BUYERS; n++) {
    const account = await core.accounts.create(null, { id: 1000 + n, name: `Buyer ${n}`, currency: 'USD' })
    await core.ledger.topUp(null, account.id, 'USD', 9_000_000_000_000)
    callers.push(core.accounts.callerFor(account))
  }
  return callers
}

const keyed = (caller: Caller): Caller => ({
  ...caller,
  idempotency: { key: `vobiz:${randomUUID()}`, fingerprint: 'POST buy', field: 'Idempotency-Key' },
})

async function buy({ core, callers, shelf, rented, perOrder }: Life, nth: number, day: number): Promise<void> {
  const buyer = nth % BUYERS
  const caller = callers[buyer] as Caller
  const e164s = shelf.splice(0, perOrder)
  if (nth % EVERY.cart === 0) await core.carts.add(caller, e164s.slice(0, 1), 'USD')
  if (nth % EVERY.hold === 0) {
    const until = core.clock.now() + 4 * 3_600_000
    const [hold] = await core.holds.take(caller, { e164s: e164s.slice(0, 1) }, { until, documents: 'refuse' })
    if (hold) await core.holds.giveUp(caller, [hold.id])
  }
  const { owned } = await core.numbers.purchase(keyed(caller), e164s, { documents: 'refuse' })
  const list = rented.get(day + KEPT_DAYS) ?? []
  list.push({ buyer, e164s, leases: owned.map(({ lease }) => lease.id) })
  rented.set(day + KEPT_DAYS, list)
}

async function giveBack({ core, callers, shelf }: Life, { buyer, e164s, leases }: Rented): Promise<void> {
  await core.numbers.release(keyed(callers[buyer] as Caller), leases, { kind: 'now' })
  shelf.push(...e164s)
}

/** So many at once, spread over the day. */
async function spread({ store, setNow }: Life, dayAt: number, acts: readonly (() => Promise<void>)[]): Promise<void> {
  const size = AT_ONCE[store.engine.name]
  for (let at = 0; at < acts.length; at += size) {
    setNow(dayAt + Math.floor((at / acts.length) * DAY_MS))
    await Promise.all(acts.slice(at, at + size).map(act => act()))
  }
}

/** Log-ins are written as the core would: to prove as many passwords takes longer than all the rest. */
async function logIns({ store, core }: Life, count: number): Promise<void> {
  const now = core.clock.now()
  const session = () => ({ realm: 'onsip', token_hash: randomBytes(32).toString('hex'), user_id: 501 })
  const guess = () => ({
    realm: 'onsip',
    name: randomBytes(6).toString('hex'),
    source: '',
    failures: 1,
    locked_until: 0,
  })
  const sessions = Array.from({ length: Math.ceil(count / EVERY.login) }, session)
  const guesses = Array.from({ length: Math.ceil(count / EVERY.guess) }, guess)
  await store.write(async db => {
    await db
      .insertInto('sessions')
      .values(sessions.map(row => ({ ...row, created_at: now, expires_at: now + DAY_MS })))
      .execute()
    await db
      .insertInto('login_attempts')
      .values(guesses.map(row => ({ ...row, window_started_at: now })))
      .execute()
  })
}

const HEADERS = { 'content-type': 'application/json', 'x-sinch-signature': 'a'.repeat(64) }
const body = (id: number) =>
  JSON.stringify({
    ...{ eventId: randomUUID(), timestamp: '2026-06-01T00:00:00.000Z', projectId: randomUUID(), eventType: 'RELEASED' },
    ...{ resourceId: `+1${2_000_000_000 + id}`, resourceType: 'ACTIVE_NUMBER', status: 'SUCCEEDED', failureCode: '' },
  })

function word(id: number): Worded {
  const told = { dialect: 'sinch', url: 'https://hooks.example.com/numbers', method: 'POST', headers: HEADERS } as const
  return { deliveries: [{ ...told, body: body(id), receiver: 'hooks.example.com:443' }], told: ['sinch'], failed: [] }
}

async function tell({ core: { outbox, clock } }: Life): Promise<void> {
  while ((await outbox.expand(event => word(event.id))).more);
  for (;;) {
    const { items } = await outbox.due('', 8)
    if (items.length === 0) return
    const taken = await outbox.take(
      items.map(({ id }) => id),
      20_000,
    )
    await outbox.attempted(
      taken.map(({ id, tries, headers }) => {
        const delivered = id % RETRIED > 0 || tries > 0
        const nextAttemptAt = delivered ? null : clock.now()
        return { id, status: delivered ? 204 : 503, error: null, durationMs: 40, delivered, headers, nextAttemptAt }
      }),
    )
  }
}

async function beginLife(store: Store, year: Year, startAt: number): Promise<Life> {
  let now = startAt
  const setNow = (at: number) => {
    now = at
  }
  const core = createCore({ store, clock: { now: () => now }, key: BENCH_KEY, retention: FOREVER })
  core.outbox.subscribe(['number.released'])
  await core.policies.setQuarantineDays(0, '*')
  await openCustomer(core)
  await core.imports.run(plan(year.numbers, NPAS, NXXS), { owned: false, keepGood: false })
  const { items } = await core.numbers.search({}, { limit: year.numbers, offset: 0 })
  const shelf = items.map(({ e164 }) => e164)
  return { ...year, core, store, callers: await openBuyers(core), shelf, rented: new Map(), setNow }
}

/** `onBegun`: the stock is there, and the year begins. */
export async function liveYear(store: Store, year: Year, startAt: number, onBegun: () => Promise<void>): Promise<void> {
  const life = await beginLife(store, year, startAt)
  await onBegun()
  const orders = Math.ceil(year.purchases / year.perOrder)
  let done = 0
  for (let day = 0; day < DAYS; day++) {
    const until = Math.floor((orders * (day + 1)) / DAYS)
    const acts = (life.rented.get(day) ?? []).map(each => () => giveBack(life, each))
    life.rented.delete(day)
    await spread(life, startAt + day * DAY_MS, acts)
    const first = done
    await spread(
      life,
      startAt + day * DAY_MS + 1000,
      Array.from({ length: until - first }, (_, n) => () => buy(life, first + n, day)),
    )
    await logIns(life, (until - first) * year.perOrder)
    await tell(life)
    await life.core.jobs.runDue()
    done = until
    if (day % 30 === 29) process.stderr.write(`day ${day + 1}: ${done} orders\n`)
  }
}
