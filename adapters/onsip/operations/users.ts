import type { InferOutput } from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { User } from '../../../core/ground/model.ts'
import { type Call, type Operation, operation } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import * as fields from '../fields.ts'
import { list, user as userView } from '../views/people.ts'
import { administer, type KnownCall } from '../ways/access.ts'
import { adminScope, conflict } from '../ways/scope.ts'
import { answers, completed } from './result.ts'

const ORDER = table({ UserId: 'id', OrganizationId: 'organization', AuthUsername: 'authUsername' } as const)

const readInput = (call: Call) =>
  fields.parameters({
    UserId: fields.optionalId,
    UserAddress: fields.optionalAddress(call, 'user'),
    AuthUsername: fields.optionalText,
  })

type ReadInput = InferOutput<ReturnType<typeof readInput>>

/** The named user, by up to three names that must agree; the caller when none is given. */
async function namedUser(call: KnownCall, input: ReadInput): Promise<User | undefined> {
  const { directory } = call.core
  const ids: [parameter: string, id: number | undefined][] = []
  if (input.UserId !== undefined) ids.push(['UserId', input.UserId])
  if (input.UserAddress) ids.push(['UserAddress', input.UserAddress.userId ?? undefined])
  if (input.AuthUsername) ids.push(['AuthUsername', (await directory.userByAuthUsername(input.AuthUsername))?.id])
  const [first, ...others] = ids
  if (!first) return call.caller.user ?? undefined
  const user = first[1] === undefined ? undefined : await directory.user(first[1])
  await checkReadable(call, user)
  for (const [parameter, id] of others) {
    await checkReadable(call, id === undefined ? undefined : await directory.user(id))
    if (id !== user?.id) throw conflict(parameter)
  }
  return user
}

/** Itself, or any of the account for its administrator. */
async function checkReadable(call: KnownCall, user: User | undefined): Promise<void> {
  if (user === undefined || user.id !== call.caller.actor.userId) await administer(call, user?.accountId)
}

const read = operation({
  on: 'UserRead',
  scope: 'account:read',
  caller: 'required',
  ...answers('UserRead'),
  input: readInput,
  async handle(call, input) {
    const user = await namedUser(call, input)
    if (!user) throw new Fault('forbidden', { reason: 'account' })
    return completed(call, await userView(call, user))
  },
})

const browse = operation({
  on: 'UserBrowse',
  scope: 'account:read',
  caller: 'required',
  ...answers('UserBrowse'),
  input: fields.parameters({
    AccountId: fields.optionalId,
    OrganizationId: fields.optionalId,
    ...fields.paging('UserBrowse'),
  }),
  async handle(call, input) {
    const { filter } = await adminScope(call, input)
    const { field, descending } = input.OrderBy
    const order = { by: ORDER[field] ?? 'id', descending }
    const found = await call.core.directory.users(filter, { limit: input.Limit, offset: input.Offset }, order)
    const items = await Promise.all(found.items.map(each => userView(call, each)))
    return completed(call, list('Users', items, input, found.total))
  },
})

export const userOperations: readonly Operation[] = [read, browse]
