import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, Lease, Owned, PhoneNumber } from '../../../core/ground/model.ts'
import type { Call, Reply } from '../../kit/dialect.ts'
import { refuse } from '../faults.ts'
import { readSettings, textOf } from '../fields.ts'
import { merged } from '../settings.ts'
import type { Surface } from '../ways/surface.ts'
import { extensionOf, one } from './common.ts'

const SOLD = '+15005550006'
const UNAVAILABLE = '+15005550000'

/** What a test token buys is made up: nothing is stored, nothing charged. */
function madeUp({ core, caller, inbound }: Call<'required'>): Owned {
  const now = core.clock.now()
  const number = {
    e164: SOLD,
    country: 'US',
    type: 'local',
    capabilities: ['voice', 'sms', 'mms'],
    requiredDocuments: [],
  } as unknown as PhoneNumber
  const lease = { guid: core.random.guid(), accountId: caller.account.id, startedAt: now, updatedAt: now } as Lease
  const settings = merged({}, readSettings(inbound.fields))
  return { number, lease, settings, routes: [], subscription: {} as Owned['subscription'] }
}

/** The provider's magic values. Faults: invalid_input, number_unavailable. */
export function testPurchase(call: Call<'required'>, surface: Surface): Reply {
  const { caller, inbound } = call
  const [number, area] = [textOf(inbound.fields, 'PhoneNumber'), textOf(inbound.fields, 'AreaCode')]
  if (number === UNAVAILABLE) throw new Fault('number_unavailable', { e164s: [number] })
  if (!number && area === '533') throw new Fault('number_unavailable', { e164s: [] })
  if (number !== SOLD && (number || area !== '500')) {
    refuse(21421, 'PhoneNumber', `${(number ?? '').slice(0, 40)} is not a valid number`)
  }
  return one(
    'incoming_phone_number',
    surface.owned(madeUp(call), (caller as Caller).account, extensionOf(inbound), true),
    201,
  )
}
