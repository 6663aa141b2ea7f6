/** Replays the kept exchanges of the cm dialect. `UPDATE_FIXTURES=1` writes their answers anew, to be reviewed. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromResponse, keepAnswer, readExchanges, toRequest } from '../../support/exchange.ts'
import { exchangeWorlds, valuesFor } from '../../support/exchange-worlds.ts'
import { checkShape } from '../../support/shape.ts'
import { openWorlds } from '../../support/world.ts'

const exchanges = readExchanges(fileURLToPath(new URL('../../../fixtures/cm', import.meta.url)))
const HEADERS = ['content-type', 'x-cm-pagination-skip', 'x-cm-pagination-take', 'x-cm-pagination-total']

/** Drawn ids differ from run to run; a page of nulls is shown once. */
function masked(text: string, values: ReadonlyMap<string, string>): string {
  const named = [...values].reduce((all, [name, value]) => all.replaceAll(value, `{{${name}}}`), text)
  return named
    .replace(/("guid": ")[0-9a-f]{8}-[0-9a-f-]{27}(?=")/g, (all, key) =>
      all.includes('7c1d0000') ? all : `${key}{{guid}}`,
    )
    .replace(/("traceId": ")[0-9a-f-]+/g, '$1{{traceId}}')
    .replace(/(\s*\{\s*"id": null,[^}]*\},?){3,}/g, '\n    "{{one for each number}}"')
}

describe('cm exchanges', () => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds('sqlite')
  })
  afterAll(() => worlds.drop())

  it.each(exchanges.map(each => [`${each.operation}.${each.case}`, each] as const))('%s', async (_, exchange) => {
    const world = await worlds.open(exchangeWorlds.cm.world)
    const values = await valuesFor(exchangeWorlds.cm, exchange, world)
    if (!values) throw new Error(`nobody knows how to give ${exchange.given}`)
    const request = toRequest(exchange, world.base('cm'), values)
    const response = await world.send(request.clone())
    const path = new URL(request.url).pathname.replace('/cm', '')
    checkShape(world.gateway, 'cm', request.method, path, response.status, JSON.parse(await response.clone().text()))
    const text = masked(await fromResponse(response, HEADERS), values)
    if (process.env.UPDATE_FIXTURES) keepAnswer(exchange, text)
    else expect(text).toBe(exchange.answer)
  })

  it('are kept for every operation', async () => {
    const world = await worlds.open(exchangeWorlds.cm.world)
    const dialect = world.gateway.dialects.find(each => each.name === 'cm')
    const values = new Map([
      ['completed', '7c1d0000-0000-4000-8000-000000000009'],
      ['waiting', '7c1d0000-0000-4000-8000-000000000008'],
    ])
    const reached = exchanges.map(exchange => {
      const request = toRequest(exchange, 'http://didgate.test', values)
      const { pathname } = new URL(request.url)
      return dialect?.wire.match({ request, base: '', pathname, startedAt: 0, requestId: '' }).operation
    })
    const without = dialect?.operations.filter(operation => !reached.includes(operation)).map(each => each.on)
    expect(without).toEqual([])
  })
})
