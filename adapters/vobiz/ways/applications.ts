/** Voice applications: what an account keeps to take the calls of its numbers. */
import { Fault } from '../../../core/ground/fault.ts'
import type { Account, Caller, Resource } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { subAccountsOf } from './scope.ts'

export const APPLICATION = 'vobiz.application'

export interface Kept {
  application: Resource
  /** Whose it is. */
  account: Account
}

/** One of the account or of a sub-account of it. Faults: not_found (resource). */
export async function keptApplication(core: Core, caller: Caller, id: string): Promise<Kept> {
  const key = /^\d{1,15}$/.test(id) ? Number(id) : 0
  const application = await core.resources.find(APPLICATION, key)
  const account = application && (await core.accounts.get(application.accountId))
  const { id: own } = caller.account
  if (application && account && (account.id === own || account.parentId === own)) return { application, account }
  throw new Fault('not_found', { what: 'resource', id })
}

/** Those of sub-accounts too, as with numbers. */
export async function listApplications(core: Core, caller: Caller, page: { limit: number; offset: number }) {
  const accounts = [caller.account, ...(await subAccountsOf(core, caller))]
  const filter = { accountIds: accounts.map(({ id }) => id), kind: APPLICATION }
  const { items, total } = await core.resources.list(filter, page)
  const byId = new Map(accounts.map(account => [account.id, account]))
  const kept = items.flatMap(application => {
    const account = byId.get(application.accountId)
    return account ? [{ application, account }] : []
  })
  return { kept, total }
}
