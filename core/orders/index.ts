/** What the other rooms, and the host, may use of this one. */
export { createCarts } from './carts.ts'
export { writeData } from './close.ts'
export { lockOpen, orderReview } from './kept.ts'
export { createOrders } from './orders.ts'
export { keptOf } from './view.ts'
