import { Fault } from '../../core/ground/fault.ts'
import { type Fetch, type Listener, listen } from '../http/listen.ts'

/** Ports of spaces, one for each dialect that asks for one. */
export interface Ports {
  /** Port by dialect. All of them or none. Faults: limit_reached. */
  open(dialects: readonly string[], fetch: (dialect: string) => Fetch): Promise<OpenPorts>
}

export interface OpenPorts {
  numbers: Record<string, number>
  close(): Promise<void>
}

/** Sockets of a process are few. */
const MOST = 1_000
const GRACE_MS = 1_000
const EXHAUSTED = new Set(['EMFILE', 'ENFILE', 'EADDRINUSE', 'EADDRNOTAVAIL'])

export function createPorts(options: { host: string; tls?: { cert: string; key: string } | undefined }): Ports {
  let used = 0
  const none = () => new Fault('limit_reached', { what: 'ports of spaces', limit: MOST })
  return {
    async open(dialects, fetch) {
      if (used + dialects.length > MOST) throw none()
      used += dialects.length
      const opened = await Promise.allSettled(
        dialects.map(dialect => listen({ ...options, name: 'ports', port: 0, fetch: fetch(dialect) })),
      )
      const listeners = opened.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
      const close = async () => {
        await Promise.all(listeners.map(each => each.close(GRACE_MS, 0)))
        used -= dialects.length
      }
      const failed = opened.find(each => each.status === 'rejected')
      if (failed?.status === 'rejected') {
        await close()
        throw isExhausted(failed.reason) ? none() : failed.reason
      }
      return { numbers: numbersOf(dialects, listeners), close }
    },
  }
}

function isExhausted(error: unknown): boolean {
  const cause = (error as { cause?: { code?: string } }).cause
  return EXHAUSTED.has(cause?.code ?? '')
}

function numbersOf(dialects: readonly string[], listeners: readonly Listener[]): Record<string, number> {
  return Object.fromEntries(dialects.map((dialect, i) => [dialect, (listeners[i] as Listener).port]))
}
