/** What a client may set on a SIP trunk. Absent stays as it is, null and empty text clear. */
import { isIP } from 'node:net'
import * as v from 'valibot'
import type { Json, JsonObject } from '../../../core/ground/model.ts'
import { shownAs } from '../../kit/schema.ts'

const MAX_ADDRESSES = 100
const text = v.nullish(v.pipe(v.string(), v.maxLength(255)))
const flag = v.nullish(v.boolean())
const count = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_147_483_647)))

/** Text or number; whole figures are shown with one place, as all amounts are. */
const Amount = v.nullish(
  v.pipe(
    v.union([v.string(), v.number()]),
    v.transform(String),
    v.regex(/^\d{1,9}(\.\d{1,6})?$/),
    v.transform(sent => (sent.includes('.') ? sent : `${sent}.0`)),
    shownAs({ type: 'string' }),
  ),
)

const isAddress = (sent: string) => isIP(sent.split('/', 1)[0] ?? '') !== 0

/** Texts as they are sent, or objects as they are shown. */
const Addresses = v.nullish(
  v.pipe(
    v.array(v.union([v.string(), v.looseObject({ ip: v.string() })])),
    v.maxLength(MAX_ADDRESSES),
    v.transform(sent => sent.map(each => (typeof each === 'string' ? each : each.ip).trim())),
    v.check(sent => sent.every(isAddress)),
  ),
)

/** A phone number, or nothing. */
const CallerId = v.nullish(v.pipe(v.string(), v.regex(/^\+?\d{0,15}$/)))
const Host = v.nullish(v.pipe(v.string(), v.maxLength(253), v.regex(/^[\w.:-]*$/)))

export const Label = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(255))

const KEPT = {
  callerid: CallerId,
  host: Host,
  ...{ ip_restrict: flag, allowed_ips: Addresses, channels_restrict: flag, max_channels: count },
  ...{ cost_limit: flag, max_call_cost: Amount, call_restrict: flag, call_limit: count },
  ...{ didinfo_enabled: flag, rewrite_enabled: flag, rewrite_prefix: text, rewrite_cond: text },
  ...{ multiple_numbers: flag, passthrough: flag, encrypted_media: flag, call_recording_enabled: flag },
  ...{ machine_detection_enabled: flag, transcription_enabled: flag, transcription_threshold: count },
}

/** The password opens a registrar that is not here: it is taken, and kept nowhere. */
export const TRUNK_FIELDS = { ...KEPT, password: text }

type Sent = v.InferOutput<v.ObjectSchema<typeof KEPT, undefined>>

/** Only what was sent; null where it clears. */
export function trunkData(sent: Sent): JsonObject {
  const names = Object.keys(KEPT) as (keyof Sent)[]
  const told = names.flatMap((name): [string, Json][] => {
    const value = sent[name] as Json | undefined
    return value === undefined ? [] : [[name, value === '' ? null : value]]
  })
  return Object.fromEntries(told)
}
