import { Readable } from 'node:stream'
import type { Core, ImportReport } from '../../core/verbs.ts'
import { importCsv } from '../files/import-csv.ts'
import { type Fetch, type Listener, listen } from '../http/listen.ts'
import { type DemoCredentials, type DialectName, demoCredentials } from './credentials.ts'
import { type TestCallbacks, type TestFaults, type TestRequests, testDouble } from './double.ts'
import {
  type Duration,
  durationOf,
  type GatewayOptions,
  instantOf,
  type Moment,
  type Settings,
  settingsOf,
} from './options.ts'
import { type Asked, orAborted, readAsked } from './requests.ts'
import { openAdmin, openSnapshots, openWorld } from './world.ts'

export type { DemoCredentials, DialectName } from './credentials.ts'
export type { FaultRule, ShownRequest, TestCallbacks, TestFaults, TestRequests, Waiting } from './double.ts'
export type { Duration, GatewayOptions, Moment, World } from './options.ts'

export interface TestClock {
  now(): Date
  /** Never backwards. What falls due on the way has run, in due order, when this resolves. */
  set(at: Moment): Promise<void>
  advance(by: Duration): Promise<void>
}

export interface TestGateway extends AsyncDisposable {
  /** As the global one, answered in process without a socket; a path that begins with `/` is enough. */
  fetch(request: Request | URL | string, init?: RequestInit): Promise<Response>
  /** Base URL of a dialect, to be given to a client. */
  url(dialect: DialectName): string
  /** A call of the admin plane, in process, below `/admin/v1`: `admin('/numbers/+12125550100')`. */
  admin(path: string, init?: RequestInit): Promise<Response>
  /** Who may log in to the demo world. */
  credentials: DemoCredentials
  clock: TestClock
  /** What clients are to meet: refusals worded by the provider, delays, lost answers. */
  faults: TestFaults
  /** What clients asked and were answered, and why. */
  requests: TestRequests
  /** Callbacks that came to `/_callbacks/…` of this gateway, which needs `listen`. */
  callbacks: TestCallbacks
  /** Columns as `didgate import`. A file with a bad line is refused whole, and the report says why. */
  importNumbers(csv: string): Promise<ImportReport>
  /** Whether the books are right; a violation is a bug of the gateway. */
  invariants(): Promise<{ ok: boolean; checked: number; violations: readonly unknown[] }>
  /** Back to the seed and the first point of time. Waits for what runs; what comes meanwhile waits. */
  reset(): Promise<void>
  /** Keeps this moment of the whole world, its clock too, under a name: `restore` goes on from there. */
  snapshot(name?: string): Promise<void>
  /** Back to a kept moment. Waits for what runs; tokens made before that moment work again. */
  restore(name?: string): Promise<void>
  /** Waits for what runs; afterwards nothing is left of it. */
  close(): Promise<void>
}

const ORIGIN = 'http://didgate.test'
const GRACE_MS = 1_000
/** Of a snapshot that nobody named. */
const DEFAULT_NAME = 'snapshot'

/** A gateway of its own in this process: own database in memory, own world, own clock; nothing shared with another. */
export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const settings = settingsOf(options)
  const world = await openWorld(settings)
  const { turns } = world
  const snapshots = openSnapshots(world)
  const door = openAdmin(world, snapshots, settings)
  const listener = settings.listen
    ? await listenFor((request, connection) => world.fetch(request, undefined, connection), world.close)
    : undefined
  const origin = listener?.url ?? ORIGIN
  const ending = new AbortController()
  const close = async () => {
    await listener?.close(GRACE_MS, 0)
    await world.close()
    // whoever is still sending a body
    ending.abort(new Error('this gateway is closed'))
  }
  const send = async ({ signal, whole }: Asked, answer: (request: Request) => Promise<Response>) => {
    const signals = signal ? [signal] : []
    const request = await whole([...signals, ending.signal])
    return orAborted(() => answer(request), signals)
  }
  return {
    fetch: async (request, init) => send(readAsked(origin, request, init), whole => world.fetch(whole)),
    url: dialect => `${origin}/${served(settings, dialect)}`,
    admin: async (path, init) => send(readAsked(ORIGIN, `/admin/v1${path}`, init), door),
    credentials: demoCredentials,
    clock: createTestClock(
      work => turns.shared(async () => work(world.core)),
      () => world.core.clock.now(),
    ),
    ...testDouble(world.double, origin),
    importNumbers: csv => turns.shared(() => importText(world.core, csv)),
    invariants: () => turns.shared(() => world.core.invariants()),
    reset: () => world.reset(),
    async snapshot(name = DEFAULT_NAME) {
      await snapshots.create(name)
    },
    async restore(name = DEFAULT_NAME) {
      await snapshots.restore(name)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function listenFor(fetch: Fetch, giveUp: () => Promise<void>): Promise<Listener> {
  try {
    return await listen({ name: 'listen', host: '127.0.0.1', port: 0, fetch })
  } catch (error) {
    await giveUp()
    throw error
  }
}

function served({ modules }: Settings, dialect: DialectName): DialectName {
  if (modules.some(({ name }) => name === dialect)) return dialect
  throw new TypeError(`this gateway does not serve "${dialect}"`)
}

function importText(core: Core, csv: string): Promise<ImportReport> {
  return importCsv(core, Readable.from([Buffer.from(csv)]), { owned: false, keepGood: false })
}

function createTestClock(
  use: (work: (core: Core) => Promise<unknown>) => Promise<unknown>,
  now: () => number,
): TestClock {
  return {
    now: () => new Date(now()),
    async set(at) {
      await use(core => core.jobs.advanceTo(instantOf(at)))
    },
    async advance(by) {
      const ms = durationOf(by)
      await use(core => core.jobs.advanceBy(ms))
    },
  }
}
