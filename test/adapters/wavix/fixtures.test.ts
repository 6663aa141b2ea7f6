/** Replays the kept exchanges of the wavix dialect. `UPDATE_FIXTURES=1` writes their answers anew, to be reviewed. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromResponse, keepAnswer, readExchanges, toRequest } from '../../support/exchange.ts'
import { exchangeWorlds, valuesFor } from '../../support/exchange-worlds.ts'
import { checkShape } from '../../support/shape.ts'
import { openWorlds } from '../../support/world.ts'

const exchanges = readExchanges(fileURLToPath(new URL('../../../fixtures/wavix', import.meta.url)))

/** What is drawn: the login of a new trunk, the key of a new sub-account. */
function masked(text: string): string {
  return text.replace(/("name": ")1\d{6}"/g, '$1{{login}}"').replace(/("api_key": ")\w{20,}"/g, '$1{{key}}"')
}

describe('wavix exchanges', () => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds('sqlite')
  })
  afterAll(() => worlds.drop())

  it.each(exchanges.map(each => [`${each.operation}.${each.case}`, each] as const))('%s', async (_, exchange) => {
    const world = await worlds.open(exchangeWorlds.wavix.world)
    const values = await valuesFor(exchangeWorlds.wavix, exchange, world)
    if (!values) throw new Error(`nobody knows how to give ${exchange.given}`)
    const request = toRequest(exchange, world.base('wavix'), values)
    const response = await world.send(request.clone())
    const path = new URL(request.url).pathname.replace('/wavix', '')
    const isLines = response.headers.get('content-type') === 'application/x-ndjson'
    if (!isLines) {
      const body = JSON.parse(await response.clone().text()) as unknown
      checkShape(world.gateway, 'wavix', request.method, path, response.status, body)
    }
    const text = masked(await fromResponse(response, ['content-type']))
    if (process.env.UPDATE_FIXTURES) keepAnswer(exchange, text)
    else expect(text).toBe(exchange.answer)
  })

  it('are kept for every operation', async () => {
    const world = await worlds.open(exchangeWorlds.wavix.world)
    const dialect = world.gateway.dialects.find(each => each.name === 'wavix')
    const reached = exchanges.map(exchange => {
      const request = toRequest(
        exchange,
        'http://didgate.test',
        new Map([
          ['owned', '1'],
          ['sub', '1'],
        ]),
      )
      const { pathname } = new URL(request.url)
      return dialect?.wire.match({ request, base: '', pathname, startedAt: 0, requestId: '' }).operation
    })
    const without = dialect?.operations
      .filter(operation => !reached.includes(operation))
      .map(each => [each.on].flat()[0])
    // multipart and files are bytes: the vectors 20 and 21 send and fetch them
    expect(without).toEqual(['POST /v1/mydids/papers', 'GET /v1/mydids/:id/papers/:x'])
  })
})
