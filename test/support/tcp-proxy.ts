/** A wire to PostgreSQL that can be cut, or swallow everything, as networks do. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  port: number
  /** Everything open is cut; what comes is passed on again. */
  cut(): void
  /** Nothing is passed on any more, in either direction, and nobody is told. */
  swallow(): void
  /** Whoever comes from now on is let in, but what they say is passed on only after so long. */
  delay(ms: number): void
  /** Whoever comes is cut at once. */
  refuse(): void
  /** How many that were. */
  refused(): number
  /** Nobody listens. */
  close(): Promise<void>
  open(): Promise<void>
  /** What was swallowed is lost; new connections are passed on. */
  mend(): void
}

export async function tcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let isHole = false
  let isRefusing = false
  let refused = 0
  let delayMs = 0
  const server = createServer(client => {
    if (isRefusing) {
      refused++
      client.destroy()
      return
    }
    const upstream = connect(target)
    client.pause()
    setTimeout(() => client.resume(), delayMs)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', chunk => void (isHole || to.write(chunk)))
      from
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(from)
          if (!isHole) to.destroy()
        })
    }
  })
  const listen = (port: number) => new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    cut,
    swallow() {
      isHole = true
    },
    delay(ms) {
      delayMs = ms
    },
    mend() {
      isHole = false
      isRefusing = false
    },
    refuse() {
      isRefusing = true
      cut()
    },
    refused: () => refused,
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      cut()
      await closed
    },
    open: () => listen(port),
  }
}
