import type { Nets } from '../../support/nets.ts'
import { exchanges } from './exchanges.ts'
import { twilioFaults } from './wrong-servers.ts'

export const nets: Nets = {
  exchanges,
  samples: 'paths without an extension answer XML, which the documents, as the proxy, tell as JSON',
  wrongServers: twilioFaults,
  write: ({ accountSid }) => ['POST', `/2010-04-01/Accounts/${accountSid}/Addresses.json`],
  walk: [
    /<AvailablePhoneNumber><FriendlyName>\(212\)/,
    /^FriendlyName,PhoneNumber,Lata/m,
    /"friendly_name":"Front desk"/,
    /"balance":"9\d\d\.\d\d"/,
    /^204$/m,
  ],
}
