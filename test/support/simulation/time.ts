/** What the clock alone does, in the model: timers run out, months are paid or missed, one thing after the other. */
import {
  accountOf,
  DAY,
  isOnShelf,
  type Lease,
  type Model,
  monthsAfter,
  type PhoneNumber,
  pay,
  serveWaiting,
  vacate,
} from './model.ts'

const PATIENCE = 30 * DAY
/** More than there are numbers. */
const LATER = 1_000_000

/** When the number's own timer runs out; a blocked one's does not. */
function timerOf({ state, releasesAt, coolUntil, heldUntil }: PhoneNumber): number | null {
  if (state === 'releasing') return releasesAt
  if (state === 'quarantined') return coolUntil
  return state === 'available' ? heldUntil : null
}

/** Does what is due of the number by this moment, dated when it was due or when it was last touched. */
export function settle(model: Model, number: PhoneNumber, by: number): void {
  for (let due = timerOf(number); due !== null && due <= by; due = timerOf(number)) {
    const at = Math.max(due, number.changedAt)
    if (number.state === 'releasing') {
      vacate(model, number, at, { cool: number.coolUntil as number, reclaim: number.reclaimUntil })
      continue
    }
    Object.assign(number, { state: 'available', coolUntil: null, reclaimUntil: null })
    Object.assign(number, { heldBy: null, heldUntil: null, changedAt: at })
    if (isOnShelf(number)) serveWaiting(model)
  }
}

/** Suspended until it is paid; tried again daily; thirty days after the first miss it is given up. */
function miss(model: Model, number: PhoneNumber, lease: Lease, at: number): void {
  const since = lease.unpaidSince ?? at
  if (at - since >= PATIENCE && number.state === 'suspended') {
    vacate(model, number, at)
    return
  }
  Object.assign(lease, { unpaidSince: since, dueAt: at + DAY })
  if (number.state === 'active') Object.assign(number, { state: 'suspended', changedAt: at })
  if (number.prior === 'active') Object.assign(number, { prior: 'suspended', changedAt: at })
}

function renew(model: Model, number: PhoneNumber, lease: Lease, due: number): void {
  const at = Math.max(due, number.changedAt)
  const { balance, limit } = accountOf(model, lease.payer)
  if (balance + limit < lease.amount) {
    miss(model, number, lease, at)
    return
  }
  pay(model, lease.payer, -lease.amount)
  const periods = lease.periods + 1
  const paidUntil = monthsAfter(lease.anchor, periods)
  Object.assign(lease, { periods, paidUntil, dueAt: paidUntil, unpaidSince: null })
  if (number.state === 'suspended') Object.assign(number, { state: 'active', changedAt: at })
  if (number.prior === 'suspended') Object.assign(number, { prior: 'active', changedAt: at })
}

interface Due {
  at: number
  /** At the same instant timers go before months, and older ownerships before younger ones. */
  order: number
  isDue(): boolean
  run(): void
}

function allDue(model: Model, until: number): Due[] {
  const found: Due[] = []
  for (const [i, number] of [...model.numbers.values()].entries()) {
    const timer = timerOf(number)
    const { lease } = number
    if (timer !== null) {
      const isDue = () => timerOf(number) === timer
      found.push({ at: timer, order: i, isDue, run: () => settle(model, number, timer) })
    }
    if (lease?.dueAt != null) {
      const at = lease.dueAt
      const isDue = () => number.lease === lease && lease.dueAt === at
      found.push({ at, order: LATER + lease.nth, isDue, run: () => renew(model, number, lease, at) })
    }
  }
  return found.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.order - b.order)
}

/**
 * Everything that falls due on the way, in due order, a day at a time: who has several months to pay pays the second
 * when everybody has paid the first.
 */
export function advance(model: Model, until: number): void {
  for (let due = allDue(model, until); due.length > 0; due = allDue(model, until)) {
    const end = (due[0]?.at ?? 0) + DAY
    for (const { at, isDue, run } of due.filter(each => each.at < end)) {
      model.now = Math.max(model.now, at)
      if (isDue()) run()
    }
  }
  model.now = until
}

/** Moments that something hangs on. */
export function instants({ numbers, now }: Model): number[] {
  const all = [...numbers.values()].flatMap(n => [timerOf(n), n.reclaimUntil, n.lease?.dueAt])
  return all.filter((at): at is number => at != null && at > now)
}
