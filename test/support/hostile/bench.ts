/** The demo world with something of everything in it, to be sent bad requests; a fresh one costs some milliseconds. */
import { CompiledQuery } from 'kysely'
import { createCore } from '../../../core/core.ts'
import { seededRandom } from '../../../core/ground/random.ts'
import { openSqliteImage } from '../../../core/store/sqlite.ts'
import type { Store } from '../../../core/store/store.ts'
import type { Core } from '../../../core/verbs.ts'
import { demoWorldFolder } from '../../../src/config/package-files.ts'
import { demoAccess } from '../../../src/demo.ts'
import { dialectModules } from '../../../src/dialects.ts'
import { createGateway } from '../../../src/http/gateway.ts'
import type { Answered } from '../../../src/http/serve-dialect.ts'
import { makeImage, TEST_KEY } from '../../../src/testing/template.ts'
import { loadWorld } from '../../../src/worlds/seed.ts'
import { digest } from '../digest.ts'
import { type EngineName, freshStore } from '../engines.ts'
import { netsOf } from '../nets.ts'
import { ORIGIN } from '../world.ts'

export const NOW = Date.parse('2026-06-01T00:00:00Z')
const ACCOUNT = 12

export interface Said {
  status: number
  type: string
  text: string
  /** What the client was told went wrong. */
  fault: string | undefined
  cause: unknown
}

/** What path parameters and fields can be filled with. */
export interface Things {
  owned: string
  offered: string
  lease: string
  trunk: string
  subAccount: string
  profile: string
  order: string
}

export interface HostileBench {
  ask(request: Request): Promise<Said>
  /** Whether any row has been written, be it that it was not kept. */
  isTouched(): Promise<boolean>
  digest(): Promise<string>
  /** Numbers that anybody owns. */
  leases(): Promise<number>
  violations(): Promise<readonly unknown[]>
  close(): Promise<void>
}

export interface HostileWorld {
  things: Things
  /** For requests to this dialect alone; undefined: to all. */
  open(dialect?: string): Promise<HostileBench>
}

/** Each world draws from a source of its own: its ids may not meet those that are in the image already. */
const coreOver = (store: Store, seed: string) =>
  createCore({ store, clock: { now: () => NOW }, random: seededRandom(seed), key: TEST_KEY })

export async function hostileWorld(): Promise<HostileWorld> {
  const store = await openSqliteImage(await makeImage('demo'))
  const things = await fill(coreOver(store, 'filling'))
  const image = await store.image()
  const known = await digest(store)
  await store.close()
  return { things, open: dialect => openBench(image, known, dialect) }
}

/** One account owns three numbers, has three in its cart, and one of everything else. */
async function fill(core: Core): Promise<Things> {
  const account = await core.accounts.get(ACCOUNT)
  if (!account) throw new Error('the demo world has no account 12')
  const caller = core.accounts.callerFor(account)
  const { items } = await core.numbers.search(
    { country: 'US', currency: 'USD', documents: 'none' },
    { limit: 8, offset: 0 },
  )
  const e164s = items.map(({ e164 }) => e164)
  const { owned } = await core.numbers.purchase(caller, e164s.slice(0, 3), { documents: 'refuse' })
  await core.carts.add(caller, e164s.slice(3, 6), 'USD')
  const trunk = await core.trunks.create(caller, { accountId: ACCOUNT, name: 'Main' })
  // made when it is first asked for
  for (const { name } of dialectModules) await core.callbackSecrets.get(ACCOUNT, name)
  const profiles = await core.companyProfiles.list(ACCOUNT, { limit: 1, offset: 0 })
  const filter = { country: 'SE', types: ['local' as const], areaCode: '9999' }
  const dialect = dialectModules.find(({ name }) => netsOf(name).ordersWait)?.name
  const waiting = { dialect, filter, quantity: 1, rangeSize: 0, data: {} }
  const order = await core.orders.place(caller, waiting as never)
  return {
    owned: owned[0]?.number.e164 as string,
    offered: e164s[6] as string,
    lease: String(owned[0]?.lease.id),
    trunk: trunk.guid,
    subAccount: 'SA_DEMO0001',
    profile: profiles.items[0]?.guid ?? '',
    order: order.guid,
  }
}

/** The same world on another engine; it is made once, and stays as it has become. */
export async function hostileWorldOn(engine: EngineName): Promise<{ things: Things; bench: HostileBench }> {
  const { store, drop } = await freshStore(engine)
  const core = coreOver(store, 'filling')
  await loadWorld(core, demoWorldFolder())
  const things = await fill(core)
  return { things, bench: { ...benchOver(store), close: drop } }
}

/** Asked with every request that is sent: compiled once. */
const counted = (text: string) => {
  const query = CompiledQuery.raw(`SELECT ${text} AS n`) as CompiledQuery<{ n: number }>
  return (store: Store) => store.read(async db => (await db.executeQuery(query)).rows[0]?.n as number)
}
/** Rows that this database's only connection has written, whether they were kept or not. */
const written = counted('total_changes()')
const leased = counted('(SELECT count(*) FROM leases)')

/** `known`: the digest of the image, which is that of a world in which no row has been written since. */
async function openBench(image: Uint8Array, known: string, dialect?: string): Promise<HostileBench> {
  const store = await openSqliteImage(image)
  const first = await written(store)
  const isTouched = async () => (await written(store)) !== first
  return {
    ...benchOver(store, dialect),
    isTouched,
    digest: async () => ((await isTouched()) ? digest(store) : known),
  }
}

function benchOver(store: Store, dialect?: string): HostileBench {
  const core = coreOver(store, 'asking')
  const gateway = createGateway({
    config: { mode: 'double', publicUrl: undefined, trustProxy: false },
    core,
    modules: dialectModules.filter(({ name }) => dialect === undefined || name === dialect),
  })
  return {
    async ask(request) {
      let last: Answered | undefined
      const onAnswer = (answered: Answered) => {
        last = answered
      }
      const response = await gateway.fetch(request, { onAnswer })
      const text = await response.text()
      const { fault, cause } = (last ?? {}) as Partial<Answered>
      return {
        status: response.status,
        type: response.headers.get('content-type') ?? '',
        text,
        fault: fault?.code,
        cause,
      }
    },
    isTouched: async () => true,
    digest: () => digest(store),
    leases: () => leased(store),
    violations: async () => (await core.invariants()).violations,
    close: () => store.close(),
  }
}

const moduleOf = (dialect: string) =>
  dialectModules.find(({ name }) => name === dialect) as (typeof dialectModules)[number]

/** The demo account's credentials, by the dialect's own names. */
export const credentialsFor = (dialect: string) => demoAccess(moduleOf(dialect)).account

/** Headers that a client of the dialect sends to be known. */
export function headersFor(dialect: string): Record<string, string> {
  const call = { method: 'GET', path: '/' }
  const request = moduleOf(dialect).rules.request(`${ORIGIN}/${dialect}`, credentialsFor(dialect), call)
  return Object.fromEntries(request.headers)
}
