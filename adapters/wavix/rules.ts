/** What any server that speaks this dialect must do. Sections and vectors are those of the dialect's facts. */
import type { RulesModule } from '../kit/rules.ts'
import { jsonRequest } from '../kit/rules.ts'
import { buyRules } from './rules/buy.ts'
import { cartRules } from './rules/cart.ts'
import { ownedRules } from './rules/owned.ts'
import { shelfRules } from './rules/shelf.ts'

export const rules: RulesModule = {
  request: (base, credentials, call) =>
    jsonRequest(base, call, { ...(credentials && { authorization: `Bearer ${credentials.key}` }) }),
  rules: [...buyRules, ...shelfRules, ...cartRules, ...ownedRules],
}
