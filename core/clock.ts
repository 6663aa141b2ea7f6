import { Fault } from './fault.ts'
import type { Instant } from './model.ts'
import type { Store, Writer } from './store/store.ts'
import type { Clock } from './verbs.ts'

/** A clock whose offset from the wall lives in the database, shared by all processes and never moved backwards. */
export interface StoredClock extends Clock {
  /** See what another process has set. */
  refresh(): Promise<void>
  /** Faults: clock_backwards. */
  moveTo(at: Instant): Promise<void>
  /** From where it stands when it is moved: the wall goes on meanwhile, and so may others move it. */
  moveBy(ms: number): Promise<void>
}

const ROW = 1

async function readOffset(db: Writer): Promise<number> {
  const row = await db.selectFrom('clock').select('offset_ms').where('id', '=', ROW).executeTakeFirst()
  return row?.offset_ms ?? 0
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
    moveTo: at =>
      move(current => {
        const now = wall() + current
        if (at < now) throw new Fault('clock_backwards', { now, asked: at })
        return at - wall()
      }),
    moveBy: ms => move(current => current + Math.max(0, ms)),
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
