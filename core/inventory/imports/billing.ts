import { addMonths } from '../../ground/clock.ts'
import type { Instant } from '../../ground/model.ts'
import type { Billing } from '../../verbs.ts'

const monthOf = (at: Instant) => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth()

/** How many due days, each a month after the last, lie before `at`. `paid` is the first of them and may be long ago. */
function dueDaysBefore(paid: Instant, at: Instant): number {
  if (paid >= at) return 0
  const months = monthOf(at) - monthOf(paid)
  return addMonths(paid, months) < at ? months + 1 : months
}

/** Until when a number counts as paid: never later than what is charged first. */
export function paidUntil(paid: Instant, billing: Billing, now: Instant): Instant {
  if (billing === 'asPaid') return paid
  return addMonths(paid, dueDaysBefore(paid, billing === 'elsewhere' ? now : billing.from))
}

/** Months that are due by now. */
export function monthsDue(paid: Instant, now: Instant): number {
  return dueDaysBefore(paid, now + 1)
}

export function firstDueAfter(paid: Instant, now: Instant): Instant {
  return addMonths(paid, monthsDue(paid, now))
}
