/** What the other rooms, and the host, may use of this one. */

export { createExports } from './exports.ts'
export { checkInvariants } from './invariants.ts'
export { createJobs, expiry, renewal, runUntil } from './jobs.ts'
export { beginChange, keepCheck, opens, opensAll, sealedTexts, sealedTextsOfAny } from './key-check.ts'
export { createOversight } from './oversight.ts'
export { createSealed } from './resealing.ts'
export { createRetention, DEFAULT_RETENTION } from './retention.ts'
export { createSharedCounts } from './shared-counts.ts'
