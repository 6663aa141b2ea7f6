/** Health of a number from its call records. All figures are whole: strict clients type them so. */
import type { Call, Instant, PhoneNumber } from '../../../core/ground/model.ts'
import { uuidOf } from '../ids.ts'
import { timestamp } from '../wire/text.ts'
import { statusOf } from './numbers.ts'

export type Granularity = 'daily' | 'hourly'

const STEP_MS = { daily: 86_400_000, hourly: 3_600_000 } as const satisfies Record<Granularity, number>

const share = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((part * 100) / whole))
const mean = (sum: number, count: number) => (count === 0 ? 0 : Math.round(sum / count))

function figures(calls: readonly Call[]) {
  const answered = calls.filter(call => call.answered)
  const seconds = answered.reduce((sum, call) => sum + call.durationSeconds, 0)
  return {
    total_calls: calls.length,
    answered_calls: answered.length,
    /** Per cent. */
    answer_rate: share(answered.length, calls.length),
    total_minutes: Math.round(seconds / 60),
    avg_duration: mean(seconds, answered.length),
    seconds,
  }
}

function snapshot({ e164 }: PhoneNumber, ts: Instant, calls: readonly Call[]) {
  const { seconds, ...rest } = figures(calls)
  const failed_calls = rest.total_calls - rest.answered_calls
  return { id: uuidOf('health', `${e164} ${ts}`), ts: timestamp(ts), ...rest, failed_calls, total_duration: seconds }
}

/** Only steps in which there were calls. */
function snapshots(number: PhoneNumber, calls: readonly Call[], granularity: Granularity) {
  const step = STEP_MS[granularity]
  const groups = new Map<Instant, Call[]>()
  for (const call of calls) {
    const start = Math.floor(call.endedAt / step) * step
    groups.set(start, [...(groups.get(start) ?? []), call])
  }
  return [...groups].map(([start, list]) => snapshot(number, start, list))
}

export function health(number: PhoneNumber, calls: readonly Call[], granularity: Granularity, days: number) {
  const { seconds: _, ...summary } = figures(calls)
  return {
    e164: number.e164,
    status: statusOf(number),
    usage_status: 'unrated',
    is_spam: false,
    granularity,
    summary: { period_days: days, ...summary },
    snapshots: snapshots(number, calls, granularity),
  }
}
