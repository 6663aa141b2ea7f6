import { describe } from 'vitest'
import { exchangeWorlds } from '../../support/exchange-worlds.ts'
import { replayExchanges } from '../../support/replay.ts'

describe('sinch-v1 exchanges', () =>
  replayExchanges({
    dialect: 'sinch-v1',
    ...exchangeWorlds['sinch-v1'],
    headers: ['content-type', 'www-authenticate', 'allow'],
    masked: text => text,
    unreachable: [
      [/^(?!POST .*ActiveNumbers$)/, 402, 'only buying takes money'],
      ['*', 405, 'a method that no operation of the path has; see _none.method'],
      [/^GET .*AvailableNumbers/, 404, 'a search without a match is empty'],
      [/^GET .*\/:number$/, 400, 'takes nothing that could be wrong'],
      [/^GET /, 415, 'has no body'],
      [/^(?!DELETE )/, 409, 'only changes of one number in the same instant collide'],
    ],
  }))
