/** What any server that speaks this dialect must do. Sections and vectors are those of the dialect's facts. */
import type { RulesModule } from '../kit/rules.ts'
import { jsonRequest } from '../kit/rules.ts'
import { accountRules } from './rules/account.ts'
import { callRules } from './rules/calls.ts'
import { inventoryRules } from './rules/inventory.ts'
import { numberRules } from './rules/numbers.ts'
import { settingsRules } from './rules/settings.ts'
import { verificationRules } from './rules/verification.ts'

const NOBODY = 'MA_NOBODY00'

export const rules: RulesModule = {
  request(base, credentials, call) {
    const { authId = NOBODY, authToken = '' } = credentials ?? {}
    const path = call.path.replace(':me', authId)
    const pair = { 'x-auth-id': authId, 'x-auth-token': authToken }
    return jsonRequest(`${base}/api/v1`, { ...call, path }, { ...(credentials && pair) })
  },
  rules: [...accountRules, ...inventoryRules, ...numberRules, ...settingsRules, ...callRules, ...verificationRules],
}
