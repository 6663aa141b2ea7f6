/** What any server that speaks this dialect must do. Sections and vectors are those of the dialect's facts. */
import type { RulesModule } from '../kit/rules.ts'
import { jsonRequest } from '../kit/rules.ts'
import { EMPTY_GUID } from './ids.ts'
import { adviceRules } from './rules/advice.ts'
import { orderRules } from './rules/orders.ts'
import { requestRules } from './rules/requests.ts'

export const rules: RulesModule = {
  request(base, credentials, call) {
    const path = call.path.replace(':account', credentials?.accountGuid ?? EMPTY_GUID)
    return jsonRequest(
      base,
      { ...call, path },
      { ...(credentials && { 'x-cm-producttoken': credentials.token ?? '' }) },
    )
  },
  rules: [...requestRules, ...adviceRules, ...orderRules],
}
