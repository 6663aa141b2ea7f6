import { get } from 'node:http'
import { get as getSecurely } from 'node:https'
import type { Config } from '../config/config.ts'

/** What the gateway of some settings says of itself. */
export type Readiness =
  | { is: 'ready' }
  | { is: 'not ready'; reason: string }
  /** Another program answers. */
  | { is: 'foreign' }
  | { is: 'away'; error: NodeJS.ErrnoException }

/** Where the admin plane is, for who asks on the same machine. */
export function adminOrigin({ host, port, tls }: Config['admin']): string {
  return `${tls ? 'https' : 'http'}://${reachable(host)}:${port}`
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

/** Nothing secret is sent, and the certificate is of the name that others call it by. */
export function askReady(origin: string, timeout: number): Promise<Readiness> {
  return new Promise(resolve => {
    const ask = origin.startsWith('https:') ? getSecurely : get
    const away = (error: NodeJS.ErrnoException) => resolve({ is: 'away', error })
    const request = ask(`${origin}/readyz`, { timeout, rejectUnauthorized: false, agent: false }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      response.on('error', away).on('end', () => resolve(readinessIn(text)))
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeout / 1000} s`)))
    request.on('error', away)
  })
}

function readinessIn(text: string): Readiness {
  try {
    const { ok, reason } = JSON.parse(text) as { ok?: unknown; reason?: unknown }
    if (ok === true) return { is: 'ready' }
    if (ok === false) return { is: 'not ready', reason: String(reason) }
  } catch {
    // no JSON is none of ours
  }
  return { is: 'foreign' }
}
