import { Fault } from './fault.ts'
import type { Instant } from './model.ts'
import type { Store, Writer } from './store/store.ts'
import { LAST_CLOCK } from './time.ts'
import type { Clock } from './verbs.ts'

/** A clock whose offset from the wall lives in the database, shared by all processes and never moved backwards. */
export interface StoredClock extends Clock {
  /** See what another process has set. */
  refresh(): Promise<void>
  /** Faults: clock_backwards, invalid_input (so far ahead that no year of four digits is left). */
  moveTo(at: Instant): Promise<void>
  /** From where it stands when it is moved: the wall goes on meanwhile, and so may others move it. */
  moveBy(ms: number): Promise<void>
}

const ROW = 1

async function readOffset(db: Writer): Promise<number> {
  const row = await db.selectFrom('clock').select('offset_ms').where('id', '=', ROW).executeTakeFirst()
  return row?.offset_ms ?? 0
}

function checkRange(at: Instant): void {
  if (at <= LAST_CLOCK) return // not a number: neither
  const message = `the clock cannot be set after ${new Date(LAST_CLOCK).toISOString()}`
  throw new Fault('invalid_input', { issues: [{ field: 'clock', problem: 'too_big', message }] }, { message })
}

/** `wall` is the only place where real time enters. */
export async function openClock(store: Store, wall: () => Instant = Date.now): Promise<StoredClock> {
  let offset = await store.read(readOffset)
  const move = async (change: (current: number) => number) => {
    offset = await store.write(async db => {
      const next = change(await readOffset(db))
      await db
        .insertInto('clock')
        .values({ id: ROW, offset_ms: next })
        .onConflict(c => c.column('id').doUpdateSet({ offset_ms: next }))
        .execute()
      return next
    })
  }
  return {
    now: () => wall() + offset,
    async refresh() {
      offset = await store.read(readOffset)
    },
    async moveTo(at) {
      checkRange(at)
      await move(current => {
        const now = wall() + current
        if (at < now) throw new Fault('clock_backwards', { now, asked: at })
        return at - wall()
      })
    },
    moveBy: ms =>
      move(current => {
        checkRange(wall() + current + ms)
        return current + Math.max(0, ms)
      }),
  }
}

/** The end of the month `months` after `anchor`, clamped to that month's last day: the anchor itself never drifts. */
export function addMonths(anchor: Instant, months: number): Instant {
  const date = new Date(anchor)
  const target = new Date(anchor)
  target.setUTCDate(1)
  target.setUTCMonth(date.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate()
  target.setUTCDate(Math.min(date.getUTCDate(), lastDay))
  return target.getTime()
}

export const DAY_MS = 86_400_000

const monthOf = (at: Instant) => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth()

/**
 * From where months lead to `paidUntil`: the day of the activation where they do (which may be the 31st), else `paidUntil`
 * itself.
 */
export function anchorOf(startedAt: Instant, paidUntil: Instant): { anchor: Instant; months: number } {
  const months = monthOf(paidUntil) - monthOf(startedAt)
  const anchor = startedAt - modulo(startedAt, DAY_MS) + modulo(paidUntil, DAY_MS)
  return addMonths(anchor, months) === paidUntil ? { anchor, months } : { anchor: paidUntil, months: 0 }
}

const modulo = (value: number, by: number) => ((value % by) + by) % by
