/** What the other rooms, and the host, may use of this one. */
export {
  atMost,
  lockEnough,
  lockNamed,
  lockOwnHeld,
  onShelf,
  purchaseNumbers,
  settleForSale,
  termsFilter,
} from './buy.ts'
export { configureOne, moveOne } from './configure.ts'
export { allOf } from './filter.ts'
export { giveUpHolds, holdsOf, MOST_DAYS, moveHolds, takeHolds } from './hold.ts'
export { createHolds } from './holds.ts'
export { type NumberRow, settle, transition, vacate } from './lifecycle.ts'
export { purchasable } from './mine.ts'
export { createNumbers, toNumberEvent } from './numbers.ts'
export { insertOwnerships, type Start, type WrittenOwned } from './opening.ts'
export { lockHeld, releaseOne } from './release.ts'
export { shelfQuery } from './shelf.ts'
export { countShelf, flushStock } from './stock.ts'
export { take } from './take.ts'
export { namedUser, resolveTaker, type Taker } from './taker.ts'
export { counterConditions, counterTable } from './total.ts'
export { whyNotForSale } from './why.ts'
