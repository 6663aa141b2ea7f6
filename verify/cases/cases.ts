import { accessCases } from './access.case.ts'
import type { ContractCase } from './case.ts'
import { moneyCases } from './money.case.ts'
import { ownershipCases } from './ownership.case.ts'

/** Every contract case, run for each dialect: on each engine by the tests, over HTTP by `didgate verify`. */
export const contractCases: readonly ContractCase[] = [...ownershipCases, ...moneyCases, ...accessCases]
