import * as v from 'valibot'
import type { Order } from '../../../core/ground/model.ts'
import type { Call, Reply } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { notFound } from '../faults.ts'
import { DIALECT, isGuid } from '../ids.ts'
import { here } from '../wire/paging.ts'

export type Acting = Call<'required'>

export const ACCOUNT = '/api/accounts/:account'

/** Of every operation here: documents are read by hand, because their names come in any case. */
export const common = { caller: 'required', evidence: 'E1', input: v.unknown() } as const

export type Refusal = 400 | 404

/** Refusals for what a request itself says, by the root of their documents; and those that tell nothing at all. */
export const errors = (root: string, ...statuses: Refusal[]) => ({
  ...Object.fromEntries(statuses.map(status => [status, root])),
  ...{ 401: 'empty', 403: 'empty' },
})

/** 201 without a document: clients fetch what `Location` names. */
export function created(call: Acting, id: string | number, body?: XmlNode): Reply {
  const location = `${here(call.inbound).replace(/\/$/, '')}/${id}`
  return { status: 201, headers: { location }, ...(body && { body }) }
}

export function paramOf({ inbound }: Acting, name: string): string {
  return inbound.path[name] ?? ''
}

/** Faults: not_found, also for other accounts' orders and what is no id. */
export async function ownOrder(call: Acting, kind: Order['kind']): Promise<Order> {
  const { core, caller } = call
  const id = paramOf(call, 'order')
  const order = isGuid(id) ? await core.orders.byGuid(id.toLowerCase()) : undefined
  const isOwn = order?.accountId === caller.account.id && order.dialect === DIALECT && order.kind === kind
  if (!order || !isOwn) throw notFound('order', id)
  return order
}
