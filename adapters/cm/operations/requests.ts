import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, Order } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Inbound, type Operation, operation } from '../../kit/dialect.ts'
import {
  issue,
  namedAsSent,
  pageHeaders,
  pageOf,
  parse,
  queryOf,
  RequestBody,
  type RequestInput,
  refuse,
} from '../fields/requests.ts'
import { DIALECT, isGuid, typeWord } from '../ids.ts'
import * as shape from '../schemas.ts'
import { requestView, type Sent, STATUSES, statusOf } from '../views.ts'
import { type CheckedRequest, checkRequest } from '../ways/check-request.ts'

export const REQUESTS = '/voice-phonenumberrequestapi/v1/:account/numberRequests'
const common = { caller: 'required', evidence: 'E0' } as const

/** What the provider's answers repeat as it came. */
function sentOf({ profile, type }: CheckedRequest, input: RequestInput): Sent {
  const emails = Array.isArray(profile.data.emailAddresses) ? profile.data.emailAddresses.map(String) : []
  return {
    companyProfileGuid: profile.guid,
    countryCode: profile.country,
    phoneNumberType: typeWord(type) as string,
    areaCode: input.areaCode ?? null,
    city: input.city ?? null,
    region: input.region ?? null,
    comment: input.comment ?? null,
    emailAddresses: emails,
  }
}

/** Faults: not_found, also for other accounts' requests and for what is no uuid. */
async function ownRequest(core: Core, caller: Caller, guid: string): Promise<Order> {
  const order = isGuid(guid) ? await core.orders.byGuid(guid.toLowerCase()) : undefined
  if (order?.accountId !== caller.account.id || order.dialect !== DIALECT)
    throw new Fault('not_found', { what: 'order', id: guid })
  return order
}

async function readRequest(asked: Parameters<typeof checkRequest>[0], body: unknown) {
  const input: RequestInput = parse(RequestBody, body)
  return { input, checked: await checkRequest(asked, input) }
}

const create = operation({
  ...common,
  evidence: 'E1',
  on: `POST ${REQUESTS}`,
  scope: 'numbers:write',
  input: v.unknown(),
  answers: { 200: shape.request, ...shape.problems },
  async handle(call) {
    const { core, caller, inbound } = call
    const { input, checked } = await namedAsSent(Object.keys(inbound.body ?? {}), () => readRequest(call, inbound.body))
    const { profile, quantity, rangeSize, filter } = checked
    const order = await core.orders.place(caller, {
      dialect: DIALECT,
      filter,
      quantity,
      rangeSize,
      data: { ...sentOf(checked, input) },
      companyProfileId: profile.id,
      callbackUrl: input.callbackUrl?.trim() || null,
    })
    return { body: requestView(order, caller.account.guid, { justCreated: true }) }
  },
})

/** A filter is honoured or refused. */
async function narrowed(core: Core, query: Inbound['query']) {
  const [word, guid] = [queryOf(query, 'status'), queryOf(query, 'companyProfileGuid')]
  const status = word ? statusOf(word) : undefined
  if (word && !status) refuse([issue('status', `The value '${word}' is not valid.`)])
  if (guid && !isGuid(guid)) refuse([issue('companyProfileGuid', `The value '${guid}' is not valid.`)])
  const profile = guid ? await core.companyProfiles.byGuid(guid.toLowerCase()) : undefined
  return { ...(status && { status }), ...(guid && { companyProfileId: profile?.id ?? 0 }) }
}

const list = operation({
  ...common,
  on: `GET ${REQUESTS}`,
  scope: 'numbers:read',
  input: v.unknown(),
  answers: { 200: v.array(shape.request), ...shape.problems },
  async handle({ core, caller, inbound }) {
    const page = pageOf(inbound.query)
    const filter = { accountId: caller.account.id, dialect: DIALECT, ...(await narrowed(core, inbound.query)) }
    const { items, total } = await core.orders.list(filter, page)
    const body = items.map(order => requestView(order, caller.account.guid, { justCreated: false }))
    return { headers: pageHeaders(page, total), body }
  },
})

const read = operation({
  ...common,
  on: `GET ${REQUESTS}/:guid`,
  scope: 'numbers:read',
  input: v.object({ guid: v.string() }),
  answers: { 200: shape.request, ...shape.problems },
  async handle({ core, caller }, { guid }) {
    const order = await ownRequest(core, caller, guid)
    return { body: requestView(order, caller.account.guid, { justCreated: false }) }
  },
})

/** Possible as long as the request is not over. */
const cancel = operation({
  ...common,
  on: [`PUT ${REQUESTS}/:guid/cancel`, `POST ${REQUESTS}/:guid/cancel`, `DELETE ${REQUESTS}/:guid`],
  scope: 'numbers:write',
  input: v.object({ guid: v.string() }),
  answers: { 200: shape.request, ...shape.problems },
  async handle({ core, caller }, { guid }) {
    const { id } = await ownRequest(core, caller, guid)
    const order = await core.orders.cancel(caller, id)
    return { body: requestView(order, caller.account.guid, { justCreated: false }) }
  },
})

const statuses = operation({
  ...common,
  on: `GET ${REQUESTS}/statuses`,
  scope: 'numbers:read',
  input: v.unknown(),
  answers: { 200: v.array(shape.status), ...shape.problems },
  handle: async () => ({ body: STATUSES }),
})

export const requestOperations: readonly Operation[] = [create, list, read, cancel, statuses]
