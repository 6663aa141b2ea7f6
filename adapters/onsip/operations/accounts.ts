import { type Operation, operation } from '../../kit/dialect.ts'
import * as fields from '../fields.ts'
import { account as accountView } from '../views/money.ts'
import { list } from '../views/people.ts'
import { actionName, administer, isOperator, type KnownCall, requireAdmin } from '../ways/access.ts'
import { answers, completed } from './result.ts'

const read = operation({
  on: 'AccountRead',
  scope: 'account:read',
  caller: 'required',
  ...answers('AccountRead'),
  input: fields.parameters({ AccountId: fields.id }),
  async handle(call, input) {
    const { account } = await administer(call, input.AccountId)
    return completed(call, await accountView(call.core, account))
  },
})

/** One's own account; all of them for an operator, which is recorded like every act on other accounts. */
async function accountsInReach(call: KnownCall, page: { limit: number; offset: number }) {
  const { caller, core } = call
  if (!isOperator(caller)) return { items: [caller.account].slice(page.offset), total: 1 }
  await core.audit.record(caller, { accountId: null, action: 'account.acted_on', subject: actionName(call) })
  return core.accounts.list({}, page)
}

const browse = operation({
  on: 'AccountBrowse',
  scope: 'account:read',
  caller: 'required',
  ...answers('AccountBrowse'),
  input: fields.parameters(fields.paging('AccountBrowse')),
  async handle(call, input) {
    requireAdmin(call)
    const found = await accountsInReach(call, { limit: input.Limit, offset: input.Offset })
    const items = await Promise.all(found.items.map(each => accountView(call.core, each)))
    return completed(call, list('Accounts', items, input, found.total))
  },
})

export const accountOperations: readonly Operation[] = [read, browse]
