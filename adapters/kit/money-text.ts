import type { Micros } from '../../core/ground/model.ts'
import { formatMoney } from '../../core/ground/money.ts'

export { formatCents as twoDecimals } from '../../core/ground/money.ts'

/** Shortest decimal with at least one fractional digit: "15.0", "0.99", "0.0059". */
export function shortestText(micros: Micros): string {
  return formatMoney(micros, 1)
}

/** Major units as a JSON number, for providers that type money so. */
export function majorUnits(micros: Micros): number {
  return Number(formatMoney(micros, 0))
}
