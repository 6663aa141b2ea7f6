/** What a payer has, and which of the numbers that were found it is enough for. */
import { expect, it } from 'vitest'
import { canPay, type Purse, payable } from '../../core/orders/purse.ts'

const PURSE: Purse = new Map([
  ['USD', { balance: 10, credit_limit: 2 }],
  ['EUR', { balance: -3, credit_limit: 3 }],
])

it.each([
  ['USD', 12, true],
  ['USD', 13, false],
  ['EUR', 0, true],
  ['EUR', 1, false],
  ['GBP', 0, true], // what costs nothing needs no balance
  ['GBP', 1, false],
] as const)('of %s %i can be paid: %s', (currency, amount, isEnough) => {
  expect(canPay(PURSE, currency, amount)).toBe(isEnough)
})

it('found is what can be paid so many times, each by its own price and currency, in the order in which it was', () => {
  const found = [
    { e164: '1', currency: 'USD', price: 5 },
    { e164: '2', currency: 'USD', price: 4 },
    { e164: '3', currency: 'EUR', price: 4 },
    { e164: '4', currency: 'EUR', price: 0 },
    { e164: '5', currency: 'USD', price: 4 },
    { e164: '6', currency: 'USD', price: 5 },
  ]
  const those = (quantity: number) => payable(PURSE, quantity, found).map(({ e164 }) => e164)
  expect([those(2), those(3), those(4)]).toEqual([['1', '2', '4', '5', '6'], ['2', '4', '5'], ['4']])
})
