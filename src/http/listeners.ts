import type { Config } from '../config/config.ts'
import type { Log } from '../logs/log.ts'
import type { createDataFront } from '../spaces/front.ts'
import { type Certificate, createCertificate } from './certificates.ts'
import { type DataAddresses, type Fetch, type Listener, listen } from './listen.ts'

/** A file of a million numbers takes its time. */
const ADMIN_REQUEST_MS = 3_600_000

/** Where listeners are noted that are to be closed, and their certificates. */
export interface Listening {
  listeners: Listener[]
  certificates: Certificate[]
  log: Log
}

export async function listenForAdmin({ admin }: Config, fetch: Fetch, { listeners, certificates, log }: Listening) {
  const { host, port, tls } = admin
  const limits = { requestMs: ADMIN_REQUEST_MS, idleMs: 0 }
  const listener = await listen({ name: 'ADMIN_PORT', host, port, tls, fetch, ...limits })
  listeners.push(listener)
  if (tls) certificates.push(createCertificate('admin', tls, [listener], log))
  return listener
}

export async function listenForData(
  { host, port, tls, dialectPorts }: Config,
  front: ReturnType<typeof createDataFront>,
  { listeners, certificates, log }: Listening,
): Promise<DataAddresses> {
  const opened: Listener[] = []
  const open = async (name: string, at: number, dialect?: string): Promise<string> => {
    const fetch: Fetch = (request, connection) => front(request, dialect, connection)
    const listener = await listen({ name, host, port: at, tls, fetch })
    listeners.push(listener)
    opened.push(listener)
    return listener.url
  }
  const data = await open('PORT', port)
  const dialects: Record<string, string> = {}
  for (const { dialect, port: own } of dialectPorts) dialects[dialect] = await open('DIALECT_PORTS', own, dialect)
  if (tls) certificates.push(createCertificate('data', tls, opened, log))
  return { data, dialects }
}
