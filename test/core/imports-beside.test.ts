/** Imports beside each other, and what is left of one whose process is gone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { openStore } from '../../core/store/open.ts'
import { countOnPostgres } from '../../core/store/shelf-counters.ts'
import type { Store } from '../../core/store/store.ts'
import { run } from '../../core/store/texts.ts'
import type { Core, ImportRow } from '../../core/verbs.ts'
import { engines, freshStore, postgresIsHere } from '../support/engines.ts'
import { file, line } from '../support/lines.ts'
import { programFile } from '../support/program.ts'

const NOW = Date.UTC(2026, 5, 1)
const KEY = 'test-key-test-key-test-key-test-key'
const OWNER = { account_id: '12', user_id: '', activated_at: '2026-01-01', paid_until: '2026-07-01' }

/** Each the first of its block: a city, a product and their counters come with it. */
const BLOCKS = Array.from({ length: 4000 }, (_, n) => {
  const npa = ['212', '213', '214', '215', '216', '217', '218'][n % 7]
  return line(`+1${npa}${200 + Math.floor(n / 7)}0000`, { city: `City ${n}` })
}).filter(({ e164 }) => !e164.slice(5, 8).endsWith('11'))

const owned = (rows: readonly ImportRow[]) => rows.map(row => ({ ...row, ...OWNER }))

const coreOf = (store: Store) => createCore({ store, clock: { now: () => NOW }, key: KEY })

/** What all events and rows come to, whoever wrote them. */
async function whatIsThere(store: Store, core: Core) {
  const events = await store.read(db =>
    db
      .selectFrom('number_events')
      .select(e => ['kind', 'version', e.fn.countAll<number>().as('count')])
      .groupBy(['kind', 'version'])
      .orderBy('version')
      .execute(),
  )
  const { total } = (await core.imports.list({ limit: 1, offset: 0 })) as { total: number }
  const left = await store.read(db => db.selectFrom('import_rows').select('line').limit(1).execute())
  expect(await core.invariants()).toMatchObject({ ok: true })
  return { events, total, left }
}

describe.each(engines())('imports beside each other on %s', engine => {
  let store: Store
  let core: Core
  let drop: () => Promise<void>
  beforeAll(async () => {
    const fresh = await freshStore(engine)
    store = fresh.store
    drop = fresh.drop
    core = coreOf(store)
  })
  beforeEach(() => store.empty())
  afterAll(() => drop())

  it('files of the same numbers in opposite order are both published, and each number comes once', async () => {
    const rows = BLOCKS.slice(0, 1700)
    const options = { owned: false, keepGood: false }
    const reports = await Promise.all(
      [rows, rows.toReversed()].map(each => core.imports.run(file(each), { ...options })),
    )
    const sum = (key: 'imported' | 'unchanged') => reports.reduce((total, report) => total + report[key], 0)
    expect([sum('imported'), sum('unchanged')]).toEqual([rows.length, rows.length])
    const { events, left } = await whatIsThere(store, core)
    expect(events).toEqual([{ kind: 'imported', version: 1, count: rows.length }])
    expect(left).toEqual([])
  })

  it('numbers and leases are numbered in the order of the file, whichever unit writes first', async () => {
    await core.accounts.create(null, { id: 12, name: 'Acme' })
    const [stock, taken] = [BLOCKS.slice(0, 1700), BLOCKS.slice(1700)]
    await core.imports.run(file(stock), { owned: false, keepGood: false })
    await core.imports.run(file(owned(taken)), { owned: true, keepGood: false })
    const rows = await store.read(db => db.selectFrom('numbers').select(['e164', 'lease_id']).orderBy('id').execute())
    expect(rows.map(({ e164 }) => e164)).toEqual(BLOCKS.map(({ e164 }) => e164))
    const leases = rows.flatMap(({ lease_id }) => lease_id ?? [])
    expect(leases.length).toBe(taken.length)
    expect(leases).toEqual(leases.toSorted((a, b) => a - b))
  })

  it('two processes that go on with the same file publish each line once', async () => {
    const rows = BLOCKS.slice(0, 2300)
    await core.accounts.create(null, { id: 12, name: 'Acme' })
    const stop = core.imports.run(file(owned(rows)), {
      ...{ owned: true, keepGood: false },
      onProgress: (_, phase) => {
        if (phase === 'published') throw new Error('the process ends here')
      },
    })
    await expect(stop).rejects.toThrow('ends here')
    await Promise.all([core.imports.resume(), coreOf(store).imports.resume()])
    const { items } = await core.imports.list({ limit: 1, offset: 0 })
    expect(items[0]).toMatchObject({ status: 'done', imported: rows.length })
    const { events, left } = await whatIsThere(store, core)
    expect(events).toEqual([
      { kind: 'imported', version: 1, count: rows.length },
      { kind: 'imported_as_owned', version: 2, count: rows.length },
    ])
    expect(left).toEqual([])
    expect(await core.inventory.count({})).toBe(0)
  })
})

