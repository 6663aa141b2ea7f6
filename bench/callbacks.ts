/** Callbacks to many receivers of which half accept and never answer: how long the others wait for theirs. */
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { callbackTargets } from '../adapters/kit/callback-url.ts'
import type { Dialect } from '../adapters/kit/dialect.ts'
import { createCore } from '../core/core.ts'
import { openStore } from '../core/store/open.ts'
import type { Store } from '../core/store/store.ts'
import { createSender } from '../src/callbacks/sender.ts'
import { createLog } from '../src/logs/log.ts'
import { createRunner } from '../src/process/runner.ts'
import { startPeer } from './processes.ts'

const DELIVERIES = 10_000
const RECEIVERS = 1_000
const ACCOUNTS = 10
const PATIENCE_MS = 60_000

/** Tells the URL of the event the moment at which it happened. */
const telling = {
  name: 'bench',
  outbound: {
    'number.purchased': ({ at, data }: { at: number; data: Record<string, unknown> }) => [
      { dialect: 'bench', url: String(data.url), method: 'POST', headers: {}, body: String(at) },
    ],
  },
} as unknown as Dialect

async function happen(store: Store, urls: readonly string[]): Promise<void> {
  const rows = urls.map((url, i) => ({
    ...{
      kind: 'number.purchased',
      account_id: i % ACCOUNTS,
      at: Date.now(),
      data: JSON.stringify({ url }),
      is_done: 0,
    },
  }))
  await store.write(async db => {
    for (let at = 0; at < rows.length; at += 500) {
      await db
        .insertInto('outbox')
        .values(rows.slice(at, at + 500))
        .execute()
    }
  })
}

/** The delays of so many callbacks, shortest first. */
async function delaysOf(port: number, count: number): Promise<number[]> {
  const found: number[] = []
  for (const giveUpAt = Date.now() + PATIENCE_MS; found.length < count && Date.now() < giveUpAt; await sleep(50)) {
    found.push(...((await (await fetch(`http://127.0.0.1:${port}/delays`)).json()) as number[]))
  }
  return found.sort((a, b) => a - b)
}

const seconds = (delays: readonly number[], share: number) =>
  ((delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? Number.NaN) / 1000).toFixed(2)

async function lineOf(engine: string, url: string): Promise<string> {
  const receivers = await startPeer('receivers')
  const store = await openStore(url)
  await store.migrate()
  const core = createCore({ store, clock: { now: Date.now }, key: 'bench' })
  const sender = createSender({ core, dialects: [telling], targets: callbackTargets(true), everyMs: 500 })
  const runner = createRunner({
    core,
    sender: { tick: sender.round, pauseMs: sender.pauseMs, stop: sender.stop },
    log: createLog('error'),
  })
  const urlOf = (i: number) => `http://${i % 2 ? 'silent' : 'well'}${i % RECEIVERS}.localhost:${receivers.port}/`
  try {
    await happen(
      store,
      Array.from({ length: DELIVERIES }, (_, i) => urlOf(i)),
    )
    runner.start()
    const first = await delaysOf(receivers.port, DELIVERIES / 2)
    await happen(
      store,
      Array.from({ length: RECEIVERS / 2 }, (_, i) => urlOf(i * 2)),
    )
    const later = await delaysOf(receivers.port, RECEIVERS / 2)
    const stoppedAt = performance.now()
    await runner.stop()
    const stopMs = performance.now() - stoppedAt
    return (
      `${engine}: ${DELIVERIES} callbacks at once, half of them to receivers that never answer: the other ${first.length} ` +
      `after p50 ${seconds(first, 0.5)} s, p99 ${seconds(first, 0.99)} s, at most ${seconds(first, 1)} s; ` +
      `${later.length} more while the silent ones still have theirs waiting after p50 ${seconds(later, 0.5)} s, at most ` +
      `${seconds(later, 1)} s; then stopped within ${stopMs.toFixed(0)} ms.`
    )
  } finally {
    await runner.stop()
    await store.close()
    await receivers.stop()
  }
}

/** A line for each engine; `postgres` undefined: SQLite alone. */
export async function callbacks(folder: string, postgres: string | undefined): Promise<string> {
  const file = `${folder}/callbacks.db`
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  const lines = [await lineOf('SQLite', `sqlite:${file}`)]
  if (postgres !== undefined) lines.push(await lineOf('PostgreSQL', postgres))
  return lines.join('\n\n')
}
