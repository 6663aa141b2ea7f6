/** The dialects that the tests of each go over: all that are registered. */
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { dialectModules } from '../../src/dialects.ts'

export const dialects: readonly DialectModule[] = dialectModules
