import { Fault } from '../../core/ground/fault.ts'
import type { Core } from '../../core/verbs.ts'
import { createDouble, type Double } from '../double/double.ts'
import type { Exchange } from '../double/exchange.ts'
import { requestOf } from '../double/replay.ts'
import type { Address } from '../http/address.ts'
import type { Connection } from '../http/listen.ts'
import type { Database } from '../process/database.ts'
import { beginLife, type Life, type WorldParts } from './life.ts'
import type { Beginning, Place } from './place.ts'
import { createTurns, type Turns } from './turns.ts'

/** A whole world at one moment. */
export interface Moment {
  image: Uint8Array
  /** Where its clock stood, and whether it stood still. */
  now: number
  isFrozen: boolean
}

/** Store, clock, core, gateway and background: the program's own world, a space, or the gateway of a test. */
export interface RunningWorld {
  /** Another one after each reset and restore: not to be kept. */
  readonly life: Life
  readonly core: Core
  /** Faults on demand and the journal: of the world, empty again in each life. Undefined: it has none. */
  double: Double | undefined
  /** Whoever uses a life does it within `turns.shared`, so that none ends under a request. */
  turns: Turns
  /** A client's request, which waits while a life is changed for the next. */
  fetch(request: Request, address?: Address, connection?: Connection): Promise<Response>
  /** A journalled request, sent again: gives what it became. Called within `turns.shared`. */
  replay(exchange: Exchange): Promise<Exchange>
  /** Due jobs and callbacks run from now on. */
  start(): void
  /** The next life, from the beginning. Waits for what runs. Faults: the seed's own, timeout; then all is as before. */
  reset(beginning?: Beginning): Promise<void>
  /** How much its data take, about. */
  bytes(): Promise<number>
  snapshot(): Promise<Moment>
  /** The next life, from where that moment was. */
  restore(moment: Moment): Promise<void>
  /** Waits for what runs; nobody is answered afterwards. The data are closed. */
  close(): Promise<void>
}

/** The one place where a world is put together. */
export async function composeWorld(parts: WorldParts, place: Place, beginning: Beginning = {}): Promise<RunningWorld> {
  const turns = createTurns()
  const { journal, config } = parts
  const begun = await place.begin(undefined, beginning)
  let now = () => begun.clock.now()
  const double = journal && createDouble({ journal, mode: config.mode, now: () => now() })
  let life = beginLife(parts, begun, double)
  let isRunning = false
  /** Nothing runs and nobody is served meanwhile. What fails leaves the old life as it was. */
  const renew = (next: (old: Database) => Promise<Database>) => {
    // whoever is kept waiting on demand does not hold it up
    double?.faults?.release()
    return turns.alone(async () => {
      await life.runner.stop()
      try {
        const data = await next(life)
        now = () => data.clock.now()
        double?.reset()
        life = beginLife(parts, data, double)
      } finally {
        if (isRunning) life.runner.start()
      }
    })
  }
  return {
    get life() {
      return life
    },
    get core() {
      return life.core
    },
    turns,
    double,
    fetch: (request, address, connection) => turns.shared(() => life.data.fetch(request, address, connection)),
    async replay(exchange) {
      await life.data.replay(requestOf(exchange), exchange.address, exchange.id)
      const [latest] = double?.journal.find({ replayOf: exchange.id }, 1) ?? []
      if (!latest) throw new Fault('not_found', { what: 'request', id: `that repeats ${exchange.id}` })
      return latest
    },
    start() {
      isRunning = true
      life.runner.start()
    },
    reset: (again = {}) => renew(old => place.begin(old, again)),
    bytes: () => life.store.bytes(),
    async snapshot() {
      const moments: Moment[] = []
      await turns.alone(async () => {
        const { clock, store } = life
        moments.push({ now: clock.now(), isFrozen: clock.isFrozen(), image: await store.image() })
      })
      const [moment] = moments
      if (!moment) throw new Error('this gateway is closed')
      return moment
    },
    restore: ({ image, now, isFrozen }) =>
      renew(async old => {
        const next = await place.reopen(await old.store.replacedBy(image), old)
        await next.clock.startAt(now, isFrozen)
        return next
      }),
    close: () => {
      double?.faults?.release()
      return turns.alone(async () => {
        isRunning = false
        await life.runner.stop()
        await life.store.close()
      }, true)
    },
  }
}
