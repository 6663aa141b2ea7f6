import { basic } from '../../support/basic.ts'
import type { Nets } from '../../support/nets.ts'
import type { Sample } from '../../support/proxy-samples.ts'
import { signalwireFaults } from '../twilio/wrong-servers.ts'

const SPACE = '/api/laml/2010-04-01/Accounts/00000000-0000-4000-8000-000000000012'

const requests: Sample[] = [
  ['GET', SPACE],
  ['GET', `${SPACE}/AvailablePhoneNumbers/US/Local`],
  ['POST', `${SPACE}/IncomingPhoneNumbers`, 'PhoneNumber=%2B12015550123'],
  ['GET', `${SPACE}/IncomingPhoneNumbers`],
  ['POST', `${SPACE}/IncomingPhoneNumbers`, 'PhoneNumber=%2B12125550199'],
]

export const nets: Nets = {
  exchanges: 'it answers as twilio does, and its vectors show where it does not',
  samples: { headers: { authorization: basic('00000000-0000-4000-8000-000000000012', 'signalwire-12') }, requests },
  wrongServers: signalwireFaults,
  write: ({ accountSid }) => ['POST', `/api/laml/2010-04-01/Accounts/${accountSid}/Addresses.json`],
  walk: [/"origin":"signalwire"/, /"account_id":"00000000-0000-4000-8000-000000000012"/, /"voice_url":null/],
}
