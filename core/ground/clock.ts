import type { Store, Writer } from '../store/store.ts'
import type { Clock } from '../verbs.ts'
import { Fault } from './fault.ts'
import type { Instant } from './model.ts'
import { LAST_CLOCK } from './time.ts'

/** A clock whose offset from the wall lives in the database, shared by all processes and never moved backwards. */
export interface StoredClock extends Clock {
  /** See what another process has set. */
  refresh(): Promise<void>
  /** Faults: clock_backwards, invalid_input (so far ahead that no year of four digits is left). */
  moveTo(at: Instant): Promise<void>
  /** From where it stands when it is moved: the wall goes on meanwhile, and so may others move it. */
  moveBy(ms: number): Promise<void>
  /** It stands still until it is moved, or goes on from where it stands. */
  freeze(isFrozen: boolean): Promise<void>
  isFrozen(): boolean
  /** For a world that begins, or is put back: any time, earlier ones too. Faults: invalid_input. */
  startAt(at: Instant, isFrozen: boolean): Promise<void>
}

const ROW = 1

/** `offset`: from the wall, unless it stands still. */
interface Setting {
  offset: number
  frozenAt: Instant | null
}

async function readSetting(db: Writer): Promise<Setting> {
  const row = await db.selectFrom('clock').select(['offset_ms', 'frozen_at']).where('id', '=', ROW).executeTakeFirst()
  return { offset: row?.offset_ms ?? 0, frozenAt: row?.frozen_at ?? null }
}

async function keepSetting(db: Writer, { offset, frozenAt }: Setting): Promise<void> {
  const row = { offset_ms: offset, frozen_at: frozenAt }
  await db
    .insertInto('clock')
    .values({ id: ROW, ...row })
    .onConflict(c => c.column('id').doUpdateSet(row))
    .execute()
}

function checkRange(at: Instant): void {
  if (at <= LAST_CLOCK) return // not a number: neither
  const message = `the clock cannot be set after ${new Date(LAST_CLOCK).toISOString()}`
  throw new Fault('invalid_input', { issues: [{ field: 'clock', problem: 'too_big', message }] }, { message })
}

/** `wall` is the only place where real time enters. */
export async function openClock(store: Store, wall: () => Instant = Date.now): Promise<StoredClock> {
  let setting = await store.read(readSetting)
  const shown = ({ offset, frozenAt }: Setting) => frozenAt ?? wall() + offset
  const at = (instant: Instant, isFrozen: boolean): Setting =>
    isFrozen ? { offset: 0, frozenAt: instant } : { offset: instant - wall(), frozenAt: null }
  const change = async (next: (current: Setting) => Setting) => {
    setting = await store.write(async db => {
      const changed = next(await readSetting(db))
      await keepSetting(db, changed)
      return changed
    })
  }
  /** As it stood before, so it goes on: still, or with the wall. */
  const move = (next: (now: Instant) => Instant) =>
    change(current => at(next(shown(current)), current.frozenAt !== null))
  return {
    now: () => shown(setting),
    isFrozen: () => setting.frozenAt !== null,
    async refresh() {
      setting = await store.read(readSetting)
    },
    async moveTo(asked) {
      checkRange(asked)
      await move(now => {
        if (asked < now) throw new Fault('clock_backwards', { now, asked })
        return asked
      })
    },
    moveBy: ms =>
      move(now => {
        checkRange(now + ms)
        return now + Math.max(0, ms)
      }),
    freeze: isFrozen => change(current => at(shown(current), isFrozen)),
    async startAt(asked, isFrozen) {
      checkRange(asked)
      await change(() => at(asked, isFrozen))
    },
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
