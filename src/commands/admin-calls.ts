import { userInfo } from 'node:os'
import { createAdmin } from '../admin/admin.ts'
import type { AdminApp } from '../admin/context.ts'
import type { Config } from '../config/config.ts'
import { dialectModules } from '../dialects.ts'
import { createLog } from '../logs/log.ts'
import { createMetrics } from '../process/metrics.ts'
import { configOf, withPresentDatabase } from './shared.ts'
import type { Shell } from './shell.ts'

// These commands are calls of the admin plane inside this process: same checks, same answers, same audit.

const ADMIN = 'http://localhost/admin/v1'

/** JSON of the answer. Throws a sentence. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>
/** The answer as it is. Throws a sentence where that is a refusal. */
export type Fetch = (method: string, path: string, body?: unknown) => Promise<Response>

/** As the events of what is done tell it. */
function administrator(): string {
  try {
    return `command line: ${userInfo().username}`
  } catch {
    return 'command line' // a user without a name, as in an image
  }
}

export async function withAdminPlane<T>(shell: Shell, work: (fetch: Fetch) => Promise<T>): Promise<T> {
  const config = configOf(shell, false)
  return withPresentDatabase(shell, config, async ({ core }) => {
    const app = createAdmin({
      ...{ core, mode: config.mode, token: undefined, metrics: createMetrics(), log: createLog('error') },
      dialects: dialectModules.map(({ name }) => name),
      dataPlane: config.publicUrl ?? `${config.tls ? 'https' : 'http'}://${config.host}:${config.port}`,
      whyNotReady: async () => undefined,
      reset: () => notHere(config),
    })
    return work((method, path, body) => call(app, method, path, body))
  })
}

export async function withAdmin(shell: Shell, work: (ask: Ask) => Promise<unknown>): Promise<void> {
  await withAdminPlane(shell, async fetch => {
    const answer = await work(
      async (method, path, body) => (await (await fetch(method, path, body)).json()) as Record<string, unknown>,
    )
    shell.out(`${typeof answer === 'string' ? answer : JSON.stringify(answer, null, 2)}\n`)
  })
}

async function notHere({ mode }: Config): Promise<never> {
  throw new Error(`nothing is reset from here (${mode} mode)`)
}

async function call(app: AdminApp, method: string, path: string, body: unknown): Promise<Response> {
  const json = { 'content-type': 'application/json' }
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body), headers: json }
  const here = { incoming: { socket: { remoteAddress: '127.0.0.1' } }, administrator: administrator() }
  const response = await app.request(ADMIN + path, init, here)
  if (response.ok) return response
  const refusal = (await response.json()) as { error: { message: string } }
  throw new Error(refusal.error.message)
}