const COLUMNS = Object.keys(line('')).join()

/** Until part of the file is published and the rest is not. */
async function killAmid(store: Store, path: string, url: string, flags: readonly string[]): Promise<void> {
  const env = { ...process.env, DATABASE_URL: url, DIDGATE_KEY: KEY }
  const args = [await programFile('src/cli.ts'), 'import', ...flags, path]
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' })
  const ended = once(child, 'exit')
  const published = () => store.read(db => db.selectFrom('imports').select('published_line').executeTakeFirst())
  while (child.exitCode === null && !(await published())?.published_line) await new Promise(done => setTimeout(done, 2))
  child.kill('SIGKILL')
  await ended
}

const places = ['sqlite', ...(postgresIsHere ? ['postgres'] : [])] as const

describe.each(places)('an import that is killed on %s', engine => {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    ['stock', [] as string[], BLOCKS],
    ["customers' numbers", ['--owned'], owned(BLOCKS)],
  ])('goes on where it was: %s', async (_, flags, rows) => {
    const path = join(folder, 'file.csv')
    writeFileSync(
      path,
      [Object.keys(rows[0] ?? COLUMNS).join(), ...rows.map(row => Object.values(row).join())].join('\n'),
    )
    const fresh = engine === 'postgres' ? await freshStore('postgres') : undefined
    const url = fresh?.url ?? `sqlite:${folder}/${flags.length}.db`
    const store = fresh?.store ?? (await openStore(url))
    try {
      await store.migrate()
      const core = coreOf(store)
      await core.accounts.create(null, { id: 12, name: 'Acme' })
      await killAmid(store, path, url, flags)
      const before = (await core.imports.list({ limit: 1, offset: 0 })).items[0]
      expect(before?.status).toBe('publishing')
      expect(before?.imported).toBeLessThan(rows.length)
      await core.imports.resume()
      const after = (await core.imports.list({ limit: 1, offset: 0 })).items[0]
      expect(after).toMatchObject({ status: 'done', imported: rows.length })
      expect((await whatIsThere(store, core)).left).toEqual([])
    } finally {
      await (fresh ? fresh.drop() : store.close())
    }
  })
})

/** Two products, so that their counters are locked one after the other. */
const TWO = [line('+12122000000'), line('+12132000000')]

describe.skipIf(!postgresIsHere)('counters beside a unit that writes numbers', () => {
  it('are changed while numbers of their products are being written', async () => {
    const { store, drop } = await freshStore('postgres')
    try {
      await coreOf(store).imports.run(file(TWO), { owned: false, keepGood: false })
      const stock = await store.read(db => db.selectFrom('stock').select('id').orderBy('id').execute())
      const [text, parameters] = countOnPostgres(
        stock.map(({ id }) => [id, 1]),
        NOW,
      )
      const written = sql`INSERT INTO numbers SELECT (jsonb_populate_record(numbers, jsonb_build_object(
        'id', 1000 + id, 'e164', e164 || '1', 'reversed', '1' || reversed))).* FROM numbers`
      await store.write(async writing => {
        await written.execute(writing)
        await store.write(async counting => {
          await sql`SET LOCAL lock_timeout = '5s'`.execute(counting) // or it would wait for who waits for it
          await run(counting, store.engine, text, parameters)
        })
      })
      const counted = await store.read(db => db.selectFrom('stock').select('available').execute())
      expect(counted.map(({ available }) => available)).toEqual([2, 2])
    } finally {
      await drop()
    }
  })
})
