import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client'
import type { Tally } from '../../core/ground/tally.ts'
import type { RequestEntry } from '../logs/log.ts'

export type MetricsJson = MetricObjectWithValues<MetricValue<string>>[]

export interface Answered {
  dialect: string
  requests: number
  faults: number
}

export interface Metrics {
  request(entry: RequestEntry): void
  job(name: string, count: number): void
  /** Rows that were removed because they were over, by table. */
  removed(rows: ReadonlyMap<string, number>): void
  /** What the tables of the gateway's own world hold, about. */
  rows(rows: ReadonlyMap<string, number>): void
  delivery(dialect: string, outcome: string): void
  /** A request refused by a limit. */
  limited(limit: string, dialect: string): void
  /** How many keys each limit keeps, looked at whenever somebody asks. */
  watchLimits(keys: () => Readonly<Record<string, number>>): void
  /** An event that a dialect could not put into words. */
  unworded(dialect: string, outcome: 'retry' | 'given_up'): void
  /** What a unit of the core did. */
  committed(tally: Tally): void
  /** Prometheus text, of the other processes too. */
  text(): Promise<string>
  /** What this process has counted, for another one to add up. */
  json(): Promise<MetricsJson>
  /** Requests and faults by dialect, of the other processes too. */
  answered(): Promise<Answered[]>
  contentType: string
}

export interface MetricsOptions {
  ofProcess?: boolean
  /** What the other processes have counted. */
  others?: () => Promise<MetricsJson[]>
  /** Lines that the log could not write. */
  lostLines?: () => number
}

/** One registry per gateway, so that several can live in one process; only a whole program measures the process. */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (options.ofProcess) collectDefaultMetrics({ register: registry })
  const labelNames = ['dialect', 'operation', 'status'] as const
  const requests = new Counter({ name: 'didgate_requests_total', help: 'Requests answered', labelNames, registers })
  const latency = new Histogram({
    name: 'didgate_request_duration_seconds',
    help: 'Time from request to answer',
    labelNames,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const faults = new Counter({
    name: 'didgate_faults_total',
    help: 'Faults answered, by code of the core',
    labelNames: ['dialect', 'fault'],
    registers,
  })
  const jobs = new Counter({
    name: 'didgate_job_items_total',
    help: 'Things background jobs have done',
    labelNames: ['job'],
    registers,
  })
  const removed = new Counter({
    name: 'didgate_rows_removed_total',
    help: 'Rows removed after the days that what is over is kept',
    labelNames: ['table'],
    registers,
  })
  const rows = new Gauge({
    name: 'didgate_table_rows',
    help: 'Rows of a table, about',
    labelNames: ['table'],
    registers,
  })
  const deliveries = new Counter({
    name: 'didgate_delivery_attempts_total',
    help: 'Attempts to deliver callbacks, by outcome',
    labelNames: ['dialect', 'outcome'],
    registers,
  })
  const unworded = new Counter({
    name: 'didgate_events_unworded_total',
    help: 'Times that an event could not be put into words for callbacks',
    labelNames: ['dialect', 'outcome'],
    registers,
  })
  const numberEvents = new Counter({
    name: 'didgate_number_events_total',
    help: 'What happened to numbers, by kind: purchased, released, suspended, …',
    labelNames: ['kind'],
    registers,
  })
  const transactions = new Counter({
    name: 'didgate_transactions_total',
    help: 'Postings on accounts, by kind: purchase, renewal, topup, …',
    labelNames: ['kind'],
    registers,
  })
  const limited = new Counter({
    name: 'didgate_requests_limited_total',
    help: 'Requests refused by a limit against floods',
    labelNames: ['limit', 'dialect'],
    registers,
  })
  new Counter({
    name: 'didgate_log_lines_lost_total',
    help: 'Log lines that could not be written',
    registers,
    collect() {
      this.reset()
      this.inc(options.lostLines?.() ?? 0)
    },
  })
  return {
    request(entry) {
      const dialect = entry.dialect ?? 'none'
      const labels = { dialect, operation: entry.operation ?? 'none', status: String(entry.status) }
      requests.inc(labels)
      latency.observe(labels, entry.ms / 1000)
      if (entry.fault !== undefined) faults.inc({ dialect, fault: entry.fault })
    },
    job: (job, count) => jobs.inc({ job }, count),
    removed: counts => {
      for (const [table, count] of counts) removed.inc({ table }, count)
    },
    rows: counts => {
      for (const [table, count] of counts) rows.set({ table }, count)
    },
    delivery: (dialect, outcome) => deliveries.inc({ dialect, outcome }),
    limited: (limit, dialect) => limited.inc({ limit, dialect }),
    watchLimits(keys) {
      new Gauge({
        name: 'didgate_limit_keys',
        help: 'Addresses, credentials and names that limits remember, by limit',
        labelNames: ['limit'],
        registers,
        collect() {
          for (const [limit, count] of Object.entries(keys())) this.set({ limit }, count)
        },
      })
    },
    unworded: (dialect, outcome) => unworded.inc({ dialect: dialect || 'none', outcome }),
    committed(tally) {
      for (const [kind, times] of tally.numberEvents) numberEvents.inc({ kind }, times)
      for (const [kind, times] of tally.transactions) transactions.inc({ kind }, times)
    },
    text: async () => {
      if (!options.others) return registry.metrics()
      const all = [await registry.getMetricsAsJSON(), ...(await options.others())]
      return AggregatorRegistry.aggregate(all).metrics()
    },
    json: () => registry.getMetricsAsJSON(),
    answered: async () => {
      const others = ((await options.others?.()) ?? []).flat()
      const all = [await requests.get(), await faults.get(), ...others] as MetricsJson
      return answeredIn(all, { didgate_requests_total: 'requests', didgate_faults_total: 'faults' })
    },
    contentType: registry.contentType,
  }
}

function answeredIn(counted: MetricsJson, names: Readonly<Record<string, 'requests' | 'faults'>>): Answered[] {
  const all = new Map<string, Answered>()
  for (const { name, values } of counted) {
    const member = names[name]
    if (member === undefined) continue
    for (const { labels, value } of values ?? []) {
      const dialect = String(labels.dialect)
      const entry = all.get(dialect) ?? { dialect, requests: 0, faults: 0 }
      entry[member] += value
      all.set(dialect, entry)
    }
  }
  return [...all.values()].sort((a, b) => a.dialect.localeCompare(b.dialect))
}
