import { describe } from 'vitest'
import type { World } from '../src/world.ts'
import { replayExchanges } from './support/replay.ts'
import { sinchClient, sinchWorld } from './support/sinch.ts'
import type { TestWorld } from './support/world.ts'

const N = '+12025550134'

/** The second project has a key, and no money. */
const world: World = {
  ...sinchWorld,
  accounts: (sinchWorld.accounts ?? []).map(account =>
    account.id === 2
      ? { ...account, credentials: [{ realm: 'sinch', kind: 'key_pair', public_id: 'k2', secret: 's2' }] }
      : account,
  ),
}

const rent = (w: TestWorld, number: string, body: unknown = {}) =>
  sinchClient(w).ask('POST', `/availableNumbers/${number}:rent`, body)
const street = { streetNumber: '1', streetInfo: 'Main St', city: 'Washington', state: 'DC', postalCode: '20001' }

describe('sinch exchanges', () =>
  replayExchanges({
    dialect: 'sinch',
    world,
    headers: ['content-type', 'www-authenticate'],
    given: {
      rented: async w => {
        await rent(w, N, { smsConfiguration: { servicePlanId: 'plan1' }, voiceConfiguration: { appId: 'app1' } })
        await w.setClock(w.core.clock.now() + 1000)
      },
      second: w => rent(w, '+12025550135'),
      swedish: w => rent(w, '+46701234567'),
      address: w =>
        sinchClient(w).ask('POST', `/activeNumbers/${N}/emergencyAddress:provision`, {
          displayName: 'Office',
          address: street,
        }),
      blocked: w => w.core.numbers.block(null, N, 'fraud'),
    },
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
      [/availableRegions|^GET .*(callbackConfiguration|\/:number)$/, 400, 'takes nothing that could be wrong'],
      [/^GET /, 415, 'has no body'],
      [/^(?!.*:release$)/, 409, 'only changes of one number in the same instant collide'],
    ],
  }))
