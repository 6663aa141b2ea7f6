/** Calls of one account, read back: the same questions at two sizes, on both engines. */
import { sql } from 'kysely'
import pg from 'pg'
import { createCore } from '../core/core.ts'
import { SPANS } from '../core/store/call-records.ts'
import { openStore } from '../core/store/open.ts'
import type { Engine, Store } from '../core/store/store.ts'
import type { Core } from '../core/verbs.ts'
import { numberAt, openCustomer, plan } from './data.ts'

const ACCOUNT = 12
const YEAR_MS = 365 * 86_400_000
const START = Date.UTC(2025, 0, 1)
const PIECE = 250_000
const ASKED = 2_000
const PAGE = 20

/** Rows `first` to `first + count - 1`, evenly over a year. */
function fillText(engine: Engine['name'], numberId: number, first: number, count: number, step: number): string {
  const last = first + count - 1
  const [series, guid] =
    engine === 'postgres'
      ? [
          `generate_series(${first}, ${last}) AS series (n)`,
          "'00000000-0000-4000-9000-' || lpad(CAST(n AS TEXT), 12, '0')",
        ]
      : [
          `(WITH RECURSIVE series (n) AS (SELECT ${first} UNION ALL SELECT n + 1 FROM series WHERE n < ${last}) SELECT n FROM series)`,
          "printf('00000000-0000-4000-9000-%012d', n)",
        ]
  const begun = `${START} + CAST(n AS BIGINT) * ${step}`
  return `INSERT INTO calls (number_id, direction, answered, started_at, ended_at, duration_seconds, guid, account_id,
      user_id, organization_id, from_text, to_text, disposition, talk_seconds, price, currency)
    SELECT ${numberId}, CASE WHEN n % 3 = 0 THEN 'outbound' ELSE 'inbound' END, CASE WHEN n % 4 = 0 THEN 0 ELSE 1 END, ${begun}, ${begun} + 60000, 60, ${guid},
      ${ACCOUNT}, 501, 31, '+442071234567', '+12012010001',
      CASE WHEN n % 4 = 0 THEN 'no_answer' ELSE 'answered' END, CASE WHEN n % 4 = 0 THEN 0 ELSE 60 END, 1000, 'USD' FROM ${series}`
}

const sumUp = (
  span: number,
) => `INSERT INTO call_sums SELECT account_id, ${span}, started_at / ${span}, direction, currency, count(*),
  sum(answered), sum(duration_seconds), sum(talk_seconds), sum(price) FROM calls
  GROUP BY account_id, direction, currency, started_at / ${span}`

/** Statements that take longer than a gateway's may go to the server by themselves. */
async function fill(url: string, store: Store, numberId: number, size: number): Promise<void> {
  const step = Math.floor(YEAR_MS / size)
  const pieces = Math.ceil(size / PIECE)
  const texts = Array.from({ length: pieces }, (_, n) =>
    fillText(store.engine.name, numberId, n * PIECE, Math.min(PIECE, size - n * PIECE), step),
  )
  const all = [...texts, ...SPANS.map(sumUp), 'ANALYZE']
  if (store.engine.name === 'sqlite') {
    for (const text of all) await store.write(db => sql.raw(text).execute(db))
    return
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const text of all) await client.query(text)
  await client.end()
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
    'last page of those answered': n =>
      calls.browse(
        { ...everything, disposition: 'answered' },
        page(size - Math.ceil(size / 4) - PAGE - (n % 10)),
        time,
      ),
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
      await fill(url, store, number?.id ?? 1, size)
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
