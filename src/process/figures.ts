import { setTimeout as sleep } from 'node:timers/promises'
import { Gauge, Registry } from 'prom-client'
import type { NumberState } from '../../core/ground/model.ts'
import type { Figures as CoreFigures } from '../../core/upkeep/verbs.ts'
import type { Core } from '../../core/verbs.ts'
import { packageVersion } from '../config/package-files.ts'
import type { Certificate } from '../http/certificates.ts'
import { createRounds } from './figure-rounds.ts'

/** The business in figures, as Prometheus text: of the database, so that every gateway over one tells the same. */
export interface Figures {
  text(): Promise<string>
}

export interface FigureSources {
  /** The present one: a reset replaces it. */
  core(): Core
  mode: string
  engine: string
  whyNotReady(): Promise<string | undefined>
  certificates(): readonly Certificate[]
}

interface Snapshot extends CoreFigures {
  stock: Awaited<ReturnType<Core['inventory']['kinds']>>
  /** Undefined until the first round over the inventory is over. */
  states: ReadonlyMap<NumberState, number> | undefined
}

/** Asked more often, the last answer is given again. */
const FRESH_MS = 5_000
/** Whoever scrapes waits this long, and gets what was known before. */
const WAIT_MS = 1_000

type Values = [labels: Record<string, string>, value: number][]
type Definition = [name: string, help: string, labels: string[], values: (snapshot: Snapshot) => Values]

const one = (value: number): Values => [[{}, value]]
const seconds = (ms: number): Values => one(ms / 1000)

/** Names: base units, no label in them; ages are of the gateway's own clock. */
const DEFINITIONS: readonly Definition[] = [
  [
    'didgate_numbers',
    'Numbers by state, counted in rounds that go on with every scrape',
    ['state'],
    ({ states }) => [...(states ?? [])].map(([state, value]) => [{ state }, value]),
  ],
  [
    'didgate_numbers_on_sale',
    'Numbers on the shelf',
    ['country', 'type', 'currency'],
    ({ stock }) => stock.map(({ country, type, currency, available }) => [{ country, type, currency }, available]),
  ],
  ['didgate_numbers_owned', 'Numbers that accounts have', [], ({ held }) => one(held)],
  [
    'didgate_accounts_owing',
    'Accounts below zero, within their credit',
    ['currency'],
    ({ owing }) => owing.map(({ currency, accounts }) => [{ currency }, accounts]),
  ],
  [
    'didgate_owed_amount',
    'What accounts are below zero together, in units of the currency',
    ['currency'],
    ({ owing }) => owing.map(({ currency, amount }) => [{ currency }, amount / 1e6]),
  ],
  ['didgate_orders_waiting', 'Orders that wait for numbers or for a decision', [], ({ orders }) => one(orders.waiting)],
  ['didgate_orders_oldest_age_seconds', 'Age of the oldest of them', [], ({ orders }) => seconds(orders.ageMs)],
  ['didgate_callbacks_waiting', 'Callbacks to be sent, at most 100,000', [], ({ callbacks }) => one(callbacks.waiting)],
  ['didgate_callbacks_failing', 'Those of them that were tried in vain', [], ({ callbacks }) => one(callbacks.failing)],
  ['didgate_callbacks_oldest_age_seconds', 'Age of the oldest', [], ({ callbacks }) => seconds(callbacks.ageMs)],
  [
    'didgate_events_oldest_age_seconds',
    'Age of the oldest event that no callback has been worded for',
    [],
    ({ callbacks }) => seconds(callbacks.eventAgeMs),
  ],
  [
    'didgate_imports',
    'Imported files by what became of them',
    ['status'],
    ({ imports }) => imports.map(({ status, count }) => [{ status }, count]),
  ],
  ['didgate_jobs_late_seconds', 'How far the jobs are behind the clock', [], ({ lateMs }) => seconds(lateMs)],
]

export function createFigures(sources: FigureSources): Figures {
  const registry = new Registry()
  const registers = [registry]
  const gauges = DEFINITIONS.map(([name, help, labelNames]) => {
    const gauge = new Gauge({ name, help, labelNames, registers })
    return labelNames.length > 0 ? gauge : unknown(gauge)
  })
  addOwnGauges(registry, sources, () => readAt)
  const rounds = createRounds()
  let readAt: number | undefined
  let reading: Promise<void> | undefined
  const read = async () => {
    const core = sources.core()
    const [figures, stock] = await Promise.all([core.oversight.figures(), core.inventory.kinds()])
    show(gauges, { ...figures, stock, states: await rounds.goOn(core) })
    readAt = performance.now()
  }
  return {
    async text() {
      if (readAt === undefined || performance.now() - readAt > FRESH_MS) {
        // of a database that does not answer, the age of what is shown tells
        reading ??= read()
          .catch(() => {})
          .finally(() => {
            reading = undefined
          })
        await Promise.race([reading, sleep(WAIT_MS, undefined, { ref: false })])
      }
      return registry.metrics()
    },
  }
}

/** One without labels would be 0 from the start. */
function unknown(gauge: Gauge): Gauge {
  gauge.remove()
  return gauge
}

function show(gauges: readonly Gauge[], snapshot: Snapshot): void {
  for (const [index, [, , , values]] of DEFINITIONS.entries()) {
    const gauge = gauges[index] as Gauge
    gauge.reset()
    for (const [labels, value] of values(snapshot)) gauge.set(labels, value)
  }
}

/** What needs no database. */
function addOwnGauges(registry: Registry, sources: FigureSources, readAt: () => number | undefined): void {
  const registers = [registry]
  const { mode, engine } = sources
  new Gauge({
    name: 'didgate_build_info',
    help: 'What runs',
    labelNames: ['version', 'node', 'mode', 'engine'],
    registers,
  }).set({ version: packageVersion(), node: process.versions.node, mode, engine }, 1)
  new Gauge({
    name: 'didgate_ready',
    help: '1: /readyz says yes',
    registers,
    async collect() {
      this.set((await sources.whyNotReady()) === undefined ? 1 : 0)
    },
  })
  const age = new Gauge({
    name: 'didgate_figures_age_seconds',
    help: 'How old the figures of the database are',
    registers,
    collect() {
      const at = readAt()
      if (at !== undefined) this.set((performance.now() - at) / 1000)
    },
  })
  unknown(age)
  new Gauge({
    name: 'didgate_tls_certificate_expiry_timestamp_seconds',
    help: 'When the certificate of a listener ends',
    labelNames: ['listener'],
    registers,
    collect() {
      for (const { listener, endsAt } of sources.certificates()) this.set({ listener }, endsAt() / 1000)
    },
  })
}
