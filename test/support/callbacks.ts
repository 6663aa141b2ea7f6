import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createRaw, type Server, type Socket } from 'node:net'
import { callbackTargets } from '../../adapters/kit/callback-url.ts'
import type { Dialect } from '../../adapters/kit/dialect.ts'
import { createCore } from '../../core/core.ts'
import { seededRandom } from '../../core/ground/random.ts'
import type { StoredDelivery } from '../../core/verbs.ts'
import { createSender, type SenderOptions } from '../../src/callbacks/sender.ts'
import { type EngineName, freshStore } from './engines.ts'

/** What an event of this bench says: whom to tell. */
export interface Telling {
  accountId?: number
  urls: readonly string[]
}

/** A dialect that tells every URL of an event, signed with what `secret` says at that moment. */
export function telling(name = 'd', more: Partial<Dialect> = {}): Dialect {
  const rest = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'ß' } as const
  const tell = (event: { data: Record<string, unknown> }) =>
    (event.data.urls as string[]).map(url => ({ dialect: name, url, ...rest }))
  return { name, outbound: { 'number.purchased': tell }, ...more } as unknown as Dialect
}

export const LOOPBACK = callbackTargets(true)

/** An outbox on a real database, on a clock that the test moves, with events of nobody's making. */
export async function openBench(engine: EngineName, options: Partial<SenderOptions> = {}) {
  const { store, drop } = await freshStore(engine)
  let now = Date.parse('2026-06-01T00:00:00Z')
  const core = createCore({ store, clock: { now: () => now }, random: seededRandom('callbacks'), key: 'test' })
  const sender = createSender({ core, dialects: [telling()], targets: LOOPBACK, ...options })
  return {
    core,
    store,
    sender,
    drop,
    now: () => now,
    advance(ms: number) {
      now += ms
    },
    /** Written as a unit of the core would. */
    async happen(events: readonly Telling[]) {
      const rows = events.map(({ accountId = 12, urls }) => ({
        ...{ kind: 'number.purchased', account_id: accountId, at: now, data: JSON.stringify({ urls }), is_done: 0 },
      }))
      await store.write(async db => {
        for (let at = 0; at < rows.length; at += 1000) {
          await db
            .insertInto('outbox')
            .values(rows.slice(at, at + 1000))
            .execute()
        }
      })
    },
    async stored(): Promise<StoredDelivery[]> {
      const { items } = await core.outbox.deliveries({}, { limit: 1000, offset: 0 })
      return items.toReversed()
    },
    /** To the next time that something waits for. */
    async moveToNext() {
      const { items } = await core.outbox.deliveries({ status: 'waiting' }, { limit: 1000, offset: 0 })
      now = Math.min(...items.flatMap(each => each.nextAttemptAt ?? []))
    },
  }
}

export type Bench = Awaited<ReturnType<typeof openBench>>

/** Receivers of one test file. */
export function createReceivers() {
  const servers: { server: Server; sockets: Set<Socket> }[] = []
  const listen = async (server: Server) => {
    const sockets = new Set<Socket>()
    servers.push({ server, sockets })
    server.on('connection', socket => {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`, sockets }
  }
  return {
    http: async (listener: RequestListener) => (await listen(createServer(listener))).url,
    /** `act` is told of each connection when its request has begun to arrive. */
    raw: (act: (socket: Socket) => void) =>
      listen(createRaw({ noDelay: true }, socket => void socket.once('data', () => act(socket)))),
    /** Accepts and never answers. */
    silent: () => listen(createRaw(socket => void socket.resume())),
    close() {
      for (const { server, sockets } of servers.splice(0)) {
        server.close()
        for (const socket of sockets) socket.destroy()
      }
    },
  }
}
