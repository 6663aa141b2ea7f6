/** What the gateway keeps none of, as far as programs about numbers ask for it: empty lists, and nothing by name. */
import * as v from 'valibot'
import { type Operation, operation } from '../../kit/dialect.ts'
import { acting } from '../auth.ts'
import * as shape from '../schemas.ts'
import type { Surface } from '../ways/surface.ts'
import { common, notFound, on, shortList } from './common.ts'

const NUMBER = '/Accounts/:account/IncomingPhoneNumbers/:number'

/** Path of the list, its member and the name of one. */
const LISTS = [
  [`${NUMBER}/AssignedAddOns`, 'assigned_add_ons', 'assigned_add_on'],
  [`${NUMBER}/AssignedAddOns/:sid/Extensions`, 'extensions', 'extension'],
  ['/Accounts/:account/OutgoingCallerIds', 'outgoing_caller_ids', 'outgoing_caller_id'],
] as const

export function emptyOperations(surface: Surface): readonly Operation[] {
  return LISTS.flatMap(([path, name, item]) => [
    operation({
      ...common,
      on: on(surface, 'GET', path),
      scope: 'numbers:read',
      answers: { 200: shape.list(name, v.never()), ...shape.errors },
      async handle(call, { account }) {
        await acting(call, surface, account)
        return { body: shortList(surface, call.inbound, name, item, [], each => each) }
      },
    }),
    operation({
      ...common,
      on: [on(surface, 'GET', `${path}/:one`), on(surface, 'DELETE', `${path}/:one`)],
      scope: 'numbers:read',
      answers: shape.errors,
      async handle(call, { account }): Promise<never> {
        await acting(call, surface, account)
        throw notFound('resource', call.inbound.path.one ?? '')
      },
    }),
  ])
}
