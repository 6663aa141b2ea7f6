import { expect, it } from 'vitest'
import { parseDate, parseMoment, parseTime } from '../../core/ground/time.ts'

it('A17: a date is the beginning of a day of UTC, and one that the calendar has', () => {
  expect(parseDate('2026-06-01')).toBe(Date.UTC(2026, 5, 1))
  expect(parseDate('2028-02-29')).toBe(Date.UTC(2028, 1, 29))
  expect(parseDate('0001-01-01')).toBe(Date.parse('0001-01-01T00:00:00Z'))
  for (const no of ['2026-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00', '0000-01-01']) {
    expect(parseDate(no), no).toBeUndefined()
    expect(parseTime(`${no}T00:00:00Z`), no).toBeUndefined()
  }
  for (const no of ['2026-6-1', '20260601', '01.06.2026', '+012026-06-01', '2026-06-01T00:00:00Z', ' 2026-06-01', '']) {
    expect(parseDate(no), no).toBeUndefined()
  }
})

it('A17: a time names its zone', () => {
  const noon = Date.UTC(2026, 5, 1, 12)
  for (const yes of [
    '2026-06-01T12:00:00Z',
    '2026-06-01 12:00Z',
    '2026-06-01T17:30:00+05:30',
    '2026-06-01t08:00-0400',
  ]) {
    expect(parseTime(yes), yes).toBe(noon)
  }
  expect(parseTime('2026-06-01T12:00:00.1239999Z')).toBe(noon + 123)
  const wrong = ['2026-06-01T12:00:00', '2026-06-01T24:00:00Z', '2026-06-01T12:60:00Z', '2026-06-01T12:00:60Z']
  for (const no of [...wrong, '2026-06-01T12Z', '2026-06-01T12:00:00+24:00', '2026-06-01T12:00:00 CET', '2026-06-01']) {
    expect(parseTime(no), no).toBeUndefined()
  }
})

it('A17: years have four digits, also after the offset', () => {
  expect(parseTime('9999-12-31T23:59:59.999Z')).toBe(Date.parse('9999-12-31T23:59:59.999Z'))
  expect(parseTime('9999-12-31T23:59:59-00:01')).toBeUndefined()
  expect(parseTime('0001-01-01T00:00:00+00:01')).toBeUndefined()
  expect(parseMoment('10000-01-01')).toBeUndefined()
  expect(parseMoment('2026-06-01')).toEqual({ at: Date.UTC(2026, 5, 1), isDay: true })
})
