/** Bodies that take their time: who sends one is looked at again after it, and what it took is free once it is answered. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dialectModules } from '../../src/dialects.ts'
import { createGateway } from '../../src/http/gateway.ts'
import { contractWorld, RICH } from '../contract/world.ts'
import { ORIGIN, openWorlds, type TestWorld } from '../support/world.ts'

const PATH = '/vobiz/api/v1/Account/MA_TEST0012/trunks'
const HEADERS = {
  'x-auth-id': 'MA_TEST0012',
  'x-auth-token': `vobiz-${RICH}`,
  'content-type': 'application/json',
}
/** After this long whoever was let in is looked at again. */
const SLOW_MS = 1_000

function post(body: ReadableStream | string): Request {
  return new Request(ORIGIN + PATH, { method: 'POST', headers: HEADERS, body, duplex: 'half' } as RequestInit)
}

/** Most of it, then whatever happens, then the rest. */
function parts(text: string, between: () => Promise<void>): ReadableStream {
  const bytes = new TextEncoder().encode(text)
  let isBegun = false
  return new ReadableStream({
    async pull(controller) {
      if (isBegun) await between()
      controller.enqueue(isBegun ? bytes.slice(-4) : bytes.slice(0, -4))
      if (isBegun) controller.close()
      isBegun = true
    },
  })
}

async function passed(ms: number): Promise<void> {
  const until = performance.now() + ms
  while (performance.now() <= until) await new Promise(done => setTimeout(done, 20))
}

describe('a body that takes its time', () => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds('sqlite')
  })
  beforeEach(async () => {
    w = await worlds.open(contractWorld)
  })
  afterAll(() => worlds.drop())

  const trunks = async () => (await w.core.trunks.list(RICH, { limit: 99, offset: 0 })).items.map(({ name }) => name)
  const revoke = async () => {
    for (const { id } of await w.core.credentials.list(RICH)) await w.core.credentials.revoke(null, id, 'stolen')
  }

  it('is not acted on for whom was let in before it and may no longer act after it', async () => {
    const slow = post(
      parts('{"name":"slow"}', async () => {
        await revoke()
        await passed(SLOW_MS)
      }),
    )
    expect((await w.send(slow)).status).toBe(401)
    expect(await trunks()).toEqual([])
  })

  it('is acted on for whom still may, however long it took', async () => {
    const slow = post(parts('{"name":"slow"}', () => passed(SLOW_MS)))
    expect((await w.send(slow)).status).toBe(201)
    expect(await trunks()).toEqual(['slow'])
  })

  it('what bodies take of the memory for all of them is free again with each answer, whatever that is', async () => {
    const config = { mode: 'double', publicUrl: undefined, trustProxy: false } as const
    const gateway = createGateway({ config, core: w.core, modules: dialectModules, bodyBytes: 1_000 })
    const body = (name: string) => JSON.stringify({ name, description: 'x'.repeat(500) })
    for (let n = 0; n < 5; n++) {
      expect((await gateway.fetch(post(body(`t${n}`)))).status).toBe(201)
      expect((await gateway.fetch(post(body('')))).status).toBe(400)
    }
    const long = post(
      parts(body('first'), async () => {
        // two at once are too much for it
        expect((await gateway.fetch(post(body('second')))).status).toBe(503)
      }),
    )
    expect((await gateway.fetch(long)).status).toBe(201)
    expect(await trunks()).toEqual(['t0', 't1', 't2', 't3', 't4', 'first'])
  })
})
