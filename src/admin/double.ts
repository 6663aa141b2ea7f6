import { Fault } from '../../core/ground/fault.ts'
import type { DoubleFaults } from '../double/double.ts'
import type { Exchange } from '../double/exchange.ts'
import type { Journal } from '../double/journal.ts'
import type { Streams } from '../double/stream.ts'
import type { AdminContext } from './context.ts'

const ONE_PROCESS = 'one process alone knows what all were asked: serve without --workers'
const NO_JOURNAL = 'nothing is kept: set DIDGATE_JOURNAL to the number of requests to keep'

const needed = (sentence: string) => new Fault('not_in_this_mode', { needed: sentence }, { message: sentence })

/** Faults: not_in_this_mode. */
export function faultsOf({ double }: AdminContext): DoubleFaults {
  if (!double) throw needed(ONE_PROCESS)
  if (!double.faults) throw new Fault('not_in_this_mode', { needed: 'double' })
  return double.faults
}

export interface JournalOfWorld {
  journal: Journal
  streams: Streams
  /** Gives the exchange that it became. */
  replay(exchange: Exchange): Promise<Exchange>
}

/** Faults: not_in_this_mode. */
export function journalOf({ double, replay }: AdminContext): JournalOfWorld {
  if (!double || !replay) throw needed(ONE_PROCESS)
  if (!double.journal.isOn) throw needed(NO_JOURNAL)
  return { journal: double.journal, streams: double.streams, replay }
}

/** Runs what waits for something to happen, of which there is a limit. Faults: limit_reached, not_in_this_mode. */
export function waitingOf({ double }: AdminContext): <T>(wait: () => Promise<T>) => Promise<T> {
  if (!double) throw needed(ONE_PROCESS)
  return double.waiting
}
