/** Clients from many addresses, in process, before a gateway with limits. */

import { dialectModules } from '../../src/dialects.ts'
import { createGateway } from '../../src/http/gateway.ts'
import { createLimits, type Limits } from '../../src/limits/limits.ts'
import type { Sizes } from '../../src/limits/refuse.ts'
import { credentialsOf, RICH } from '../contract/world.ts'
import { letsIn } from './owned.ts'
import { ORIGIN, type TestWorld } from './world.ts'

export const OFF: Sizes = { address: 0, credential: 0, wrong_credentials: 0 }

export interface LimitedGateway {
  limits: Limits
  /** What was refused, `limit dialect` each. */
  refused: string[]
  /** Milliseconds that somebody was made to wait. */
  waits: number[]
  /** By its own clock, which stands still until it is moved. */
  pass(seconds: number): void
  send(request: Request, source: string): Promise<Response>
  /** The first answer to a client of the dialect that asks for what it owns. */
  ask(dialect: string, source: string, secret?: string): Promise<Response>
}

/** The account's credentials, with another secret if one is given. */
function credentials(dialect: string, secret: string | undefined): Record<string, string> {
  const own = credentialsOf(RICH)[dialect] ?? {}
  const [name = ''] = Object.keys(own).slice(-1)
  return secret === undefined ? own : { ...own, [name]: secret }
}

export function limitedGateway({ core }: Pick<TestWorld, 'core'>, sizes: Partial<Sizes>): LimitedGateway {
  const refused: string[] = []
  const waits: number[] = []
  let now = 1_000_000
  const limits = createLimits({
    sizes: { ...OFF, ...sizes },
    onRefused: (per, surface) => refused.push(`${per} ${surface}`),
    now: () => now,
    pause: async ms => void waits.push(ms),
  })
  const config = { mode: 'double', publicUrl: undefined, trustProxy: false } as const
  const gateway = createGateway({ config, core, modules: dialectModules, limits })
  const send = (request: Request, source: string) => gateway.fetch(request, { source })
  return {
    ...{ limits, refused, waits, send },
    pass(seconds) {
      now += seconds * 1000
    },
    async ask(dialect, source, secret) {
      const answers: Response[] = []
      const module = dialectModules.find(({ name }) => name === dialect)
      if (!module) throw new Error(dialect)
      const through = async (request: Request) => {
        const response = await send(request, source)
        answers.push(response.clone())
        return response
      }
      const base = `${ORIGIN}/${dialect}`
      const client = module.driver.create({ send: through, base, credentials: credentials(dialect, secret) })
      await letsIn(module, client)
      const [first] = answers
      if (!first) throw new Error(`${dialect}: nothing was asked`)
      return first
    },
  }
}
