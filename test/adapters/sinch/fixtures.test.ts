import { describe } from 'vitest'
import { exchangeWorlds } from '../../support/exchange-worlds.ts'
import { replayExchanges } from '../../support/replay.ts'

describe('sinch exchanges', () =>
  replayExchanges({
    dialect: 'sinch',
    ...exchangeWorlds.sinch,
    headers: ['content-type', 'www-authenticate'],
    masked: text =>
      text
        .replace(/("access_token": ")[^"]+/, '$1{{accessToken}}')
        .replace(/("hmacSecret": ")(?!x1")[^"]+/, '$1{{hmacSecret}}'),
    unreachable: [
      [/^(?!POST .*:rent)/, 402, 'only renting takes money'],
      [
        /availableRegions|availableNumbers$|activeNumbers$|callbackConfiguration/,
        404,
        'a project without any is empty',
      ],
      [
        /availableRegions|^GET .*(callbackConfiguration|\/:number|\/:order(\/registration)?)$/,
        400,
        'takes nothing that could be wrong',
      ],
      [/createNumberOrder$/, 404, 'what cannot be ordered is invalid'],
      [
        /\/attachments\/|^PUT .*\/registration$/,
        413,
        'bodies as large as that are sent by test/adapters/sinch/orders.test.ts',
      ],
      [/^GET /, 415, 'has no body'],
      [
        /^(?!.*(:release|\/submit|\/attachments\/:attachment)$)(?!PUT .*\/registration$)/,
        409,
        'only changes of one number in the same instant collide',
      ],
    ],
  }))
