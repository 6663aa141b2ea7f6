/** The surface of `twilio` with this provider's differences; everything that is not named here is the same. */
import * as v from 'valibot'
import { toE164 } from '../../../core/ground/e164.ts'
import type { Owned, PhoneNumber } from '../../../core/ground/model.ts'
import type { NumberFilter } from '../../../core/verbs.ts'
import { refuse } from '../../twilio/faults.ts'
import { type Fields, searchFilter, textOf } from '../../twilio/fields.ts'
import { availableView, ownedView } from '../../twilio/views.ts'
import { twilioSurface } from '../../twilio/ways/own-surface.ts'
import type { Surface } from '../../twilio/ways/surface.ts'

export const DIALECT = 'signalwire'

const PREFIX = '/api/laml/2010-04-01'
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const NUMBER = /^\+\d{5,17}$/

/** Of the filters only these have an effect. */
const FILTERS = ['AreaCode', 'Contains', 'InRegion', 'InLocality', 'InPostalCode', 'InRateCenter', 'InLata']

/** Patterns are letters and digits; a place needs its region. Faults: invalid_input. */
function filterOf(fields: Fields, country: string): NumberFilter {
  const contains = textOf(fields, 'Contains')
  if (contains && !/^[0-9a-zA-Z]+$/.test(contains)) refuse(21421, 'Contains', 'Contains takes letters and digits only')
  if (textOf(fields, 'InLocality') && !textOf(fields, 'InRegion')) {
    refuse(21421, 'InLocality', 'InLocality needs InRegion')
  }
  const known = Object.fromEntries(
    FILTERS.flatMap(name => (textOf(fields, name) ? [[name, textOf(fields, name)]] : [])),
  )
  return searchFilter(known, country)
}

/** Geography is never told; the services are written in capitals here, and small on owned numbers. */
function available(number: PhoneNumber) {
  const { capabilities, ...rest } = availableView(number)
  const nothing = { lata: null, locality: null, latitude: null, longitude: null, postal_code: null }
  const { voice, sms, mms } = capabilities
  return { ...rest, ...nothing, capabilities: { voice, SMS: sms, MMS: mms } }
}

const NULL_WHEN_UNSET = /(_url|_application_sid|^status_callback)$/

function owned(held: Owned, account: Parameters<Surface['owned']>[1], extension: string) {
  const {
    type: _,
    status: __,
    bundle_sid: ___,
    emergency_address_status: ____,
    voice_receive_mode: _____,
    ...rest
  } = ownedView(signalwireSurface, held, account, extension)
  const values = Object.entries(rest).map(([name, value]) => [
    name,
    value === '' && NULL_WHEN_UNSET.test(name) ? null : value,
  ])
  const own = { account_id: account.guid, country_code: held.number.country }
  return { ...(Object.fromEntries(values) as typeof rest), ...own }
}

const guid = v.pipe(v.string(), v.regex(GUID))
const orNull = v.nullable(v.string())
const flag = v.boolean()
const entriesOf = (schema: v.GenericSchema) => (schema as unknown as { entries: v.ObjectEntries }).entries

function ownedShape() {
  const {
    sid: _,
    account_sid: __,
    bundle_sid: ___,
    emergency_address_status: ____,
    voice_receive_mode: _____,
    ...rest
  } = entriesOf(twilioSurface.shapes.ownedOfType)
  const { status: ______, origin: _______, ...kept } = rest
  const unset = Object.keys(kept)
    .filter(name => NULL_WHEN_UNSET.test(name))
    .map(name => [name, orNull])
  const own = { sid: guid, account_sid: guid, account_id: guid, country_code: v.string() }
  return v.strictObject({ ...kept, ...Object.fromEntries(unset), ...own, origin: v.picklist(['signalwire', 'hosted']) })
}

const { capabilities: _, ...availableEntries } = entriesOf(twilioSurface.shapes.available)

export const signalwireSurface: Surface = {
  ...twilioSurface,
  name: DIALECT,
  realm: DIALECT,
  testRealm: `${DIALECT}-test`,
  prefix: PREFIX,
  origin: DIALECT,
  types: ['local', 'toll_free'],
  sellsByArea: false,
  refuseWithoutNumber: area =>
    area
      ? refuse(21421, 'AreaCode', 'Areacode is not supported yet')
      : refuse(21421, 'PhoneNumber', 'PhoneNumber is required'),
  numberOf: text => (NUMBER.test(text) ? toE164(text) : undefined),
  accountSid: account => account.guid,
  findAccount: (core, sid) => core.accounts.byGuid(sid.toLowerCase()),
  credentialName: sent => ({ publicId: sent.toLowerCase(), isAccount: GUID.test(sent.toLowerCase()) }),
  accountPath: account => `${PREFIX}/Accounts/${account.guid}`,
  numberSid: lease => lease.guid,
  leaseGuidOf: sid => (GUID.test(sid) ? sid : undefined),
  // what is not asked for in another format is JSON
  listExtension: extension => (extension === '.json' ? '' : extension),
  searchFilter: filterOf,
  checkPage(fields) {
    if (Number(textOf(fields, 'Page') ?? 0) > 0 && !textOf(fields, 'PageToken')) {
      refuse(21481, 'PageToken', 'PageToken is required for every page but the first')
    }
  },
  available,
  owned,
  shapes: {
    available: v.strictObject({
      ...availableEntries,
      capabilities: v.strictObject({ voice: flag, SMS: flag, MMS: flag }),
    }),
    owned: ownedShape(),
    ownedOfType: ownedShape(),
  },
}
