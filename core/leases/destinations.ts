/**
 * Where calls may go: an address, a trunk or an application that is named must be one of the number's account at the
 * moment it is written, and the destination shares its fate. A renamed address is followed; what is gone is no
 * destination, in any dialect. One rule for all that a number may point to (addresses, users, trunks, applications): who
 * deletes it is not asked what points to it; it goes, and the number stays with its account and points nowhere. A surface
 * whose provider keeps what is in use asks for that: then nothing goes.
 */
import type { Row } from '../ground/rows.ts'
import { missing, type Unit } from '../ground/unit.ts'
import type { NewRoute } from '../verbs.ts'

/** A new route whose address or trunk stays as it is until the unit ends. */
export interface SettledRoute extends NewRoute {
  addressId: number | null
}

const ADDRESS = /^(sips?:)?([^@\s;?]+)@([^@\s;?:]+)(.*)$/i

interface SipText {
  scheme: string
  username: string
  domain: string
  /** Port and parameters. */
  tail: string
}

function readSip(text: string): SipText | undefined {
  const [, scheme = '', username, domain, tail = ''] = ADDRESS.exec(text) ?? []
  return username && domain ? { scheme, username, domain: domain.toLowerCase(), tail } : undefined
}

async function settleAddress(unit: Unit, accountId: number, route: NewRoute): Promise<SettledRoute> {
  const text = readSip(route.target)
  let query = unit.db.selectFrom('sip_addresses').selectAll().where('account_id', '=', accountId)
  if (typeof route.addressId === 'number') query = query.where('id', '=', route.addressId)
  else if (text) query = query.where('domain', '=', text.domain).where('username', '=', text.username)
  else return { ...route, addressId: null }
  if (unit.engine.name === 'postgres') query = query.forShare()
  const found = await query.executeTakeFirst()
  if (found) return { ...route, target: targetAt(route.target, found), addressId: found.id }
  if (typeof route.addressId === 'number') throw missing('address', route.addressId)
  return { ...route, addressId: null }
}

/** A trunk goes only to numbers of its own account. Faults: not_found. */
export async function checkTrunk(unit: Unit, accountId: number, trunkId: number): Promise<void> {
  let query = unit.db.selectFrom('trunks').select('account_id').where('id', '=', trunkId)
  if (unit.engine.name === 'postgres') query = query.forShare()
  const trunk = await query.executeTakeFirst()
  if (trunk?.account_id !== accountId) throw missing('trunk', trunkId)
}

/** A number leads only to what its own account keeps, and that stays until the unit ends. Faults: not_found. */
export async function checkResource(unit: Unit, accountId: number, resourceId: number): Promise<void> {
  let query = unit.db.selectFrom('resources').select('account_id').where('id', '=', resourceId)
  if (unit.engine.name === 'postgres') query = query.forShare()
  const resource = await query.executeTakeFirst()
  if (resource?.account_id !== accountId) throw missing('resource', resourceId)
}

/** Nothing leads to a resource that goes. The caller holds its row. */
export async function leaveHandler(unit: Unit, resourceId: number): Promise<void> {
  await unit.db.updateTable('leases').set({ handler_id: null }).where('handler_id', '=', resourceId).execute()
}

/** Nothing leads to a trunk that goes. The caller holds its row. */
export async function leaveTrunk(unit: Unit, trunkId: number): Promise<void> {
  await unit.db.updateTable('leases').set({ trunk_id: null }).where('trunk_id', '=', trunkId).execute()
  await unit.db.deleteFrom('routes').where('trunk_id', '=', trunkId).execute()
}

/** Before anything else is written, so that locks of addresses and trunks come before those of routes. Faults: not_found. */
export async function settleRoutes(
  unit: Unit,
  accountId: number,
  routes: readonly NewRoute[],
): Promise<SettledRoute[]> {
  const settled: SettledRoute[] = []
  for (const route of routes) {
    if (typeof route.trunkId === 'number') await checkTrunk(unit, accountId, route.trunkId)
    settled.push(route.kind === 'sip' ? await settleAddress(unit, accountId, route) : { ...route, addressId: null })
  }
  return settled
}

type Named = Pick<Row<'sip_addresses'>, 'username' | 'domain'>

/** The address as it is now, written as the client wrote it. */
function targetAt(target: string, { username, domain }: Named): string {
  const { scheme, tail } = readSip(target) ?? { scheme: '', tail: '' }
  return `${scheme}${username}@${domain}${tail}`
}

/** Calls follow an address to its new name. The caller holds its row. */
export async function followAddress(unit: Unit, addressId: number, renamed: Named): Promise<void> {
  const targets = await unit.db
    .selectFrom('routes')
    .select('target')
    .distinct()
    .where('address_id', '=', addressId)
    .execute()
  for (const { target } of targets) {
    await unit.db
      .updateTable('routes')
      .set({ target: targetAt(target, renamed) })
      .where('address_id', '=', addressId)
      .where('target', '=', target)
      .execute()
  }
}

/** Numbers of a user that goes stay with the account, as nobody's. The caller holds its row. */
export async function leaveUser(unit: Unit, userId: number): Promise<void> {
  await unit.db.updateTable('leases').set({ user_id: null }).where('user_id', '=', userId).execute()
}

/** Nothing leads to an address that goes. The caller holds its row. */
export async function leaveAddress(unit: Unit, addressId: number): Promise<void> {
  await unit.db.deleteFrom('routes').where('address_id', '=', addressId).execute()
}
