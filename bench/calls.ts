/** Calls of one account, read back: the same questions at two sizes, on both engines. */
import { sql } from 'kysely'
import { createCore } from '../core/core.ts'
import { openStore } from '../core/store/open.ts'
import type { Engine, Writer } from '../core/store/store.ts'
import type { Core } from '../core/verbs.ts'
import { numberAt, openCustomer, plan } from './data.ts'

const ACCOUNT = 12
const YEAR_MS = 365 * 86_400_000
const START = Date.UTC(2025, 0, 1)
const PIECE = 250_000
const ASKED = 2_000
const PAGE = 20

/** Rows `first` to `first + count - 1`, evenly over a year. */
async function fill(engine: Engine, db: Writer, numberId: number, first: number, count: number, step: number) {
  const series =
    engine.name === 'postgres'
      ? sql`generate_series(CAST(${first} AS BIGINT), CAST(${first + count - 1} AS BIGINT)) AS series (n)`
      : sql`(WITH RECURSIVE series (n) AS (SELECT ${first} UNION ALL SELECT n + 1 FROM series
          WHERE n < ${first + count - 1}) SELECT n FROM series)`
  const begun = sql`${sql.lit(START)} + n * ${sql.lit(step)}`
  const guid =
    engine.name === 'postgres'
      ? sql`'00000000-0000-4000-9000-' || lpad(CAST(n AS TEXT), 12, '0')`
      : sql`printf('00000000-0000-4000-9000-%012d', n)`
  await sql`INSERT INTO calls (number_id, direction, answered, started_at, ended_at, duration_seconds, guid, account_id,
      user_id, organization_id, from_text, to_text, disposition, talk_seconds, price, currency)
    SELECT ${sql.lit(numberId)}, CASE WHEN n % 3 = 0 THEN 'outbound' ELSE 'inbound' END, 1, ${begun}, ${begun} + 60000,
      60, ${guid}, ${sql.lit(ACCOUNT)}, 501, 31, '+442071234567', '+12012010001', 'answered', 60, 1000, 'USD'
    FROM ${series}`.execute(db)
}

async function countHours(db: Writer): Promise<void> {
  await sql`INSERT INTO call_hours SELECT account_id, direction, started_at / 3600000, count(*), sum(answered),
    sum(duration_seconds), sum(talk_seconds), sum(price) FROM calls GROUP BY account_id, direction, started_at / 3600000`.execute(
    db,
  )
}

/** p50 and p99 in milliseconds, of questions asked one after the other. */
async function times(ask: (n: number) => Promise<unknown>): Promise<{ p50: number; p99: number }> {
  for (let n = 0; n < 200; n++) await ask(n)
  const all: number[] = []
  for (let n = 0; n < ASKED; n++) {
    const before = performance.now()
    await ask(n)
    all.push(performance.now() - before)
  }
  all.sort((a, b) => a - b)
  return { p50: all[ASKED / 2] ?? 0, p99: all[Math.floor(ASKED * 0.99)] ?? 0 }
}

function questions({ calls }: Core, size: number): Record<string, (n: number) => Promise<unknown>> {
  const time = { by: 'time', descending: true } as const
  const page = (offset: number) => ({ limit: PAGE, offset: Math.max(0, offset) })
  const month = (n: number) => {
    const from = START + (n % 12) * 30 * 86_400_000 + 1_234_567
    return { accountId: ACCOUNT, from, until: from + 30 * 86_400_000 }
  }
  const everything = { accountId: ACCOUNT }
  return {
    'first page, with its total': n => calls.browse(everything, page(n % 10), time),
    'last page, with its total': n => calls.browse(everything, page(size - PAGE - (n % 10)), time),
    'a page in the middle': n => calls.browse(everything, page(Math.floor(size / 2) - (n % 1000)), time),
    'last page of one direction': n =>
      calls.browse({ ...everything, direction: 'outbound' }, page(Math.floor(size / 3) - PAGE - (n % 10)), time),
    'first page of a month': n => calls.browse(month(n), page(0), time),
    'one call': n => calls.find(ACCOUNT, `00000000-0000-4000-9000-${String((n * 7919) % size).padStart(12, '0')}`),
  }
}

async function measured(url: string, size: number): Promise<Record<string, { p50: number; p99: number }>> {
  const store = await openStore(url)
  await store.migrate()
  const core = createCore({ store, clock: { now: Date.now }, key: 'bench-key-bench-key-bench-key-32' })
  try {
    const { e164 } = numberAt(0, 2, 20)
    if (!(await core.accounts.get(ACCOUNT))) {
      await openCustomer(core)
      await core.imports.run(plan(40, 2, 20), { owned: false, keepGood: false })
      const number = await core.numbers.find(e164)
      const step = Math.floor(YEAR_MS / size)
      for (let first = 0; first < size; first += PIECE) {
        const count = Math.min(PIECE, size - first)
        await store.write(db => fill(store.engine, db, number?.id ?? 1, first, count, step))
      }
      await store.write(countHours)
      await store.write(db => sql`ANALYZE`.execute(db))
    }
    const found: Record<string, { p50: number; p99: number }> = {}
    for (const [name, ask] of Object.entries(questions(core, size))) found[name] = await times(ask)
    return found
  } finally {
    await store.close()
  }
}

/** A row for each question and engine: p50 and p99 at each size, and the largest p99 over the smallest's. */
export async function callsTable(
  urls: Readonly<Record<string, (size: number) => Promise<string> | string>>,
  sizes: readonly number[],
) {
  const columns = sizes.flatMap(size => [`p50 ms at ${size}`, `p99 ms at ${size}`])
  const lines = [
    `| calls | ${columns.join(' | ')} | p99, largest to smallest |`,
    `|---|${'--:|'.repeat(columns.length + 1)}`,
  ]
  for (const [engine, urlOf] of Object.entries(urls)) {
    const bySize = []
    for (const size of sizes) bySize.push(await measured(await urlOf(size), size))
    for (const name of Object.keys(bySize[0] ?? {})) {
      const figures = bySize.flatMap(each => [each[name]?.p50.toFixed(2), each[name]?.p99.toFixed(2)])
      const ratio = (bySize.at(-1)?.[name]?.p99 ?? 0) / (bySize[0]?.[name]?.p99 ?? 1)
      lines.push(`| ${name}, ${engine} | ${figures.join(' | ')} | ${ratio.toFixed(2)} |`)
    }
  }
  return lines.join('\n')
}
