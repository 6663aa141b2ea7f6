/** What any server that speaks this dialect must do. Sections and vectors are those of the dialect's facts. */
import type { RulesModule } from '../kit/rules.ts'
import { jsonRequest } from '../kit/rules.ts'
import { activeRules } from './rules/active.ts'
import { availableRules } from './rules/available.ts'
import { filterRules } from './rules/filters.ts'
import { orderRules } from './rules/orders.ts'
import { basic, tokenRules } from './rules/token.ts'

export const rules: RulesModule = {
  request(base, credentials, call) {
    const path = call.path.replace(':project', credentials?.projectId ?? '')
    const authorization = credentials && { authorization: basic(credentials.keyId, credentials.keySecret) }
    return jsonRequest(base, { ...call, path }, { ...authorization })
  },
  rules: [...tokenRules, ...availableRules, ...activeRules, ...filterRules, ...orderRules],
}
