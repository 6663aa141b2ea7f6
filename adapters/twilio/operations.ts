import type { Operation } from '../kit/dialect.ts'
import { accountOperations } from './operations/accounts.ts'
import { addressOperations } from './operations/addresses.ts'
import { emptyOperations } from './operations/empty.ts'
import { numberOperations } from './operations/numbers.ts'
import { priceOperations } from './operations/prices.ts'
import { searchOperations } from './operations/search.ts'
import type { Surface } from './ways/surface.ts'

export function operationsFor(surface: Surface): readonly Operation[] {
  return [
    ...accountOperations(surface),
    ...searchOperations(surface),
    ...numberOperations(surface),
    ...addressOperations(surface),
    ...emptyOperations(surface),
    ...priceOperations(surface),
  ]
}
