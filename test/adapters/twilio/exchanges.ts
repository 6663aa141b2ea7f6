import type { Exchanges } from '../../support/exchanges.ts'
import type { TestWorld } from '../../support/world.ts'
import { OWNER, sidOf, tokenOf, twilioWorld } from './world.ts'

const TWILIO_NUMBER = '+12125550142'
const addressForm = {
  ...{ CustomerName: 'Ann', Street: '1 High St', City: 'London', Region: 'LND', PostalCode: 'W1', IsoCountry: 'GB' },
}

/** A form by the owner; the sid of what it made. */
async function twilioMade(world: TestWorld, path: string, form: Record<string, string>): Promise<string> {
  const pair = Buffer.from(`${sidOf(OWNER)}:${tokenOf(OWNER)}`).toString('base64')
  const url = `${world.base('twilio')}/2010-04-01/Accounts${path}`
  const headers = { authorization: `Basic ${pair}` }
  const response = await world.send(new Request(url, { method: 'POST', headers, body: new URLSearchParams(form) }))
  return ((await response.json()) as { sid: string }).sid
}

export const exchanges: Exchanges = {
  world: twilioWorld(),
  headers: ['content-type', 'www-authenticate', 'allow'],
  unreachable: [
    [/^(GET|POST) .*\/Accounts$/, 404, 'the accounts of the caller are always there'],
    [/^GET .*\/Accounts\/:account(\/Balance)?$/, 400, 'takes nothing that could be wrong'],
    [/^GET .*\/AvailablePhoneNumbers(\/:country)?$/, 400, 'takes nothing that could be wrong'],
    [/\/National$/, 200, 'the world has no numbers of this type'],
    [/\/National$/, 400, 'the world has no numbers of this type'],
    [/^(GET|DELETE) .*\/:(number|sid|one)$/, 400, 'takes nothing that could be wrong'],
    [/\/v1\/PhoneNumbers\/Countries$/, 404, 'the list is always there'],
    [/\/v1\/PhoneNumbers\/Countries\/:country$/, 400, 'takes nothing that could be wrong'],
  ],
  given: {
    owned: w =>
      twilioMade(w, `/${sidOf(OWNER)}/IncomingPhoneNumbers.json`, { PhoneNumber: TWILIO_NUMBER, FriendlyName: 'Desk' }),
    address: w => twilioMade(w, `/${sidOf(OWNER)}/Addresses.json`, addressForm),
    sub: w => twilioMade(w, '.json', { FriendlyName: 'Branch' }),
  },
}
