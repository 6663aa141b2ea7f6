/** The gateway under simulation: it can be dropped and opened anew on its store, and made to fail in the middle of a unit. */
import type { KyselyPlugin } from 'kysely'
import type { DialectModule } from '../../../adapters/kit/dialect.ts'
import type { Driver } from '../../../adapters/kit/driver.ts'
import { createCore } from '../../../core/core.ts'
import type { Caller } from '../../../core/ground/model.ts'
import { seededRandom } from '../../../core/ground/random.ts'
import type { Store } from '../../../core/store/store.ts'
import type { Core } from '../../../core/verbs.ts'
import { createSender } from '../../../src/callbacks/sender.ts'
import { dialectModules } from '../../../src/dialects.ts'
import { createGateway } from '../../../src/http/gateway.ts'
import { loadWorld } from '../../../src/worlds/seed.ts'
import { madeFor } from '../../contract/world.ts'
import { createDice, type Dice } from './dice.ts'
import type { Model } from './model.ts'
import { createReceivers, type Receivers } from './receivers.ts'
import { ACCOUNTS, firstModel, world } from './world.ts'

export const SESSION_MS = 3_600_000
const ORIGIN = 'http://didgate.test'
const TRIES_MS = 5_000

export interface Session {
  token: string
  account: number
  /** It lives at least until, and at most until. */
  least: number
  most: number
  isEnded: boolean
}

export interface Simulation {
  dice: Dice
  model: Model
  store: Store
  receivers: Receivers
  readonly core: Core
  readonly sender: ReturnType<typeof createSender>
  send(request: Request): Promise<Response>
  base(dialect: string): string
  /** The present secret, undefined while there is none. */
  secrets: Map<string, string | undefined>
  sessions: Session[]
  /** What each key of an account gave. */
  kept: Map<string, { e164: string; gave: string }>
  /** A number as somebody read it a while ago. */
  stale: { id: number; version: number } | undefined
  later: number
  step: number
  credentials(id: number, dialect: string): Record<string, string>
  client(id: number, dialect: string): Driver
  caller(id: number): Promise<Caller>
  reopen(): Promise<void>
  /** The next unit fails after so many statements. */
  failAfter(statements: number): void
  hasFailed(): boolean
}

class Crash extends Error {}

/** Lets so many results through, and then fails as a lost connection would. */
function failing(statements: number, note: () => void): KyselyPlugin {
  let left = statements
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (left-- > 0) return result
      note()
      throw new Crash('simulated')
    },
  }
}

function breakable(store: Store) {
  let next: number | undefined
  let failed = false
  const broken: Store = {
    ...store,
    write: fn =>
      store.write(db => {
        const statements = next
        next = undefined
        if (statements === undefined) return fn(db)
        return fn(
          db.withPlugin(
            failing(statements, () => {
              failed = true
            }),
          ) as typeof db,
        )
      }),
  }
  return {
    store: broken,
    failAfter(statements: number) {
      next = statements
      failed = false
    },
    hasFailed() {
      next = undefined
      return failed
    },
  }
}

/** A fresh world on this store. Everything random goes by the seed. */
export async function openSimulation(bare: Store, seed: string): Promise<Simulation> {
  await bare.empty()
  const dice = createDice(seed)
  const model = firstModel()
  const { store, ...breaking } = breakable(bare)
  const receivers = createReceivers(dice)
  const open = (nth: number) => {
    const random = seededRandom(`${seed} ${nth}`)
    const clock = { now: () => model.now }
    const core = createCore({ store, clock, random, key: 'simulation', sessionTtlMs: SESSION_MS })
    const config = { mode: 'double' as const, publicUrl: undefined, trustProxy: false }
    const gateway = createGateway({ config, core, modules: dialectModules })
    const { attempt } = receivers
    const sender = createSender({ core, dialects: gateway.dialects, attempt, timeoutMs: TRIES_MS })
    return { core, gateway, sender }
  }
  let running = open(0)
  let opened = 0
  const secrets = new Map<string, string | undefined>()
  for (const id of ACCOUNTS) {
    for (const module of dialectModules) secrets.set(`${id} ${module.name}`, madeFor(id, module).secret)
  }
  const credentials = (id: number, dialect: string) => {
    const module = moduleOf(dialect)
    return module.driver.credentials({ ...madeFor(id, module), secret: secrets.get(`${id} ${dialect}`) ?? 'none' })
  }
  const send = (request: Request) => running.gateway.fetch(request)
  const base = (dialect: string) => `${ORIGIN}/${dialect}`
  await loadWorld(running.core, world)
  return {
    ...{ dice, model, store, receivers, secrets, credentials, send, base },
    get core() {
      return running.core
    },
    get sender() {
      return running.sender
    },
    ...{ sessions: [], kept: new Map(), stale: undefined, later: 0, step: 0 },
    client(id, dialect) {
      return moduleOf(dialect).driver.create({ send, base: base(dialect), credentials: credentials(id, dialect) })
    },
    async caller(id) {
      const account = await running.core.accounts.get(id)
      return running.core.accounts.callerFor(account as NonNullable<typeof account>)
    },
    async reopen() {
      running = open(++opened)
    },
    ...breaking,
  }
}

export const DIALECTS = dialectModules.map(({ name }) => name)

export function moduleOf(dialect: string): DialectModule {
  const found = dialectModules.find(({ name }) => name === dialect)
  if (!found) throw new Error(`no dialect ${dialect}`)
  return found
}
