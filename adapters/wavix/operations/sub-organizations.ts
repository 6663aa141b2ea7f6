/** Sub-accounts: accounts below the caller's, whose numbers it pays. */
import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Account, Caller, JsonObject } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { isWebUrl } from '../../kit/callback-url.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { objectOnly, shownAs } from '../../kit/schema.ts'
import { idOr0, paging, pagingOf } from '../fields/common.ts'
import { DIALECT } from '../ids.ts'
import * as shape from '../schemas.ts'
import { pagination } from '../views/numbers.ts'

const read = { caller: 'required', evidence: 'E1', scope: 'account:read' } as const
const write = { caller: 'required', evidence: 'E1', scope: 'account:write' } as const

const PATH = '/v1/sub-organizations'
/** A key is shown when it is made, and never again. */
const NOT_SHOWN = '********'

/** Faults: forbidden: one that is below another has none below itself. */
function requireMaster({ account }: Caller): void {
  if (account.parentId !== null) throw new Fault('forbidden', { reason: 'account' })
}

/** Faults: forbidden, not_found. */
async function ownSub(core: Core, caller: Caller, id: string): Promise<Account> {
  requireMaster(caller)
  const found = await core.accounts.get(idOr0(id))
  if (found?.parentId !== caller.account.id) throw new Fault('not_found', { what: 'account', id })
  return found
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')

function view({ id, name, profile, isActive, createdAt, parentId }: Account, key = NOT_SHOWN) {
  return {
    id,
    created_at: new Date(createdAt).toISOString(),
    name,
    api_key: key,
    master_organization: parentId,
    status: isActive ? 'enabled' : 'disabled',
    default_destinations: { sms_endpoint: text(profile.sms_relay_url), dlr_endpoint: text(profile.dlr_relay_url) },
  }
}

const subOrganization = v.strictObject({
  id: v.number(),
  created_at: v.pipe(v.string(), v.isoTimestamp()),
  name: v.string(),
  api_key: v.string(),
  master_organization: v.number(),
  status: v.picklist(['enabled', 'disabled']),
  default_destinations: v.strictObject({ sms_endpoint: v.string(), dlr_endpoint: v.string() }),
})

const Url = v.nullish(
  v.pipe(
    v.string(),
    v.maxLength(2048),
    v.check(sent => sent === '' || isWebUrl(sent)),
  ),
)
const Name = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(255))
const Status = v.picklist(['enabled', 'disabled'])
const destinations = v.nullish(objectOnly({ sms_endpoint: Url, dlr_endpoint: Url }))

/** Under the names that the account's own profile has them by; null takes away. */
function profileOf(sent: v.InferOutput<typeof destinations>): JsonObject {
  return { sms_relay_url: sent?.sms_endpoint || null, dlr_relay_url: sent?.dlr_endpoint || null }
}

const list = operation({
  ...read,
  on: `GET ${PATH}`,
  input: v.object({
    ...paging,
    status: v.optional(v.pipe(v.unknown(), shownAs({ enum: ['enabled', 'disabled'] }))),
  }),
  answers: {
    200: v.strictObject({ sub_organizations: v.array(subOrganization), pagination: shape.pagination }),
    ...shape.errors,
  },
  async handle({ core, caller }, { status, ...input }) {
    requireMaster(caller)
    const page = pagingOf(input)
    const isActive = status === 'enabled' ? true : status === 'disabled' ? false : undefined
    const filter = { parentId: caller.account.id, ...(isActive !== undefined && { isActive }) }
    const { items, total } = await core.accounts.list(filter, page.core)
    return { body: { sub_organizations: items.map(each => view(each)), pagination: pagination(page, total) } }
  },
})

const create = operation({
  ...write,
  on: `POST ${PATH}`,
  input: v.object({ name: Name, default_destinations: destinations }),
  answers: { 200: subOrganization, ...shape.errors },
  async handle({ core, caller }, { name, default_destinations }) {
    requireMaster(caller)
    const sent = Object.entries(profileOf(default_destinations)).filter(([, value]) => value !== null)
    const made = { name, parentId: caller.account.id, profile: Object.fromEntries(sent) }
    const { account, secrets } = await core.accounts.open(caller, made, [{ realm: DIALECT, kind: 'key' }])
    return { body: view(account, secrets[0]) }
  },
})

const one = operation({
  ...read,
  on: `GET ${PATH}/:id`,
  input: v.object({ id: v.string() }),
  answers: { 200: subOrganization, ...shape.errors },
  handle: async ({ core, caller }, { id }) => ({ body: view(await ownSub(core, caller, id)) }),
})

/** The whole configuration: what is left out is the default again. A name is never nothing. */
const update = operation({
  ...write,
  on: `PUT ${PATH}/:id`,
  input: v.object({
    id: v.string(),
    name: v.nullish(Name),
    status: v.nullish(Status),
    default_destinations: destinations,
  }),
  answers: { 200: subOrganization, ...shape.errors },
  async handle({ core, caller }, { id, name, status, default_destinations }) {
    const { id: accountId } = await ownSub(core, caller, id)
    const isActive = status !== 'disabled'
    const change = { isActive, profile: profileOf(default_destinations), ...(name && { name }) }
    return { body: view(await core.accounts.update(caller, accountId, change)) }
  },
})

export const subOrganizationOperations: readonly Operation[] = [list, create, one, update]
