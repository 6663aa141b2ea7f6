import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { Log } from '../logs/log.ts'
import type { Listener } from './listen.ts'

/** PEM text, and the files it was read from. */
export interface Tls {
  cert: string
  key: string
  files: { cert: string; key: string }
}

export interface Certificate {
  /** Which listeners have it: `data` or `admin`. */
  listener: string
  /** Epoch milliseconds. */
  endsAt(): number
  /** Looks at the files, and puts what is new there into use. */
  look(): Promise<void>
}

const LOOK_MS = 10_000

/**
 * Certificates last weeks, and some tool writes the next one into the same files: new connections get it, without a
 * restart. The two files are not written at once; a pair that does not fit is passed over until it does.
 */
export function createCertificate(listener: string, tls: Tls, listeners: readonly Listener[], log: Log): Certificate {
  let { cert, key } = tls
  let refused = ''
  const take = (next: Pick<Tls, 'cert' | 'key'>) => {
    createSecureContext(next)
    for (const each of listeners) each.renew(next)
    ;({ cert, key } = next)
    log.info({ listener, ends: new Date(endOf(cert)).toISOString() }, 'certificate renewed')
  }
  return {
    listener,
    endsAt: () => endOf(cert),
    async look() {
      try {
        const [newCert, newKey] = await Promise.all([readFile(tls.files.cert, 'utf8'), readFile(tls.files.key, 'utf8')])
        if (newCert === cert && newKey === key) return
        take({ cert: newCert, key: newKey })
        refused = ''
      } catch (error) {
        const reason = (error as Error).message
        if (reason !== refused) log.warn({ listener, reason }, 'certificate not renewed: the one in use stays')
        refused = reason
      }
    },
  }
}

/** Looks at all of them now and then, until it is told to end. */
export function followCertificates(certificates: readonly Certificate[], everyMs = LOOK_MS): () => void {
  if (certificates.length === 0) return () => {}
  const timer = setInterval(() => {
    for (const certificate of certificates) void certificate.look()
  }, everyMs).unref()
  return () => clearInterval(timer)
}

function endOf(cert: string): number {
  return Date.parse(new X509Certificate(cert).validTo)
}
