import { describe } from 'vitest'
import { exchangeWorlds } from '../../support/exchange-worlds.ts'
import { assertBandwidth } from '../../support/grammar.ts'
import { replayExchanges } from '../../support/replay.ts'

const GUID = /[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/g
const TOKEN = /("access_token": ")[^"]+/

describe('bandwidth exchanges', () =>
  replayExchanges({
    dialect: 'bandwidth',
    ...exchangeWorlds.bandwidth,
    headers: ['content-type', 'www-authenticate', 'allow', 'location'],
    masked: text => text.replace(GUID, '{{guid}}').replace(TOKEN, '$1{{token}}'),
    checkXml: assertBandwidth,
    unreachable: [
      [/^(?!GET .*\/availableNumbers$|POST .*\/token$)/, 401, 'a vector asks every operation without credentials'],
      [
        /^(?!GET .*\/availableNumbers$|GET \/api\/tns\/:tn$|POST .*\/moveTns$)/,
        403,
        'a vector asks every operation by a key that may not',
      ],
    ],
  }))
