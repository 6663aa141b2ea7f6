/** The fetch of a gateway in the process of a test is as the global one: whatever it is given, however it ends. */
import { expect, it } from 'vitest'
import { startGateway, type TestGateway } from '../../../src/testing/index.ts'

const KEY = { authorization: 'Bearer demo-wavix-acme', 'content-type': 'application/json' }

async function owned(gateway: TestGateway): Promise<number> {
  const answer = await gateway.fetch('/wavix/v1/numbers', { headers: KEY })
  return ((await answer.json()) as { items: unknown[] }).items.length
}

async function withCart(): Promise<TestGateway> {
  const gateway = await startGateway()
  const list = await gateway.fetch('/wavix/v1/buy/countries/8652/cities/200/dids', { headers: KEY })
  const { dids } = (await list.json()) as { dids: { number: string }[] }
  const body = JSON.stringify({ ids: [dids[0]?.number] })
  expect((await gateway.fetch('/wavix/v1/buy/cart', { method: 'PUT', headers: KEY, body })).status).toBe(200)
  return gateway
}

const CHECKOUT = '/wavix/v1/buy/cart/checkout'

it('A32: with a signal that was aborted before, nothing is done', async () => {
  await using gateway = await withCart()
  const ended = AbortSignal.abort()
  const ways: Promise<unknown>[] = [
    gateway.fetch(CHECKOUT, { method: 'POST', headers: KEY, signal: ended }),
    gateway.fetch(new Request(`http://x.test${CHECKOUT}`, { method: 'POST', headers: KEY, signal: ended })),
    gateway.fetch(new Request(`http://x.test${CHECKOUT}`, { method: 'POST', headers: KEY }), { signal: ended }),
    gateway.fetch(CHECKOUT, { method: 'POST', headers: KEY, body: '{}', signal: ended }),
    gateway.admin('/numbers/+12135550111/block', { method: 'POST', signal: ended }),
  ]
  for (const way of ways) await expect(way).rejects.toMatchObject({ name: 'AbortError' })
  const reason = new Error('enough')
  await expect(gateway.fetch(CHECKOUT, { method: 'POST', signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  expect(await owned(gateway)).toBe(0)
})

it('A32: aborted on its way it rejects at once, and the gateway goes on', async () => {
  await using gateway = await withCart()
  const controller = new AbortController()
  const asked = gateway.fetch(CHECKOUT, { method: 'POST', headers: KEY, signal: controller.signal })
  controller.abort()
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
  expect(await owned(gateway)).toBeLessThanOrEqual(1)
  expect(await gateway.invariants()).toMatchObject({ ok: true })
})

/** A body that begins and never ends. */
function endless() {
  const state = { isCancelled: false, begun: () => {} }
  const hasBegun = new Promise<void>(resolve => {
    state.begun = resolve
  })
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode('{"ids":'))
      state.begun()
      return new Promise(() => {})
    },
    cancel() {
      state.isCancelled = true
    },
  })
  return { state, hasBegun, body }
}

