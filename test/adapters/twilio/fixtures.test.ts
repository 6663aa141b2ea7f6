import { describe } from 'vitest'
import { exchangeWorlds } from '../../support/exchange-worlds.ts'
import { replayExchanges } from '../../support/replay.ts'

describe('twilio exchanges', () =>
  replayExchanges({
    dialect: 'twilio',
    ...exchangeWorlds.twilio,
    headers: ['content-type', 'www-authenticate', 'allow'],
    masked: text => text,
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
  }))
