/** Which user a number is shown with. */
import { Fault } from '../../../core/ground/fault.ts'
import type { Account, Owned, User } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { did } from '../views/people.ts'
import type { KnownCall } from './access.ts'

/** Numbers in the provider's form; every user is looked up once. */
export async function dids(call: KnownCall, account: Account, owned: readonly Owned[]): Promise<XmlNode[]> {
  const users = new Map<number | null, User>()
  for (const each of owned) {
    const { userId } = each.lease
    if (!users.has(userId)) users.set(userId, await ownerOf(call, account, userId))
  }
  return owned.map(each => did(each, users.get(each.lease.userId) as User))
}

/** The owner chain is never empty: without a user of its own, an account shows those of its parents, then the caller. */
async function ownerOf(call: KnownCall, account: Account, userId: number | null): Promise<User> {
  const found = await existingUser(call.core, account, userId)
  const shown = found ?? call.caller.user
  if (!shown) throw new Fault('not_found', { what: 'user', id: String(userId) })
  return shown
}

async function existingUser(core: Core, account: Account, userId: number | null): Promise<User | undefined> {
  const id = userId ?? account.defaultUserId
  const found = id === null ? undefined : await core.directory.user(id)
  if (found || account.parentId === null) return found
  const parent = await core.accounts.get(account.parentId)
  return parent && existingUser(core, parent, null)
}
