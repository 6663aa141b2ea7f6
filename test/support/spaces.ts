import type { Driver } from '../../adapters/kit/driver.ts'
import { dialectModules } from '../../src/dialects.ts'
import { createLog } from '../../src/logs/log.ts'
import { type Didgate, readConfig, startDidgate } from '../../src/main.ts'
import { credentialsOf } from '../contract/world.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are read freely here
export type Answer = { status: number; body: any }

export interface Program {
  didgate: Didgate
  /** A call of the admin plane, below /admin/v1. */
  admin(method: string, path: string, body?: unknown): Promise<Answer>
  /** The dialect's client in domain words, at this base URL. */
  client(dialect: string, base: string, account?: number): Driver
}

/** The whole program, on an empty database in memory unless it is told another. */
export async function startProgram(env: Record<string, string> = {}): Promise<Program> {
  const settings = {
    PORT: '0',
    ADMIN_PORT: '0',
    DATABASE_URL: 'sqlite::memory:',
    DIDGATE_SEED: 'none',
    DIDGATE_KEY: 'k'.repeat(32),
    ...env,
  }
  const { config, problems } = readConfig(settings, { dialects: dialectModules.map(({ name }) => name), serving: true })
  if (!config) throw new Error(problems.join('\n'))
  const didgate = await startDidgate(config, { log: createLog('silent') })
  const at = `${didgate.addresses.admin}/admin/v1`
  const headers = { 'content-type': 'application/json' }
  return {
    didgate,
    async admin(method, path, body) {
      const sent = body === undefined ? {} : { body: JSON.stringify(body), headers }
      const response = await fetch(at + path, { method, ...sent })
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    client(dialect, base, account) {
      const module = dialectModules.find(({ name }) => name === dialect)
      if (!module) throw new Error(`there is no ${dialect}`)
      const credentials = account === undefined ? {} : (credentialsOf(account as 12)[dialect] ?? {})
      return module.driver.create({ send: request => fetch(request), base, credentials })
    },
  }
}
