import * as v from 'valibot'
import type { Account } from '../../../core/ground/model.ts'
import { type FaultTable, type Operation, operation } from '../../kit/dialect.ts'
import { flat } from '../faults.ts'
import { AnswerUrl, APPLICATION_FIELDS, applicationData } from '../fields/applications.ts'
import { lenientInt, Name, Path } from '../fields/common.ts'
import { at, uuidOf } from '../ids.ts'
import { ApplicationChanged, ApplicationCreated, ApplicationList, ApplicationObject } from '../schemas/applications.ts'
import { Flat, refusals } from '../schemas/shapes.ts'
import {
  applicationObject,
  changedApplication,
  createdApplication,
  type Keeper,
  listedApplication,
  pageMeta,
} from '../views/applications.ts'
import { APPLICATION, keptApplication, listApplications } from '../ways/applications.ts'
import { once } from '../ways/once.ts'
import { actingOn, isSubAccount, subAccountOf } from '../ways/scope.ts'

const COLLECTION = '/Account/:account/Application'
const ITEM = `${COLLECTION}/:application`
const ItemPath = v.object({ ...Path.entries, application: v.string() })

const read = { scope: 'trunks:read', caller: 'required', evidence: 'E1' } as const
const write = { scope: 'trunks:write', caller: 'required', evidence: 'E1' } as const

const keeper = (account: Account): Keeper => ({ handle: account.handle, isSubAccount: isSubAccount(account) })

const faults: Partial<FaultTable> = {
  not_found: ({ details }) =>
    details.what === 'account'
      ? flat(404, 'not_found', 'No such sub-account in this account.')
      : flat(404, 'application not found', 'No such application in this account.'),
  wrong_state: () => flat(409, 'conflict', 'Numbers are attached to this application: detach them first.'),
}

const list = operation({
  ...read,
  on: at('GET', COLLECTION),
  input: v.object({ ...Path.entries, limit: lenientInt(20, { max: 100 }), offset: lenientInt(0, { min: 0 }) }),
  answers: { 200: ApplicationList, ...refusals },
  handle: async (call, { account, limit, offset }) => {
    const caller = await actingOn(call, account)
    const { kept, total } = await listApplications(call.core, caller, { limit, offset })
    const objects = kept.map(each => listedApplication(each.application, keeper(each.account)))
    const api_id = uuidOf('applications', `${caller.account.id} ${call.core.clock.now()}`)
    return { body: { api_id, meta: pageMeta(caller.account.handle, { limit, offset }, total), objects } }
  },
})

const create = operation({
  ...write,
  on: at('POST', COLLECTION),
  input: v.object({
    ...Path.entries,
    ...APPLICATION_FIELDS,
    app_name: Name,
    answer_url: AnswerUrl,
    sub_account: v.nullish(v.pipe(v.string(), v.maxLength(40))),
  }),
  answers: { 201: ApplicationCreated, 400: Flat, 404: Flat, ...refusals },
  faults,
  handle: async (call, { account, app_name, sub_account, ...rest }) => {
    const caller = await actingOn(call, account)
    const made = { kind: APPLICATION, name: app_name, data: applicationData(rest) }
    return once(
      call,
      async (key, core) => {
        const owner = sub_account ? await subAccountOf(core, caller, sub_account) : caller.account
        return core.resources.create({ ...caller, ...key }, { ...made, accountId: owner.id })
      },
      application => ({ status: 201, body: createdApplication(application) }),
    )
  },
})

const retrieve = operation({
  ...read,
  on: at('GET', ITEM),
  input: ItemPath,
  answers: { 200: ApplicationObject, 404: Flat, ...refusals },
  faults,
  handle: async (call, { account, application }) => {
    const caller = await actingOn(call, account)
    const kept = await keptApplication(call.core, caller, application)
    return { body: applicationObject(kept.application, keeper(kept.account)) }
  },
})

const update = operation({
  ...write,
  // the provider's is POST; PUT is read alike
  on: [...at('POST', ITEM), ...at('PUT', ITEM)],
  input: v.object({
    ...ItemPath.entries,
    ...APPLICATION_FIELDS,
    app_name: v.nullish(Name),
    answer_url: v.nullish(AnswerUrl),
  }),
  answers: { 200: ApplicationChanged, 400: Flat, 404: Flat, ...refusals },
  faults,
  handle: async (call, { account, application, app_name, ...rest }) => {
    const caller = await actingOn(call, account)
    return once(
      call,
      async (key, core) => {
        const kept = await keptApplication(core, caller, application)
        const { answer_url, ...data } = applicationData(rest)
        // without it no call could be answered: nothing clears it
        const told = { ...data, ...(answer_url && { answer_url }) }
        const acting = { ...caller, ...key, account: kept.account }
        return core.resources.update(acting, kept.application.id, before => ({
          data: { ...before.data, ...told },
          ...(app_name && { name: app_name }),
        }))
      },
      changed => ({ body: changedApplication(changed) }),
    )
  },
})

const remove = operation({
  ...write,
  on: at('DELETE', ITEM),
  input: ItemPath,
  answers: { 204: 'empty', 404: Flat, 409: Flat, ...refusals },
  faults,
  handle: async (call, { account, application }) => {
    const caller = await actingOn(call, account)
    return once(
      call,
      async (key, core) => {
        const kept = await keptApplication(core, caller, application)
        const acting = { ...caller, ...key, account: kept.account }
        return core.resources.remove(acting, kept.application.id, { unlessInUse: true })
      },
      () => ({ status: 204 }),
    )
  },
})

export const applicationOperations: readonly Operation[] = [list, create, retrieve, update, remove]
