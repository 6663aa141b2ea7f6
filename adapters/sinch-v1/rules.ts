/** What any server that speaks this dialect must do. Sections and vectors are those of the dialect's facts. */
import type { RulesModule } from '../kit/rules.ts'
import { jsonRequest } from '../kit/rules.ts'
import { catalogueRules } from './rules/catalogue.ts'
import { configureRules } from './rules/configure.ts'
import { ownedRules } from './rules/owned.ts'

export const basic = (name = '', secret = '') => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

export const rules: RulesModule = {
  request(base, credentials, call) {
    const path = call.path.replace(':account', credentials?.accountId ?? '')
    const authorization = credentials && { authorization: basic(credentials.accountId, credentials.token) }
    return jsonRequest(`${base}/v1`, { ...call, path }, { ...authorization })
  },
  rules: [...catalogueRules, ...ownedRules, ...configureRules],
}
