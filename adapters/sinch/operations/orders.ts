/** Numbers by order: kept while what the region asks for is gathered, and rented once that has been looked through. */
import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { DocumentType, JsonObject, Order } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import type { UploadedFile } from '../../kit/body.ts'
import { type Call, type FaultTable, type Operation, operation } from '../../kit/dialect.ts'
import { typeByContent } from '../../kit/file-type.ts'
import { noList } from '../../kit/schema.ts'
import { failure, invalidArgument } from '../faults.ts'
import { refuse } from '../fields/numbers.ts'
import { createFields, keptData, numberType, region, wishOf } from '../fields/orders.ts'
import { DIALECT, typesOf } from '../ids.ts'
import * as shape from '../schemas.ts'
import { dataOf, documentTypeKey, orderView, registrationView } from '../views/orders.ts'
import { documentTypesOf, paperOf, registrationIssues, requirementsView } from '../ways/requirements.ts'
import { guidOf } from '../wire/crockford.ts'
import { PROJECT, termsOf } from './available.ts'

const ORDERS = `${PROJECT}/numberOrders`
const ORDER = `${ORDERS}/:order`
const common = { caller: 'required', evidence: 'E1' } as const
const read = { ...common, scope: 'numbers:read' } as const
const write = { ...common, scope: 'numbers:write' } as const

const HOUR_MS = 3_600_000
const KEPT_MS = 48 * HOUR_MS

const NOT_KNOWN: Partial<FaultTable> = {
  not_found: () => {
    const message = 'Number requirements not found'
    const details = [{ type: 'ResourceInfo', resourceType: 'NumberRequirements', description: message }]
    return failure(404, 'NOT_FOUND', message, details)
  },
}

const lookup = operation({
  ...read,
  on: `POST ${ORDERS}:lookupNumberRequirements`,
  input: v.object({ regionCode: region, numberType }),
  answers: { 200: shape.requirements, ...shape.errors },
  faults: NOT_KNOWN,
  async handle({ core }, { regionCode, numberType }) {
    const documents = await core.inventory.documents({ country: regionCode, types: typesOf(numberType) })
    if (documents.length === 0) throw new Fault('not_found', { what: 'document', id: regionCode })
    return { body: requirementsView(documents) }
  },
})

const UNAVAILABLE: Partial<FaultTable> = {
  number_unavailable: ({ details: { e164s } }) =>
    invalidArgument([
      e164s[0] === undefined
        ? { field: 'quantityOrderOption', description: 'not so many numbers match' }
        : { field: 'numberOrderOption.phoneNumbers', description: `${e164s[0]} is not available` },
    ]),
}

const create = operation({
  ...write,
  on: `POST ${ORDERS}:createNumberOrder`,
  input: v.object(createFields),
  answers: { 200: shape.order, ...shape.errors },
  faults: UNAVAILABLE,
  async handle(call, input) {
    const { core, caller } = call
    const { settings, schedule } = termsOf(call, input)
    const order = await core.orders.keep(caller, {
      dialect: DIALECT,
      wish: await wishOf(core, input),
      keepMs: KEPT_MS,
      data: numbers => ({ ...keptData(input, numbers) }) as unknown as JsonObject,
      settings: settings?.value ?? {},
      schedule: schedule ?? [],
      callbackUrl: input.callbackUrl || null,
    })
    return { body: orderView(order, caller.account, core.clock.now()) }
  },
})

/** Faults: not_found, also for other projects' orders and for what is no id. */
async function ownOrder({ core, caller }: Call<'required'>, id: string): Promise<Order> {
  const guid = guidOf(id)
  const order = guid === undefined ? undefined : await core.orders.byGuid(guid)
  if (order?.accountId !== caller.account.id || order.dialect !== DIALECT) {
    throw new Fault('not_found', { what: 'order', id })
  }
  return order
}

const byId = { order: v.string() }

const one = operation({
  ...read,
  on: `GET ${ORDER}`,
  input: v.object(byId),
  answers: { 200: shape.order, ...shape.errors },
  async handle(call, input) {
    return { body: orderView(await ownOrder(call, input.order), call.caller.account, call.core.clock.now()) }
  },
})

async function registered(core: Core, order: Order) {
  return { body: registrationView(order, await core.documents.ofOrder(order.id)) }
}

