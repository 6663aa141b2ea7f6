import { get } from 'node:http'
import { get as getSecurely } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { InvalidArgumentError } from 'commander'
import { configOf, EXIT, exit, type Shell } from './shared.ts'

export interface ReadyFlags {
  wait: number
}

const ASK_MS = 5_000
const AGAIN_MS = 250

/** `--wait n`: seconds. */
export function secondsOf(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('must be a whole number of seconds, 0 to 9999')
}

/** For supervisors: exit status 0 when the gateway with these settings serves, else 1 and why not. */
export async function ready(shell: Shell, { wait }: ReadyFlags): Promise<void> {
  const { admin } = configOf(shell, false)
  const host = isEverywhere(admin.host) ? (admin.host === '::' ? '[::1]' : '127.0.0.1') : bracketed(admin.host)
  const url = `${admin.tls ? 'https' : 'http'}://${host}:${admin.port}/readyz`
  const giveUpAt = performance.now() + wait * 1000
  for (;;) {
    const why = await whyNotReady(url)
    if (why === undefined) return shell.out('ready\n')
    if (performance.now() + AGAIN_MS > giveUpAt) {
      shell.err(`didgate: not ready: ${why}\n`)
      throw exit(EXIT.failed)
    }
    await sleep(AGAIN_MS)
  }
}

const isEverywhere = (host: string) => host === '0.0.0.0' || host === '::'
const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host)

/** Nothing secret is sent, and the certificate is of the name that others call it by. */
function whyNotReady(url: string): Promise<string | undefined> {
  return new Promise(resolve => {
    const options = { timeout: ASK_MS, rejectUnauthorized: false }
    const ask = url.startsWith('https:') ? getSecurely : get
    const request = ask(url, options, response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve(response.statusCode === 200 ? undefined : reasonIn(text)))
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${ASK_MS / 1000} s`)))
    request.on('error', error => resolve(`${url}: ${error.message}`))
  })
}

function reasonIn(text: string): string {
  try {
    return String((JSON.parse(text) as { reason?: unknown }).reason)
  } catch {
    return 'another program answers'
  }
}
