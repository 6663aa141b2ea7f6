/** What a client may set on a voice application, in the words of the provider's page. null and empty text clear. */
import * as v from 'valibot'
import type { Json, JsonObject } from '../../../core/ground/model.ts'
import { isWebUrl } from '../../kit/callback-url.ts'
import { shownAs } from '../../kit/schema.ts'
import { Text } from './common.ts'

const flag = v.nullish(v.boolean())

const method = v.nullish(
  v.pipe(
    v.string(),
    shownAs({ enum: ['GET', 'POST'] }),
    v.toUpperCase(),
    v.check(sent => ['', 'GET', 'POST'].includes(sent), 'must be GET or POST'),
  ),
)

const url = v.nullish(
  v.pipe(
    Text,
    v.check(sent => sent === '' || isWebUrl(sent), 'must be an http or https URL'),
  ),
)

const DATA = {
  ...{ answer_url: url, hangup_url: url, fallback_answer_url: url, message_url: url, sip_transfer_url: url },
  ...{ answer_method: method, hangup_method: method, fallback_method: method },
  ...{ message_method: method, sip_transfer_method: method },
  ...{ default_number_app: flag, default_endpoint_app: flag, default_app: flag },
  ...{ enabled: flag, log_incoming_message: flag, public_uri: flag },
  application_type: v.nullish(Text),
}

export const APPLICATION_FIELDS = DATA

/** The URL without which no call can be answered. */
export const AnswerUrl = v.pipe(
  v.string('answer_url is required'),
  v.nonEmpty('answer_url is required'),
  v.maxLength(1000),
  v.check(isWebUrl, 'must be an http or https URL'),
)

type Sent = v.InferOutput<v.ObjectSchema<typeof DATA, undefined>>

/** Only what was sent; null where it clears. */
export function applicationData(sent: Sent): JsonObject {
  const names = Object.keys(DATA) as (keyof Sent)[]
  const told = names.flatMap((name): [string, Json][] => {
    const value = sent[name]
    return value === undefined ? [] : [[name, value === '' ? null : value]]
  })
  return Object.fromEntries(told)
}
