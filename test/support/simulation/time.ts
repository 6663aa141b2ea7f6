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
  if (at - since >= PATIENCE && number.state === 'suspended') return vacate(model, number, at)
  Object.assign(lease, { unpaidSince: since, dueAt: at + DAY })
  if (number.state === 'active') Object.assign(number, { state: 'suspended', changedAt: at })
  if (number.prior === 'active') Object.assign(number, { prior: 'suspended', changedAt: at })
}

function renew(model: Model, number: PhoneNumber, lease: Lease, due: number): void {
  const at = Math.max(due, number.changedAt)
  const { balance, limit } = accountOf(model, lease.payer)
  if (balance + limit < lease.amount) return miss(model, number, lease, at)
  pay(model, lease.payer, -lease.amount)
  const periods = lease.periods + 1
  const paidUntil = monthsAfter(lease.anchor, periods)
  Object.assign(lease, { periods, paidUntil, dueAt: paidUntil, unpaidSince: null })
  if (number.state === 'suspended') Object.assign(number, { state: 'active', changedAt: at })
  if (number.prior === 'suspended') Object.assign(number, { prior: 'active', changedAt: at })
}

interface Due {
  at: number
  order: number
  run(): void
}

function nextDue(model: Model, until: number): Due | undefined {
  const found: Due[] = []
  for (const [i, number] of [...model.numbers.values()].entries()) {
    const timer = timerOf(number)
    const { lease } = number
    if (timer !== null) found.push({ at: timer, order: i, run: () => settle(model, number, timer) })
    if (lease?.dueAt != null) {
      const due = lease.dueAt
      found.push({ at: due, order: model.numbers.size + lease.nth, run: () => renew(model, number, lease, due) })
    }
  }
  const [first] = found.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.order - b.order)
  return first
}

/** Everything that falls due on the way, in due order; timers before months of the same instant. */
export function advance(model: Model, until: number): void {
  for (let due = nextDue(model, until); due; due = nextDue(model, until)) {
    model.now = Math.max(model.now, due.at)
    due.run()
  }
  model.now = until
}

/** Moments that something hangs on. */
export function instants({ numbers, now }: Model): number[] {
  const all = [...numbers.values()].flatMap(n => [timerOf(n), n.reclaimUntil, n.lease?.dueAt])
  return all.filter((at): at is number => at != null && at > now)
}
