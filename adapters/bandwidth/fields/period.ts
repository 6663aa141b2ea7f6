/** What a list is narrowed by in time. */
import { parseMoment } from '../../../core/ground/time.ts'
import type { Inbound } from '../../kit/dialect.ts'
import { refuse } from '../faults.ts'
import { queryText } from '../wire/paging.ts'

const DAY_MS = 86_400_000

export interface Period {
  from?: number
  /** Exclusive. */
  until?: number
}

/** `yy-mm-dd`, or as ISO 8601 has it. Faults: invalid_input. */
function momentOf(text: string, name: string) {
  const short = /^\d\d-\d\d-\d\d$/.test(text) ? `20${text}` : text
  return parseMoment(short) ?? refuse(5002, `Validation error: ${name} is no date such as 26-06-01`)
}

function startOf(inbound: Inbound, name: string): Period {
  const text = queryText(inbound, name)
  return text === undefined ? {} : { from: momentOf(text, name).at }
}

/** Of a day all of it. */
function endOf(inbound: Inbound, name: string): Period {
  const text = queryText(inbound, name)
  if (text === undefined) return {}
  const { at, isDay } = momentOf(text, name)
  return { until: isDay ? at + DAY_MS : at + 1 }
}

/** `createdDateFrom` and `createdDateTo`, or those of `modified`: either alone says something. Faults: invalid_input. */
export function between(inbound: Inbound, what: 'created' | 'modified'): Period {
  return { ...startOf(inbound, `${what}DateFrom`), ...endOf(inbound, `${what}DateTo`) }
}

/** `startdate` and `enddate`, which go together. Faults: invalid_input (1003). */
export function periodOf(inbound: Inbound): Period {
  const period = { ...startOf(inbound, 'startdate'), ...endOf(inbound, 'enddate') }
  const given = Object.keys(period).length
  return given === 1 ? refuse(1003, 'startdate and enddate are required together') : period
}

/** Faults: invalid_input, for each of these that a list knows nothing of: it would otherwise say less than was asked. */
export function refuseFilters(inbound: Inbound, names: readonly string[]): void {
  for (const name of names) {
    if (queryText(inbound, name) !== undefined) refuse(5002, `Validation error: ${name} is not supported for this list`)
  }
}
