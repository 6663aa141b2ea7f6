import { Fault } from './fault.ts'
import type { Micros } from './model.ts'

/** Amounts stay below 2^53 micros: about nine thousand million currency units. */
export const MAX_MICROS = Number.MAX_SAFE_INTEGER

/** Whole micros, of either sign, that a column and JavaScript can hold exactly. */
export const isMicros = (amount: number): boolean => Number.isSafeInteger(amount)
/** The dearest a number may be: set-up and month of a hundred such together still fit. */
export const MAX_PRICE = 40_000_000 * 1_000_000

const DECIMAL = /^([+-]?)(\d{1,10})(?:\.(\d{1,6}))?$/

/** Decimal text ("25.00", "-0.5") to micros, by string arithmetic only. Faults: invalid_input naming `field`. */
export function parseMoney(text: string, field = 'amount'): Micros {
  const match = DECIMAL.exec(text.trim())
  const [, sign = '', whole = '', fraction = ''] = match ?? []
  const micros = Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0'))
  if (!match || micros > MAX_MICROS) {
    throw new Fault('invalid_input', {
      issues: [{ field, problem: 'format', message: 'not an amount of money with at most six decimals' }],
    })
  }
  return sign === '-' && micros !== 0 ? -micros : micros
}

/**
 * Micros to decimal text with at least `minimumDecimals` and as many more (up to six) as the value needs.
 * `formatMoney(2_500_000, 2)` is "2.50"; `formatMoney(5_900, 1)` is "0.0059".
 */
export function formatMoney(micros: Micros, minimumDecimals: number): string {
  const digits = String(Math.abs(micros)).padStart(7, '0')
  const fraction = digits.slice(-6).replace(/0+$/, '').padEnd(minimumDecimals, '0')
  const sign = micros < 0 ? '-' : ''
  return `${sign}${digits.slice(0, -6)}${fraction === '' ? '' : `.${fraction}`}`
}

/** Micros to text with exactly two decimals, rounded half away from zero. */
export function formatCents(micros: Micros): string {
  const cents = Math.round(Math.abs(micros) / 10_000)
  const text = String(cents).padStart(3, '0')
  return `${micros < 0 && cents > 0 ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`
}
