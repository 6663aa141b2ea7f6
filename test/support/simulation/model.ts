/**
 * What must be, told anew from the provider's rules and in the smallest way: owners, money, timers, people. It shares no
 * code with the core, so that a fault of the core is not its own.
 */
export const DOLLAR = 1_000_000
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const DAY = 1_440 * MINUTE

export type State = 'available' | 'active' | 'suspended' | 'releasing' | 'quarantined' | 'blocked'

export interface Lease {
  /** In order of their making. */
  nth: number
  payer: number
  amount: number
  anchor: number
  periods: number
  paidUntil: number
  /** Null: nothing more is charged. */
  dueAt: number | null
  unpaidSince: number | null
  release: { mode: 'window' | 'periodEnd'; fee: number } | null
  /** Nothing has been configured since it came from another holder. */
  isBare: boolean
}

export interface PhoneNumber {
  e164: string
  papers: boolean
  setup: number
  monthly: number
  state: State
  /** While blocked: what it was. */
  prior: State | null
  owner: number | null
  lastOwner: number | null
  lease: Lease | null
  releasesAt: number | null
  coolUntil: number | null
  reclaimUntil: number | null
  heldBy: number | null
  heldUntil: number | null
  changedAt: number
}

export interface Account {
  id: number
  payer: number
  isActive: boolean
  isVerified: boolean
  balance: number
  limit: number
  /** Days that its numbers rest, days in which it alone may take them back, what a release costs. */
  rest: number
  reclaim: number
  fee: number
}

export interface Model {
  now: number
  leases: number
  accounts: Map<number, Account>
  numbers: Map<string, PhoneNumber>
  /** Requests that wait, oldest first. */
  waiting: { id: number; account: number; e164: string }[]
}

export const createModel = (now: number): Model => ({
  now,
  leases: 0,
  accounts: new Map(),
  numbers: new Map(),
  waiting: [],
})

export const accountOf = ({ accounts }: Model, id: number) => accounts.get(id) as Account
export const payerOf = (model: Model, id: number) => accountOf(model, accountOf(model, id).payer)
export const numbersOf = ({ numbers }: Model, owner: number) => [...numbers.values()].filter(n => n.owner === owner)
export const priceOf = ({ setup, monthly }: PhoneNumber) => setup + monthly

/** It and who pays for it are both going. */
export const mayAct = (model: Model, id: number) => accountOf(model, id).isActive && payerOf(model, id).isActive

export const canPay = (model: Model, id: number, amount: number) => {
  const { balance, limit } = payerOf(model, id)
  return balance + limit >= amount
}

export const isOnShelf = ({ state, heldBy }: PhoneNumber) => state === 'available' && heldBy === null
const isKeptFor = ({ state, heldBy }: PhoneNumber, id: number) => state === 'available' && heldBy === id
const isReclaimable = ({ state, lastOwner, reclaimUntil }: PhoneNumber, id: number, now: number) =>
  state === 'quarantined' && lastOwner === id && (reclaimUntil ?? 0) > now

/** By name; by area, nobody takes back what still rests. */
export function isBuyable(model: Model, number: PhoneNumber, id: number, isNamed = true): boolean {
  return isOnShelf(number) || isKeptFor(number, id) || (isNamed && isReclaimable(number, id, model.now))
}

/** Months of a day that a shorter month does not have end with that month. */
export function monthsAfter(at: number, months: number): number {
  const from = new Date(at)
  const last = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0))
  const day = Math.min(from.getUTCDate(), last.getUTCDate())
  return Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), day) + (at % DAY)
}

const FREE = { releasesAt: null, coolUntil: null, reclaimUntil: null, heldBy: null, heldUntil: null, prior: null }

function own(model: Model, number: PhoneNumber, id: number, lease: Pick<Lease, 'anchor' | 'periods' | 'paidUntil'>) {
  const terms = { payer: accountOf(model, id).payer, amount: number.monthly, dueAt: lease.paidUntil }
  const open = {
    ...lease,
    ...terms,
    nth: ++model.leases,
    unpaidSince: null,

    release: null,
    isBare: false,
  }
  Object.assign(number, FREE, { state: 'active', owner: id, lease: open, changedAt: model.now })
}

/** Sold and charged. Whether it may be is asked before. */
export function sell(model: Model, number: PhoneNumber, id: number): void {
  payerOf(model, id).balance -= priceOf(number)
  own(model, number, id, { anchor: model.now, periods: 1, paidUntil: monthsAfter(model.now, 1) })
}

/** A customer's number that came with its owner and what it has paid. */
export function bringOwned(model: Model, number: PhoneNumber, id: number, paidUntil: number): void {
  own(model, number, id, { anchor: model.now - (model.now % DAY), periods: 1, paidUntil })
}

/** Waiting requests are served when numbers, money or leave to act come: oldest first, each wholly or not. */
export function serveWaiting(model: Model): void {
  model.waiting = model.waiting.filter(({ account, e164 }) => {
    const number = model.numbers.get(e164) as PhoneNumber
    if (!isOnShelf(number) || !mayAct(model, account) || !canPay(model, account, priceOf(number))) return true
    sell(model, number, account)
    return false
  })
}

export function pay(model: Model, payer: number, amount: number): void {
  accountOf(model, payer).balance += amount
  if (amount > 0) serveWaiting(model)
}

/** Nobody's any more: it rests, or goes back to the shelf. */
export function vacate(model: Model, number: PhoneNumber, at: number, rest?: { cool: number; reclaim: number | null }) {
  const { reclaim, rest: days } = accountOf(model, number.owner as number)
  const { cool, ...right } = rest ?? {
    cool: at + Math.max(days, reclaim) * DAY,
    reclaim: reclaim === 0 ? null : at + reclaim * DAY,
  }
  const lastOwner = number.owner
  Object.assign(number, FREE, { state: 'available', owner: null, lastOwner, lease: null, changedAt: at })
  if (cool > at) Object.assign(number, { state: 'quarantined', coolUntil: cool, reclaimUntil: right.reclaim })
  else serveWaiting(model)
}

/** Asked for now, takes effect later; what it costs is paid now. */
export function releaseLater(model: Model, number: PhoneNumber, mode: 'window' | 'periodEnd', at: number, fee: number) {
  if (at <= model.now) {
    vacate(model, number, model.now)
    return
  }
  const { reclaim, rest } = accountOf(model, number.owner as number)
  const lease = number.lease as Lease
  const reclaimUntil = reclaim === 0 ? null : at + reclaim * DAY
  Object.assign(number, { releasesAt: at, coolUntil: at + Math.max(rest, reclaim) * DAY, reclaimUntil })
  Object.assign(number, { state: 'releasing', changedAt: model.now })
  Object.assign(lease, { release: { mode, fee }, dueAt: null })
}

export function cancelRelease(model: Model, number: PhoneNumber): void {
  const lease = number.lease as Lease
  const fee = lease.release?.fee ?? 0
  Object.assign(number, {
    releasesAt: null,
    coolUntil: null,
    reclaimUntil: null,
    state: 'active',
    changedAt: model.now,
  })
  Object.assign(lease, { release: null, dueAt: lease.paidUntil })
  pay(model, lease.payer, fee)
}
