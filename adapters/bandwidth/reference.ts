import type { RestReference } from '../kit/reference.ts'
import { operations } from './reference/operations.ts'
import { statusSources } from './status-sources.ts'

export const reference: RestReference = {
  kind: 'rest',
  title: 'bandwidth: numbers',
  description:
    'XML documents both ways. The same operations answer below `/api`, `/api/v1` and `/v1.0`. A RELAX NG grammar of all answers is served below `/rng`.',
  security: {
    basic: { type: 'http', scheme: 'basic', description: 'User name and password of the account.' },
    bearer: { type: 'http', scheme: 'bearer', description: 'A token of the token endpoint.' },
  },
  anyOf: [['basic'], ['bearer']],
  documents: 'application/xml',
  tags: {
    Search: 'What is for sale, and where',
    Orders: 'Numbers are bought by documents that are polled',
    Reservations: 'Numbers kept off the shelf for a while',
    Disconnects: 'Numbers are given back by documents too',
    Numbers: 'Numbers one by one, and all of them',
    Account: 'The account itself',
    Sites: 'Where numbers live: sites and their SIP peers',
    Moves: 'From one site or peer to another, and between accounts',
    Subscriptions: 'Callbacks',
  },
  schemas: {},
  statusSources,
  operations,
}
