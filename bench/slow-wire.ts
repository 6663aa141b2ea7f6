/** A wire on which everything takes a while, each way. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Wire {
  port: number
  close(): Promise<void>
}

/** What comes in is sent on so much later, in its order. A timer never fires early, so that it is never less. */
function passOn(from: Socket, to: Socket, delayMs: number): void {
  from.on('data', chunk => setTimeout(() => void to.write(chunk), delayMs))
  from.on('close', () => setTimeout(() => to.destroy(), delayMs)).on('error', () => {})
}

export async function slowWire(target: { host: string; port: number }, delayMs: number): Promise<Wire> {
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, client => {
    const upstream = connect({ ...target, noDelay: true })
    for (const socket of [client, upstream]) open.add(socket.once('close', () => open.delete(socket)))
    passOn(client, upstream, delayMs)
    passOn(upstream, client, delayMs)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
