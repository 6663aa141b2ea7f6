import * as v from 'valibot'
import { type Operation, operation } from '../../kit/dialect.ts'
import { pageHeaders, pageOf } from '../fields.ts'
import { DIALECT } from '../ids.ts'
import * as shape from '../schemas.ts'
import { numberView } from '../views.ts'

const list = operation({
  on: 'GET /voice-phonenumbersapi/v1/:account/phoneNumbers',
  scope: 'numbers:read',
  caller: 'required',
  evidence: 'E0',
  input: v.unknown(),
  answers: { 200: v.array(shape.number), ...shape.problems },
  async handle({ core, caller, inbound }) {
    const page = pageOf(inbound.query)
    const options = { dialect: DIALECT, orderBy: 'lease', descending: true } as const
    const { items, total } = await core.numbers.owned({ accountIds: [caller.account.id] }, page, options)
    return { headers: pageHeaders(page, total), body: items.map(numberView) }
  },
})

export const numberOperations: readonly Operation[] = [list]
