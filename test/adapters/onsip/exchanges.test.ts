import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { onsip } from '../../../adapters/onsip/index.ts'
import { readExchanges } from '../../support/exchange.ts'

const exchanges = readExchanges(fileURLToPath(new URL('../../../fixtures/onsip', import.meta.url)))
const { operations } = onsip.create({ core: { clock: { now: () => 0 } } as never, mode: 'double' })

it('exchanges are kept for every action that completes, has no session, and is denied', () => {
  const outcomes = (caller: string) => (caller === 'required' ? ['ok', 'no-session', 'denied'] : ['ok'])
  const missing = operations.flatMap(({ on, caller }) =>
    [on].flat().flatMap(name => {
      const have = new Set(exchanges.filter(each => each.operation === name).map(each => each.case))
      return outcomes(caller)
        .filter(outcome => !have.has(outcome))
        .map(outcome => `${name}.${outcome}`)
    }),
  )
  // who holds a session may end it
  expect(missing).toEqual(['SessionDestroy.denied'])
})
