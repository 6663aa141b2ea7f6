/** What a year of purchases and releases leaves in the tables, before and after what is over is removed, and what searches feel of it. */
import { rmSync } from 'node:fs'
import { sql } from 'kysely'
import { createCore } from '../core/core.ts'
import { openStore } from '../core/store/open.ts'
import type { Store } from '../core/store/store.ts'
import type { Tables } from '../core/store/tables.ts'
import { KEPT } from '../core/upkeep/retention-rules.ts'
import { run } from './client.ts'
import { openBed } from './gateways.ts'
import { loadOf } from './growth.ts'
import { emptyDatabase } from './postgres.ts'
import { freePort } from './processes.ts'
import { freeBytes, type Size, sizesOf } from './table-sizes.ts'
import { WORKLOADS } from './workloads.ts'
import { BENCH_KEY, DAYS, liveYear, type Year } from './year-life.ts'

const DAY_MS = 86_400_000
const SEARCHES = [WORKLOADS.area, WORKLOADS.starts, WORKLOADS.ends] as const
const DEFAULTS = ['ENDED', 'IDEMPOTENCY', 'CALLBACKS', 'CARTS', 'IMPORTS']
const FOREVER = Object.fromEntries(DEFAULTS.map(name => [`RETENTION_${name}`, '36500']))
/** Clients ask so long while rows are removed. */
const BESIDE_S = 20

export type Sizes = Map<keyof Tables, Size>

/** As autovacuum would have done by then. */
export async function vacuum(store: Store): Promise<void> {
  if (store.engine.name === 'postgres') await store.readAside(db => sql`VACUUM ANALYZE`.execute(db))
}

/** Nobody counts on what is made here to outlive a crash. */
const hasty = (url: string) => (url.startsWith('sqlite:') ? url : `${url}?options=-c%20synchronous_commit%3Doff`)

export async function withStore<T>(url: string, fn: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(url, { statementMs: 3_600_000 })
  try {
    return await fn(store)
  } finally {
    await store.close()
  }
}

async function removedOf(adminPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text()
  const counts = [...text.matchAll(/^didgate_rows_removed_total\{.*\} (\d+)/gm)].map(([, count]) => Number(count))
  return counts.reduce((sum, count) => sum + count, 0)
}

/** p99 of each search, in milliseconds. */
async function searched(url: string, env: Record<string, string>, seconds: number): Promise<number[]> {
  const bed = await openBed(url, 0, env)
  try {
    const p99s: number[] = []
    for (const workload of SEARCHES) {
      await run(loadOf(bed, workload, seconds / 2)) // until everything is compiled
      p99s.push((await run(loadOf(bed, workload, seconds))).p99)
    }
    return p99s
  } finally {
    await bed.server.stop()
  }
}

/** What clients who ask without a pause feel while a gateway removes rows, and how far it comes beside them. */
async function beside(url: string) {
  const adminPort = await freePort()
  const bed = await openBed(url, 0, { ADMIN_PORT: String(adminPort) })
  try {
    await run(loadOf(bed, SEARCHES[0], 1)) // until everything is compiled
    const before = await removedOf(adminPort)
    const { p99 } = await run(loadOf(bed, SEARCHES[0], BESIDE_S))
    return { p99, perSecond: ((await removedOf(adminPort)) - before) / BESIDE_S }
  } finally {
    await bed.server.stop()
  }
}

/** The rest of it at once, with nobody beside: the gateway's own way, as far as there is anything. */
async function tidied(store: Store) {
  const { retention } = createCore({ store, clock: { now: Date.now }, key: BENCH_KEY })
  const startedAt = performance.now()
  const { removed } = await retention.tidy(Number.MAX_SAFE_INTEGER)
  const rows = [...removed.values()].reduce((sum, count) => sum + count, 0)
  return { rows, seconds: (performance.now() - startedAt) / 1000 }
}

const megabytes = (bytes = 0) => (bytes / 1_000_000).toFixed(1)

