/** What any server that speaks this dialect must do. Sections and vectors are those of the dialect's facts. */
import type { RulesModule } from '../kit/rules.ts'
import { destinationRules } from './rules/destinations.ts'
import { didRules } from './rules/dids.ts'
import { envelopeRules } from './rules/envelope.ts'
import { orderRules } from './rules/orders.ts'
import { peopleRules } from './rules/people.ts'
import { readingRules } from './rules/reading.ts'
import { sessionRules } from './rules/sessions.ts'

export const rules: RulesModule = {
  /** Basic credentials stand for a session. Text bodies are forms unless the rule says otherwise. */
  request(base, credentials, { method, path, headers, body }) {
    const pair = `${credentials?.username}:${credentials?.password}`
    const own: Record<string, string> = credentials
      ? { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
      : {}
    const form: Record<string, string> =
      body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = body === undefined ? null : String(body)
    return new Request(base + path, { method, headers: { ...own, ...form, ...headers }, body: sent })
  },
  rules: [
    ...envelopeRules,
    ...readingRules,
    ...sessionRules,
    ...didRules,
    ...orderRules,
    ...destinationRules,
    ...peopleRules,
  ],
}
