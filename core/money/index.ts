/** What the other rooms, and the host, may use of this one. */
export { charge } from './charge.ts'
export { createLedger } from './ledger.ts'
export { covers, ensureBalance, type PostingLine, post, setCreditLimit } from './posting.ts'
