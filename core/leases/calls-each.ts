/** Calls for who reads on and on: exports of any length. */
import { setImmediate } from 'node:timers/promises'
import type { Call } from '../ground/model.ts'
import type { Store } from '../store/store.ts'
import type { CallFilter } from '../verbs.ts'
import { isCounted, rowsBetween } from './calls-browse.ts'

/** Calls of one step: as many as may be put into words in one turn of the process. */
const STEP = 200

/**
 * All of them in the order in which they began, for who reads on and on: each step begins at the moment of the last call
 * before it, so that it takes as long as the first one, and calls that come in meanwhile move no other.
 */
export async function* eachCall(store: Store, filter: CallFilter): AsyncGenerator<Call[], void, undefined> {
  const read = isCounted(filter) ? store.read : store.readAside
  let from = filter.from
  let offset = 0
  for (;;) {
    const step = { ...filter, ...(from !== undefined && { from }) }
    const calls = await read(db => rowsBetween(db, step, { limit: STEP, offset }, { by: 'time', descending: false }))
    if (calls.length > 0) yield calls
    const last = calls.at(-1)
    if (!last || calls.length < STEP) return
    const atLast = calls.filter(({ startedAt }) => startedAt === last.startedAt).length
    offset = last.startedAt === from ? offset + atLast : atLast
    from = last.startedAt
    // one engine answers without a pause: whoever else asks has a turn between
    await setImmediate()
  }
}