export function tableOf(purchases: number, [start, before, after]: readonly [Sizes, Sizes, Sizes]): string {
  const grownBy = (table: keyof Tables) => (after.get(table)?.bytes ?? 0) - (start.get(table)?.bytes ?? 0)
  const lines = [...before.entries()]
    .filter(([table, size]) => size.rows > (start.get(table)?.rows ?? 0))
    .sort(([, one], [, other]) => other.bytes - one.bytes)
    .map(([table, size]) => {
      const left = after.get(table)
      const stays = table in KEPT ? (grownBy(table) / purchases).toFixed(0) : ''
      return `| ${table} | ${size.rows} | ${megabytes(size.bytes)} | ${left?.rows} | ${megabytes(left?.bytes)} | ${stays} |`
    })
  const total = (sizes: Sizes) => [...sizes.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  const grown = (Object.keys(KEPT) as (keyof Tables)[]).reduce((sum, table) => sum + grownBy(table), 0) / purchases
  return [
    '| table | rows | MB | rows after | MB after | bytes a purchase that stay |',
    '|---|--:|--:|--:|--:|--:|',
    ...lines,
    `| all tables | | ${megabytes(total(before))} | | ${megabytes(total(after))} | ${grown.toFixed(0)} |`,
  ].join('\n')
}

const searches = (p99s: readonly number[]) =>
  SEARCHES.map(({ name }, n) => `${name} ${p99s[n]?.toFixed(2)} ms`).join(', ')

/** All that the year left is there still. */
export async function tidyYear(url: string, seconds: number) {
  const kept = await searched(url, FOREVER, seconds)
  const meanwhile = await beside(url)
  const rest = await withStore(hasty(url), tidied)
  const left = await withStore(url, async store => {
    await vacuum(store)
    return { after: await sizesOf(store), file: store.engine.name === 'sqlite' ? await freeBytes(store) : undefined }
  })
  const { after, file } = left
  const space = file
    ? ` The file has ${megabytes(file.all)} MB, of which ${megabytes(file.free)} MB are free for what comes.`
    : ''
  const text =
    `Beside clients who ask without a pause a gateway removes ${meanwhile.perSecond.toFixed(0)} rows a second, and the p99 of ` +
    `their searches (${SEARCHES[0].name}) is ${meanwhile.p99.toFixed(2)} ms meanwhile. The other ${rest.rows} rows went at ` +
    `${(rest.rows / rest.seconds).toFixed(0)} a second. p99 before: ${searches(kept)}; after: ` +
    `${searches(await searched(url, {}, seconds))}.${space}`
  return { after, text }
}

async function yearOn(engine: string, url: string, year: Year, seconds: number): Promise<string> {
  const startAt = Date.now() - DAYS * DAY_MS
  let start: Sizes = new Map()
  let tookSeconds = 0
  const before = await withStore(hasty(url), async store => {
    await store.migrate()
    let begunAt = 0
    await liveYear(store, year, startAt, async () => {
      await vacuum(store)
      start = await sizesOf(store)
      begunAt = performance.now()
    })
    tookSeconds = (performance.now() - begunAt) / 1000
    await vacuum(store)
    return sizesOf(store)
  })
  const { after, text } = await tidyYear(url, seconds)
  return (
    `${engine}: ${year.purchases} numbers bought, and all but those of the last week given back, in ${tookSeconds.toFixed(0)} s.\n\n` +
    `${tableOf(year.purchases, [start, before, after])}\n\n${text}`
  )
}

/** A part for each engine; `postgres` undefined: SQLite alone. */
export async function yearTables(folder: string, postgres: string | undefined, year: Year, seconds: number) {
  const file = `${folder}/year.db`
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  const parts = [await yearOn('SQLite', `sqlite:${file}`, year, seconds)]
  if (postgres !== undefined) {
    const url = await emptyDatabase(postgres, 'didgate_bench_year')
    parts.push(await yearOn('PostgreSQL', url, year, seconds))
  }
  return parts.join('\n\n')
}
