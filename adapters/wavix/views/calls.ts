/** Calls as Wavix tells of them. */
import { digitsOf } from '../../../core/ground/e164.ts'
import type { Call, CallDisposition } from '../../../core/ground/model.ts'
import { shortestText } from '../../kit/money-text.ts'

export const DISPOSITIONS = { answered: 'answered', noanswer: 'no_answer', busy: 'busy', failed: 'failed' } as const

const WORDS: Record<CallDisposition, string> = {
  answered: 'answered',
  no_answer: 'noanswer',
  busy: 'busy',
  failed: 'failed',
}

/** A telephone number without its plus sign, anything else as it is. */
const side = (text: string) => (text.startsWith('+') ? digitsOf(text) : text)

const MINUTE_SECONDS = 60

/** What a begun minute of it cost: `charge` is what the call was told to cost, and no price list is behind it. */
function perMinute({ price, talkSeconds }: Call): number {
  return Math.round(price / Math.max(1, Math.ceil(talkSeconds / MINUTE_SECONDS)))
}

const countries = new Intl.DisplayNames('en', { type: 'region' })

/** Of a call out the country that was dialled; of one in where it was sent on, else the number itself. */
function destination({ direction, via, to }: Call, countryOf: (e164: string) => string | undefined): string {
  if (direction === 'inbound') return side(via || to)
  const country = countryOf(to)
  return country === undefined ? '' : (countries.of(country) ?? country)
}

/** Both words for its id: `uuid` until 2025, `call_id` beside it since. */
export function callView(call: Call, countryOf: (e164: string) => string | undefined) {
  return {
    date: new Date(call.startedAt).toISOString(),
    from: side(call.from),
    to: side(call.to),
    disposition: WORDS[call.disposition],
    duration: call.talkSeconds,
    destination: destination(call, countryOf),
    per_minute: shortestText(perMinute(call)),
    charge: shortestText(call.price),
    ...(call.direction === 'outbound' && call.via !== '' && { sip_trunk: call.via }),
    forward_fee: '0.0',
    uuid: call.guid,
    call_id: call.guid,
  }
}
