import { Fault } from '../../../core/ground/fault.ts'
import type { Caller } from '../../../core/ground/model.ts'
import type { Core, NewRoute } from '../../../core/verbs.ts'
import { wholeNumber } from '../../kit/paging.ts'
import { table } from '../../kit/table.ts'
import { invalid } from '../fields/common.ts'

const KINDS = table<NewRoute['kind']>({ 1: 'sip', 4: 'pstn', 5: 'trunk' })
/** Of one number. */
const MAX_DESTINATIONS = 100
const MAX_LENGTH = 255

async function trunkOf(core: Core, caller: Caller, id: unknown): Promise<number> {
  const trunk = await core.trunks.get(wholeNumber(id) ?? 0)
  if (trunk?.accountId !== caller.account.id) throw new Fault('not_found', { what: 'trunk', id: String(id) })
  return trunk.id
}

/**
 * One destination as sent. `trunk_id` counts for transport 5 only: the old Go client sends one always. `callhunt` is
 * accepted and `active: false` means configured but not used.
 */
async function routeOf(core: Core, caller: Caller, sent: unknown, position: number): Promise<NewRoute> {
  if (typeof sent !== 'object' || sent === null) throw invalid('destinations')
  const { destination, transport, priority, trunk_id, active } = sent as Record<string, unknown>
  const kind = KINDS[wholeNumber(transport) ?? 0]
  const isText = typeof destination === 'string' && destination.trim() !== '' && destination.length <= MAX_LENGTH
  if (!kind || !isText) throw invalid('destinations')
  const order = priority === undefined || priority === null ? position + 1 : wholeNumber(priority)
  if (order === undefined) throw invalid('destinations')
  const trunkId = kind === 'trunk' ? await trunkOf(core, caller, trunk_id) : null
  return { kind, target: destination, priority: order, trunkId, isActive: active !== false }
}

/** Faults: invalid_input naming `destinations`, not_found (trunk). */
export async function routesOf(core: Core, caller: Caller, sent: unknown): Promise<NewRoute[]> {
  if (!Array.isArray(sent) || sent.length > MAX_DESTINATIONS) throw invalid('destinations')
  return Promise.all(sent.map((each, position) => routeOf(core, caller, each, position)))
}
