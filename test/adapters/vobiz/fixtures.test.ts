/** Replays the kept exchanges of the vobiz dialect. `UPDATE_FIXTURES=1` writes their answers anew, to be reviewed. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../../../adapters/vobiz/index.ts'
import { fromResponse, keepAnswer, readExchanges, toRequest } from '../../support/exchange.ts'
import { exchangeWorlds, valuesFor } from '../../support/exchange-worlds.ts'
import { checkShape } from '../../support/vobiz.ts'
import { openWorlds } from '../../support/world.ts'

const exchanges = readExchanges(fileURLToPath(new URL('../../../fixtures/vobiz', import.meta.url)))
/** What is drawn: random ids, tokens, handles of new sub-accounts. */
function masked(text: string): string {
  return text
    .replace(/(?!00000000-)[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/g, '{{guid}}')
    .replace(/(_token": ")[A-Za-z0-9]{40}"/g, '$1{{token}}"')
    .replace(/SA_(?!TEST0001)[A-Z0-9]{8}/g, '{{auth_id}}')
}

describe('vobiz exchanges', () => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    // the vectors run on both engines; what is checked here is form
    worlds = await openWorlds('sqlite')
  })
  afterAll(() => worlds.drop())
  /** Operations and statuses that were seen. */
  const seen = new Set<string>()

  it.each(exchanges.map(each => [`${each.operation}.${each.case}`, each] as const))('%s', async (_, exchange) => {
    const w = await worlds.open(exchangeWorlds.vobiz.world)
    if (!(await valuesFor(exchangeWorlds.vobiz, exchange, w))) throw new Error(`who gives ${exchange.given}?`)
    const response = await w.send(toRequest(exchange, w.base('vobiz'), new Map()))
    const { inbound, cause } = w.answered.at(-1) ?? {}
    expect(cause).toBeUndefined()
    checkShape(inbound?.operation, response.status, await response.clone().text())
    seen.add(`${inbound?.operation?.on[0]} ${response.status}`)
    const text = masked(await fromResponse(response, ['content-type']))
    if (process.env.UPDATE_FIXTURES) keepAnswer(exchange, text)
    else expect(text).toBe(exchange.answer)
  })

  it('are kept for every operation and documented status', () => {
    const documented = operations.flatMap(({ on, answers }) => Object.keys(answers).map(status => `${on[0]} ${status}`))
    expect(documented.filter(each => !seen.has(each))).toEqual([])
  })
})
