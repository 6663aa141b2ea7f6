/** What the other rooms, and the host, may use of this one. */
export { createAudit, recordAudit, toAuditEvent } from './audit.ts'
export { createOutbox, withAttempts } from './outbox.ts'