it('A32: an upload aborted half-way is let go, and close() and reset() wait for nobody who sends', async () => {
  const gateway = await withCart()
  const [first, second] = [endless(), endless()]
  const controller = new AbortController()
  const upload = (body: ReadableStream, signal?: AbortSignal) =>
    gateway.fetch('/wavix/v1/buy/cart', {
      ...{ method: 'PUT', headers: KEY, body, duplex: 'half' },
      ...(signal && { signal }),
    } as RequestInit)
  const aborted = expect(upload(first.body, controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
  const forgotten = expect(upload(second.body)).rejects.toThrow('closed')
  await Promise.all([first.hasBegun, second.hasBegun])
  controller.abort()
  await aborted
  expect(first.state.isCancelled).toBe(true)
  await gateway.reset()
  expect(await owned(gateway)).toBe(0)
  await gateway.close()
  await forgotten
  expect(second.state.isCancelled).toBe(true)
})

it('A32: a body has a limit, and is told', async () => {
  await using gateway = await startGateway()
  const chunk = new Uint8Array(8 * 1024 * 1024)
  const body = new ReadableStream({ pull: controller => controller.enqueue(chunk) })
  const asked = gateway.fetch('/wavix/v1/buy/cart', {
    method: 'PUT',
    headers: KEY,
    body,
    duplex: 'half',
  } as RequestInit)
  await expect(asked).rejects.toThrow('67108864 bytes')
})

/** As libraries make them: none of it is this process's own class. */
function foreign(url: string, method: string, body: string | undefined, signal: unknown = null) {
  const headers = new Map(Object.entries(KEY))
  const bytes = async () => new TextEncoder().encode(body ?? '').buffer
  return { url, method, headers, body, signal, arrayBuffer: bytes, text: async () => body } as unknown as Request
}

it('A31: takes requests of another class, and says so when it cannot', async () => {
  await using gateway = await withCart()
  const base = gateway.url('wavix')
  const list = await gateway.fetch(foreign(`${base}/v1/numbers`, 'GET', undefined))
  expect(list.status).toBe(200)
  const bought = await gateway.fetch(foreign(base.replace('/wavix', CHECKOUT), 'POST', '{}'))
  expect(bought.status).toBe(201)
  // a signal of another class, too
  const listeners: (() => void)[] = []
  const signal = {
    aborted: false,
    reason: undefined,
    addEventListener: (_: string, heard: () => void) => void listeners.push(heard),
    removeEventListener() {},
  }
  const asked = gateway.fetch(foreign(`${base}/v1/numbers`, 'GET', undefined, signal))
  signal.aborted = true
  for (const heard of listeners) heard()
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
  for (const wrong of [{}, 5, null, undefined, { url: base }]) {
    await expect(gateway.fetch(wrong as never)).rejects.toThrow(/takes a Request/)
  }
})

it('A31: a gateway that listens leaves the classes of the process alone, and takes requests made before', async () => {
  const before = { Request: globalThis.Request, Response: globalThis.Response }
  const made = new Request('http://127.0.0.1/wavix/v1/numbers', { headers: KEY })
  await using gateway = await startGateway({ listen: true })
  expect((await fetch(`${gateway.url('wavix')}/v1/numbers`, { headers: KEY })).status).toBe(200)
  expect((await gateway.fetch(made)).status).toBe(200)
  expect({ Request: globalThis.Request, Response: globalThis.Response }).toEqual(before)
  // and where somebody else has put others in their place
  class Other extends before.Request {}
  globalThis.Request = Other
  try {
    expect((await gateway.fetch(new before.Request(made.url, { headers: KEY }))).status).toBe(200)
    expect((await gateway.fetch(new Other(made.url, { headers: KEY }))).status).toBe(200)
  } finally {
    globalThis.Request = before.Request
  }
})

it('S4: unknown options and values are refused by name', async () => {
  const wrong: [object, string | RegExp][] = [
    [{ sed: 'none' }, /no "sed": only seed, now, dialects, listen/],
    [{ listen: 'yes' }, 'listen must be true or false'],
    [{ seed: 'dmo' }, 'seed must be'],
    [{ seed: { path: 'x', more: 1 } }, 'no "more"'],
    [{ dialects: 'wavix' }, 'dialects must be a list'],
  ]
  for (const [options, message] of wrong) await expect(startGateway(options as never)).rejects.toThrow(message)
  await expect(startGateway(null as never)).rejects.toThrow('must be an object')
  await using gateway = await startGateway({ seed: 'none' })
  const before = gateway.clock.now()
  await expect(gateway.clock.advance({ day: 1 } as never)).rejects.toThrow('no "day": only days')
  await expect(gateway.clock.advance({ days: Number.NaN })).rejects.toThrow('no number')
  await expect(gateway.clock.advance({ days: -1 })).rejects.toThrow('never goes back')
  expect(gateway.clock.now()).toEqual(before)
})

it('A18: moves of the clock that come together are all made', async () => {
  await using gateway = await startGateway({ seed: 'none' })
  const before = gateway.clock.now().getTime()
  await Promise.all(Array.from({ length: 10 }, () => gateway.clock.advance({ seconds: 1 })))
  expect(gateway.clock.now().getTime() - before).toBe(10_000)
})
