/** What the tests that go over all dialects must know of this one. */
import { fileURLToPath } from 'node:url'
import { callerOf } from '../../support/caller.ts'
import { GET, json, sent } from '../../support/mutate.ts'
import type { Nets } from '../../support/nets.ts'
import type { TestWorld } from '../../support/world.ts'
import { DIALECT } from './ids.ts'

const NUMBER = '+12015550123'
const key = (secret: string) => ({ realm: DIALECT, kind: 'key' as const, secret })

const world = {
  quarantine_days: { '*': 0 },
  accounts: [
    { id: 1, name: 'Rich', currency: 'USD', balances: { USD: '10' }, credentials: [key('rich')] },
    { id: 2, name: 'Poor', currency: 'USD', credentials: [key('poor')] },
  ],
  numbers: [{ e164: NUMBER, country: 'US', type: 'local', currency: 'USD', setup_price: '1', monthly_price: '2' }],
}

const owned = async (w: TestWorld) => w.core.numbers.purchase(await callerOf(w, 1), [NUMBER], { documents: 'refuse' })

export const nets: Nets = {
  exchanges: {
    folder: fileURLToPath(new URL('fixtures', import.meta.url)),
    world,
    given: { owned },
    headers: ['content-type'],
  },
  samples: { headers: { authorization: 'Bearer rich' }, requests: [['GET', `/v1/numbers/${NUMBER}`]] },
  wrongServers: [
    {
      dialect: DIALECT,
      wrong: 'a wrong token is let in',
      breaks: 'rules: a wrong token is refused with 401',
      server: sent(GET(/./), (_, headers) => headers.set('authorization', 'Bearer demo-tiny-acme')),
    },
    {
      dialect: DIALECT,
      wrong: 'an error has other words',
      breaks: 'rules: a number that there is not is 404',
      server: json(
        GET(/./),
        body => {
          body.error = 'gone'
        },
        404,
      ),
    },
  ],
  write: () => ['POST', '/v1/orders'],
  walk: [],
}
