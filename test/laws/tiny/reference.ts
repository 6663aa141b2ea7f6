import { entry, type RestReference } from '../../../adapters/kit/reference.ts'
import * as shape from './schemas.ts'

export const reference: RestReference = {
  kind: 'rest',
  title: 'Tiny',
  description: 'Nobody offers it.',
  security: { bearer: { type: 'http', scheme: 'bearer' } },
  anyOf: [['bearer']],
  tags: { Numbers: 'What is for sale, and what is given back.' },
  schemas: { Number: shape.number, Order: shape.order, Error: shape.error },
  operations: [
    entry('GET /v1/numbers/:number', 'readNumber', 'Numbers', 'A number that is for sale'),
    entry('POST /v1/orders', 'orderNumber', 'Numbers', 'Buy a number'),
    entry('DELETE /v1/numbers/:number', 'releaseNumber', 'Numbers', 'Give a number back'),
  ],
}
