import { type Exchanges, withKeyOfSecond } from '../../support/exchanges.ts'
import { AC1, AC2, v1Client, v1World } from './client.ts'

const V1_NUMBER = '+12135550111'

export const exchanges: Exchanges = {
  world: withKeyOfSecond(v1World, 'sinch-v1', AC2, 'tok2'),
  headers: ['content-type', 'www-authenticate', 'allow'],
  unreachable: [
    [/^(?!POST .*ActiveNumbers$)/, 402, 'only buying takes money'],
    ['*', 405, 'a method that no operation of the path has; see _none.method'],
    [/^GET .*AvailableNumbers/, 404, 'a search without a match is empty'],
    [/^GET .*\/:number$/, 400, 'takes nothing that could be wrong'],
    [/^GET /, 415, 'has no body'],
    [/^(?!DELETE )/, 409, 'only changes of one number in the same instant collide'],
  ],
  given: {
    named: w => v1Client(w).ask('POST', `/v1/Account/${AC1}/ActiveNumbers/PN${V1_NUMBER}`, { friendlyName: 'Desk' }),
    blocked: w => w.core.numbers.block(null, V1_NUMBER, 'fraud'),
  },
}