const registration = operation({
  ...read,
  on: `GET ${ORDER}/registration`,
  input: v.object(byId),
  answers: { 200: shape.registration, ...shape.errors },
  handle: async (call, input) => registered(call.core, await ownOrder(call, input.order)),
})

const object = noList(v.looseObject({}, 'must be an object'))
const REGISTRATION_BYTES = 64 * 1024

/** The whole of it each time. The provider's page of before has `data` where its newest document has `requestDetails`. */
const register = operation({
  ...write,
  on: `PUT ${ORDER}/registration`,
  body: { limit: REGISTRATION_BYTES },
  input: v.object({ ...byId, requestDetails: v.optional(object), data: v.optional(v.unknown()) }),
  answers: { 200: shape.registration, ...shape.errors, 413: shape.oneError },
  async handle(call, { order: id, requestDetails, data }) {
    const order = await ownOrder(call, id)
    const details = requestDetails ?? (data === undefined ? undefined : { data })
    if (details === undefined) refuse('requestDetails', 'must be an object')
    const issues = registrationIssues(dataOf(order).documents, details)
    if (issues.length > 0) throw new Fault('invalid_input', { issues })
    const changed = await call.core.orders.revise(call.caller, order.id, { registration: details as JsonObject })
    return registered(call.core, changed)
  },
})

const MAX_FILE = 10 * 1024 * 1024
const FORM_BYTES = 64 * 1024

/** Faults: body_too_large, invalid_input. */
function readFile(body: unknown, type: DocumentType) {
  const parts = new Map(Array.isArray(body) ? (body as [string, string | UploadedFile][]) : [])
  const file = parts.get('file')
  if (typeof file !== 'object') refuse('file', 'must be a file')
  if (file.bytes.byteLength > MAX_FILE) throw new Fault('body_too_large', { limit: MAX_FILE })
  const contentType = typeByContent(file.bytes) ?? refuse('file', 'must be of one of the allowed types')
  const said = parts.get('documentType')
  const isKnown = said === undefined || documentTypesOf(type).includes(String(said))
  if (!isKnown) refuse('documentType', `must be one of ${documentTypesOf(type).join(', ')}`)
  return { file: { type, fileName: file.name, contentType, content: file.bytes }, said: said as string | undefined }
}

const upload = operation({
  ...write,
  on: `POST ${ORDER}/attachments/:attachment`,
  body: { limit: MAX_FILE + FORM_BYTES, multipart: true },
  input: v.object({ ...byId, attachment: v.string() }),
  answers: { 200: 'empty', ...shape.errors, 413: shape.oneError },
  faults: {
    body_too_large: () => failure(413, 'CONTENT_TOO_LARGE', 'The attachment is too large.'),
    unsupported_media_type: () => failure(415, 'INVALID_ARGUMENT', 'The request body must be multipart/form-data.'),
  },
  async handle(call, { order: id, attachment }) {
    const order = await ownOrder(call, id)
    const type = paperOf(dataOf(order).documents, attachment)
    if (type === undefined) throw new Fault('not_found', { what: 'document', id: attachment })
    const { file, said } = readFile(call.inbound.body, type)
    const data = { [documentTypeKey(attachment.toLowerCase())]: said ?? null }
    await call.core.documents.attach(call.caller, order.id, file, data)
    return {}
  },
})

/** What an order still lacks. Faults: invalid_input. */
async function checkComplete(core: Core, order: Order): Promise<void> {
  const { documents, registration } = dataOf(order)
  const issues = registrationIssues(documents, registration)
  const { attachments } = registrationView(order, await core.documents.ofOrder(order.id))
  const has = new Set(attachments.map(each => each.attachmentId))
  const missing = requirementsView(documents).attachments.filter(({ id }) => !has.has(id))
  for (const { id, title } of missing) {
    issues.push({ field: `attachments.${id}`, problem: 'missing', message: `${title} must be uploaded` })
  }
  if (issues.length > 0) throw new Fault('invalid_input', { issues })
}

const submit = operation({
  ...write,
  on: `POST ${ORDER}/submit`,
  input: v.object(byId),
  answers: { 200: shape.order, ...shape.errors },
  async handle(call, input) {
    const { core, caller } = call
    const order = await ownOrder(call, input.order)
    await checkComplete(core, order)
    return { body: orderView(await core.orders.submit(caller, order.id), caller.account, core.clock.now()) }
  },
})

export const orderOperations: readonly Operation[] = [lookup, create, one, registration, register, upload, submit]
