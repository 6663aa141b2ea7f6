import { describe } from 'vitest'
import type { World } from '../src/world.ts'
import { replayExchanges } from './support/replay.ts'
import { AC1, AC2, v1Client, v1World } from './support/sinch-v1.ts'

const OWN = '+12135550111'

/** The second account has a token, and no money. */
const world: World = {
  ...v1World,
  accounts: (v1World.accounts ?? []).map(account =>
    account.id === 2
      ? { ...account, credentials: [{ realm: 'sinch-v1', kind: 'key_pair', public_id: AC2, secret: 'tok2' }] }
      : account,
  ),
}

describe('sinch-v1 exchanges', () =>
  replayExchanges({
    dialect: 'sinch-v1',
    world,
    headers: ['content-type', 'www-authenticate', 'allow'],
    given: {
      named: w => v1Client(w).ask('POST', `/v1/Account/${AC1}/ActiveNumbers/PN${OWN}`, { friendlyName: 'Desk' }),
      blocked: w => w.core.numbers.block(null, OWN, 'fraud'),
    },
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
