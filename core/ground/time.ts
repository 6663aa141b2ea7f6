import type { Instant } from './model.ts'

// The one reader of dates and times that strangers write, for files, the admin plane and every dialect. A date is a day
// of UTC; a time names its zone, because nobody can know where its writer lives. What no calendar has (30 February,
// 24:00) is refused, never taken for another day.

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const TIME = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:([Zz])|([+-])(\d\d):?(\d\d))$/

const at = (year: number, month: number, day: number) => new Date(0).setUTCFullYear(year, month - 1, day)

/** Years have four digits, here and in every answer. */
const FIRST = at(1, 1, 1)
const LAST = at(10_000, 1, 1) - 1

/** Clocks stay well below the last year, so that what follows from them (a period, a rest) has four digits too. */
export const LAST_CLOCK = at(9900, 1, 1)

/** `2026-06-01`: the beginning of that day, UTC. */
export function parseDate(text: string): Instant | undefined {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number)
  if (year === undefined || month === undefined || day === undefined || year === 0) return undefined
  const instant = at(year, month, day)
  const date = new Date(instant)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? instant : undefined
}

/** `2026-06-01T12:00:00Z`, seconds and their fraction optional, or with an offset such as `+05:30`. */
export function parseTime(text: string): Instant | undefined {
  const [, date = '', hour, minute, second = 0, fraction = '', , sign, ahead = 0, minutes = 0] = TIME.exec(text) ?? []
  const day = parseDate(date)
  if (day === undefined) return undefined
  const isReal = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
  if (!isReal || Number(ahead) > 23 || Number(minutes) > 59) return undefined
  const local =
    ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3))
  const offset = (Number(ahead) * 60 + Number(minutes)) * 60_000
  const instant = day + local - (sign === '-' ? -offset : offset)
  return instant >= FIRST && instant <= LAST ? instant : undefined
}

/** Either of them. */
export function parseMoment(text: string): { at: Instant; isDay: boolean } | undefined {
  const day = parseDate(text)
  if (day !== undefined) return { at: day, isDay: true }
  const time = parseTime(text)
  return time === undefined ? undefined : { at: time, isDay: false }
}
