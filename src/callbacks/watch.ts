import type { Log } from '../logs/log.ts'
import type { Metrics } from '../process/metrics.ts'
import type { SenderOptions } from './sender.ts'

/** What operators see of callbacks: every attempt is counted; what will not go out by itself is logged with its reason. */
export function createSenderWatch(
  log: Log,
  metrics?: Pick<Metrics, 'delivery' | 'unworded'>,
): Required<Pick<SenderOptions, 'onAttempt' | 'onUnworded'>> {
  return {
    onAttempt({ id, dialect, accountId, receiver }, { delivered, error, final }, isLast) {
      metrics?.delivery(dialect, delivered ? 'delivered' : final ? 'refused' : 'failed')
      const line = { delivery: id, dialect, account: accountId, receiver, reason: error }
      if (final) log.warn(line, 'callback refused')
      else if (isLast && !delivered) log.warn(line, 'callback given up')
      else if (!delivered) log.debug(line, 'callback failed, to be tried again')
    },
    onUnworded({ event, dialect, error, isLast }) {
      metrics?.unworded(dialect, isLast ? 'given_up' : 'retry')
      const line = { event: event.id, kind: event.kind, account: event.accountId, dialect, reason: error }
      log.error(line, isLast ? 'event given up: no callback could be worded' : 'no callback could be worded yet')
    },
  }
}
