import type { Nets } from '../../support/nets.ts'
import { exchanges } from './exchanges.ts'
import { onsipFaults } from './wrong-servers.ts'

export const nets: Nets = {
  exchanges,
  samples: 'its reference lists actions, which are no paths',
  wrongServers: onsipFaults,
  walk: [/<Status>available/, /<Filled>2</, /<CallerIdNumberRequired>true/, /"Found":"2"/, /<DidDelete\/>/],
}
