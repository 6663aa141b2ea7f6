/** The dialects that the tests of each go over: all that are registered. `TEST_DIALECTS=wavix,cm`: these only. */
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { dialectModules } from '../../src/dialects.ts'

const only = process.env.TEST_DIALECTS?.split(',')

export const dialects: readonly DialectModule[] = dialectModules.filter(({ name }) => only?.includes(name) ?? true)
