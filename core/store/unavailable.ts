import { Fault } from '../ground/fault.ts'

/** What the database says when nothing is wrong with what it was asked, and the same may succeed in a while. */
const SQLSTATES: readonly RegExp[] = [
  /^08/, // connection exception
  /^53/, // too many connections, out of memory, disk full
  /^57P0/, // shut down, crashed, starting up, connection ended by an administrator
  /^58/, // errors of the system below it
  /^(40001|40P01)$/, // serialization failure, deadlock: tried again several times by then
  /^(57014|55P03)$/, // statement took too long, lock not available
  /^(25P03|25006)$/, // transaction ended for idleness, only readable (a standby)
]
const SQLITE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM|PROTOCOL)/

const codeOf = (error: unknown) => String((error as { code?: unknown } | undefined)?.code)

/** The fault for it. The cause is for the log: it may name hosts and files. */
export function unavailable(cause: unknown): Fault<'temporarily_unavailable'> {
  if (cause instanceof Fault && cause.code === 'temporarily_unavailable') return cause
  const reason = cause instanceof Error ? cause.message || codeOf(cause) : String(cause)
  return new Fault('temporarily_unavailable', {}, { cause, message: `the database does not answer: ${reason}` })
}

/** Errors of either engine, as the core's faults where they are nobody's mistake. */
export function blamedOnDatabase(error: unknown): unknown {
  const code = codeOf(error)
  return SQLITE.test(code) || SQLSTATES.some(each => each.test(code)) ? unavailable(error) : error
}
