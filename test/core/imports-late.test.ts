/** What becomes of a line whose number or owner changes between the reading of a file and its publication. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { DAY_MS } from '../../core/ground/clock.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core, ImportOptions, ImportRow } from '../../core/verbs.ts'
import { engines, freshStore } from '../support/engines.ts'
import { file, line } from '../support/lines.ts'

const NOW = Date.UTC(2026, 11, 1)
const [N1, N2, N3, N4] = ['+12127890001', '+12127890002', '+12127890003', '+12127890004'] as const
const PAGE = { limit: 1000, offset: 0 }
const iso = (at: number) => new Date(at).toISOString()

const owned = (e164: string, more: Record<string, string> = {}) =>
  line(e164, { account_id: '12', activated_at: '2023-05-17', paid_until: '2026-12-05', ...more })

describe.each(engines())('numbers that are brought along and change, on %s', engine => {
  let store: Store
  let core: Core
  let drop: () => Promise<void>
  let now = NOW
  beforeAll(async () => {
    const fresh = await freshStore(engine)
    store = fresh.store
    drop = fresh.drop
    core = createCore({ store, clock: { now: () => now }, key: 'test' })
  })
  beforeEach(async () => {
    await store.empty()
    now = NOW
    for (const id of [12, 13]) {
      await core.accounts.create(null, { id, name: `Account ${id}`, currency: 'USD' })
      await core.ledger.topUp(null, id, 'USD', 100_000_000)
    }
    await core.policies.setQuarantineDays(0, '*')
  })
  afterAll(() => drop())

  const run = (rows: AsyncIterable<{ line: number; row: ImportRow }>, options: Partial<ImportOptions> = {}) =>
    core.imports.run(rows, { owned: true, keepGood: true, ...options })
  const stock = (...e164s: string[]) => run(file(e164s.map(e164 => line(e164))), { owned: false })
  const callerOf = async (id: number) => {
    const account = await core.accounts.get(id)
    if (!account) throw new Error('no account')
    return core.accounts.callerFor(account)
  }
  const buy = async (id: number, ...e164s: string[]) =>
    (await core.numbers.purchase(await callerOf(id), e164s, { documents: 'allow' })).owned
  const held = async (id: number) =>
    (await core.numbers.owned({ accountIds: [id] }, PAGE)).items.map(({ number }) => number.e164)
  const sound = async () => expect((await core.invariants()).violations).toEqual([])
  const told = (errors: readonly { line: number; message: string }[]) =>
    errors.map(({ line: at, message }) => `${at} ${message}`)

  /** The first line is judged; then something happens; then the file ends. */
  async function* around(first: readonly ImportRow[], meanwhile: () => Promise<unknown>) {
    const filler = Array.from({ length: store.engine.unitRows }, (_, n) => owned(`+1213789${1000 + n}`))
    yield* file([...first, ...filler])
    for (let isJudged = false; !isJudged; ) {
      const staged = await store.read(db => db.selectFrom('import_rows').select('line').execute())
      isJudged = staged.some(row => row.line === 2)
      await new Promise(done => setTimeout(done, 2))
    }
    await meanwhile()
    yield { line: 9_999, row: owned(N4) }
  }

  it('what another bought, or an operator stopped, meanwhile is told, and the rest comes in', async () => {
    await stock(N1, N2, N3)
    const report = await run(
      around([owned(N1), owned(N2), owned(N3)], async () => {
        await buy(13, N1)
        await core.numbers.block(null, N2, 'fraud')
      }),
    )
    expect(told(report.errors)).toEqual([`2 e164: ${N1} belongs to account 13`, `3 e164: ${N2} is blocked`])
    expect(report).toMatchObject({ imported: store.engine.unitRows + 2, unchanged: 0 })
    expect(await held(13)).toEqual([N1])
    expect((await held(12)).filter(e164 => [N1, N2, N3, N4].includes(e164 as typeof N1))).toEqual([N3, N4])
    await sound()
  })

  it('what its owner bought meanwhile is theirs already, and is billed as they bought it', async () => {
    await stock(N1)
    const report = await run(around([owned(N1)], () => buy(12, N1)))
    expect(report).toMatchObject({ imported: store.engine.unitRows + 1, unchanged: 1, errors: [] })
    const lease = (await core.numbers.leaseOf(N1))?.lease
    expect(lease?.startedAt).toBe(NOW)
    await sound()
  })

  it('numbers of an account that was closed go to nobody, and not to the shelf', async () => {
    await core.accounts.create(null, { id: 120, name: 'Sub', parentId: 12 })
    await core.accounts.remove(null, 120)
    const report = await run(file([owned(N1, { account_id: '120' }), owned(N2)]))
    const refused = '2 account_id: account 120 is closed'
    expect(told(report.errors)).toEqual([refused])
    expect(told((await run(file([owned(N1, { account_id: '120' })]), { dryRun: true })).errors)).toEqual([refused])
    expect([await core.numbers.find(N1), await held(12), await core.inventory.count({})]).toEqual([undefined, [N2], 0])
    await sound()
  })

  it('an account that is closed while its file is read gets none of it', async () => {
    await core.accounts.create(null, { id: 120, name: 'Sub', parentId: 12 })
    const report = await run(around([owned(N1, { account_id: '120' })], () => core.accounts.remove(null, 120)))
    expect(told(report.errors)).toEqual(['2 account_id: account 120 is closed'])
    expect([await core.numbers.find(N1), (await held(12)).includes(N4)]).toEqual([undefined, true])
    await sound()
  })

  it('what is held for another is not handed over before the hold is over, to the instant', async () => {
    await stock(N1)
    const until = now + DAY_MS
    await core.holds.take(await callerOf(13), { e164s: [N1] }, { until, documents: 'allow' })
    now = until - 1
    expect(told((await run(file([owned(N1)]))).errors)).toEqual([`2 e164: ${N1} is held until ${iso(until)}`])
    now = until
    expect(await run(file([owned(N1)]))).toMatchObject({ imported: 1, errors: [] })
    expect(await held(12)).toEqual([N1])
    await sound()
  })

  it('what its owner gives back at a moment to come is free from that moment on, whether or not a job has run', async () => {
    await stock(N1)
    const [bought] = await buy(13, N1)
    const [leaving] = await core.numbers.release(await callerOf(13), [bought?.lease.id as number], {
      kind: 'periodEnd',
    })
    const ends = leaving?.releasesAt as number
    expect(ends).toBeGreaterThan(now)
    now = ends - 1
    expect(told((await run(file([owned(N1)]))).errors)).toEqual([`2 e164: ${N1} belongs to account 13`])
    now = ends
    expect(await run(file([owned(N1, { activated_at: '2026-11-01' })]))).toMatchObject({ imported: 1, errors: [] })
    expect([await held(12), await held(13)]).toEqual([[N1], []])
    // an ownership begins where the one before it ended, whatever the file tells
    expect((await core.numbers.leaseOf(N1))?.lease.startedAt).toBe(ends)
    await sound()
  })

  it('a dry run tells what publishing would: users of others, numbers of others, accounts that are none', async () => {
    await stock(N1, N2)
    await buy(13, N1)
    const { id: organizationId } = await core.directory.createOrganization(null, {
      accountId: 13,
      domain: 'gil.example',
    })
    const user = { username: 'gil', authUsername: 'gil', role: 'account_admin' } as const
    const gil = await core.directory.createUser(null, { ...user, organizationId })
    const rows = [
      owned(N1),
      owned(N2, { user_id: String(gil.id) }),
      owned(N2, { account_id: '99' }),
      owned(N2, { account_id: '13', user_id: String(gil.id) }),
    ]
    const report = await run(file(rows), { dryRun: true })
    expect(told(report.errors).slice(0, 2)).toEqual([
      `2 e164: ${N1} belongs to account 13`,
      `3 user_id: there is no user ${gil.id} in account 12`,
    ])
    expect(told((await run(file([rows[2] as ImportRow]), { dryRun: true })).errors)).toEqual([
      '2 account_id: there is no account 99',
    ])
    expect(await run(file([rows[3] as ImportRow]), { dryRun: true })).toMatchObject({ imported: 1, errors: [] })
    expect(await held(12)).toEqual([])
  })

  it('a file of stock leaves a number that somebody holds as it is', async () => {
    await stock(N1)
    await buy(13, N1)
    expect(await stock(N1)).toMatchObject({ imported: 0, unchanged: 1, errors: [] })
    expect(await held(13)).toEqual([N1])
    await sound()
  })
})
