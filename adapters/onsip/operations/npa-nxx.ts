import * as v from 'valibot'
import { formatOf } from '../../kit/action-params.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { optionalInteger, optionalText, parameters } from '../fields.ts'
import { MAX_ID } from '../ids.ts'
import type { Shelf } from '../ways/shelf.ts'
import { answers, completed } from './result.ts'

const areaCode = v.pipe(optionalText, v.optional(v.pipe(v.string(), v.regex(/^[2-9]\d\d$/, 'Value.Invalid'))))
const state = v.pipe(
  optionalText,
  v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/i, 'Value.Invalid'), v.toUpperCase())),
)

/** What can be bought. The filters are ours: the provider always sends the full tree. */
export function npaNxxOperations(shelf: Shelf): readonly Operation[] {
  const browse = operation({
    on: 'NpaNxxBrowse',
    scope: 'numbers:read',
    caller: 'lenient',
    ...answers('NpaNxxBrowse'),
    input: parameters({ Npa: areaCode, State: state, Limit: optionalInteger(1, MAX_ID) }),
    async handle(call, { Npa, State, Limit }) {
      const filter = { ...(Npa && { npa: Npa }), ...(State && { state: State }), ...(Limit && { limit: Limit }) }
      return completed(call, await shelf.npas(filter, formatOf(call.inbound.fields)))
    },
  })
  return [browse]
}
