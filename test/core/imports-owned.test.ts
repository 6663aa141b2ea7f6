import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { DAY_MS } from '../../core/ground/clock.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core, ImportOptions, ImportRow } from '../../core/verbs.ts'
import { engines, freshStore } from '../support/engines.ts'
import { file, line } from '../support/lines.ts'

const NOW = Date.UTC(2026, 11, 1)

const owned = (e164: string, more: Record<string, string> = {}) =>
  line(e164, { account_id: '12', activated_at: '2023-05-17', paid_until: '2026-12-05', ...more })

const [N1, N2, N3] = ['+12127890001', '+12127890002', '+12127890003'] as const
const PAGE = { limit: 1000, offset: 0 }

describe.each(engines())('numbers that customers bring along, on %s', engine => {
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
      await core.policies.setQuarantineDays(0, '*', id)
    }
  })
  afterAll(() => drop())

  const run = (rows: ImportRow[], options: Partial<ImportOptions> = {}) =>
    core.imports.run(file(rows), { owned: true, keepGood: false, ...options })
  const held = async (accountId = 12) => (await core.numbers.owned({ accountIds: [accountId] }, PAGE)).items
  const callerOf = async (id: number) => {
    const account = await core.accounts.get(id)
    if (!account) throw new Error('no account')
    return core.accounts.callerFor(account)
  }
  const sound = async () => expect((await core.invariants()).violations).toEqual([])

  it('A7, D1: what is on the shelf is handed over, whatever happened to it before', async () => {
    await run([line(N1), line(N2), line(N3)], { owned: false })
    await core.numbers.reprice(null, N2, { monthly: 3_000_000 })
    await core.ledger.topUp(null, 13, 'USD', 100_000_000)
    const globex = await callerOf(13)
    const { owned: bought } = await core.numbers.purchase(globex, [N3], { documents: 'allow' })
    now += DAY_MS
    await core.numbers.release(globex, [bought[0]?.lease.id as number], { kind: 'now' })
    expect(await run([owned(N1), owned(N2), owned(N3)])).toEqual({ imported: 3, unchanged: 0, errors: [] })
    expect((await held()).map(({ number }) => number.e164)).toEqual([N1, N2, N3])
    expect(await core.inventory.count({})).toBe(0)
    expect(await run([owned(N1), owned(N2), owned(N3)])).toMatchObject({ imported: 0, unchanged: 3, errors: [] })
    await sound()
  })

  it('A7: what cannot be handed over is an error line that says why', async () => {
    await core.policies.setQuarantineDays(45, 'US', 13)
    const numbers = ['01', '02', '03', '04'].map(end => `+121278901${end}`)
    await run(
      numbers.map(e164 => line(e164)),
      { owned: false },
    )
    await core.ledger.topUp(null, 13, 'USD', 100_000_000)
    const globex = await callerOf(13)
    const terms = { documents: 'allow' } as const
    const { owned: bought } = await core.numbers.purchase(globex, numbers.slice(0, 2), terms)
    await core.numbers.release(globex, [bought[1]?.lease.id as number], { kind: 'now' })
    await core.numbers.block(null, numbers[2] as string, 'fraud')
    await core.numbers.retire(null, numbers[3] as string, 'gone')
    const report = await run([...numbers.map(e164 => owned(e164)), owned(N1)], { keepGood: true })
    expect(report).toMatchObject({ imported: 1, unchanged: 0 })
    expect(report.errors.map(({ line: at, message }) => `${at} ${message}`)).toEqual([
      `2 e164: ${numbers[0]} belongs to account 13`,
      `3 e164: ${numbers[1]} rests until ${new Date(NOW + 45 * DAY_MS).toISOString()}`,
      `4 e164: ${numbers[2]} is blocked`,
      `5 e164: ${numbers[3]} is retired`,
    ])
    expect(await run([owned(numbers[0] as string)])).toMatchObject({ imported: 0, errors: [{ line: 2 }] })
    await sound()
  })

  it('a number of a sub-account is brought along with the user that its parent’s numbers go to, and no other’s', async () => {
    const users = [
      [12, 'ann'],
      [13, 'gil'],
    ] as const
    for (const [accountId, username] of users) {
      const { id } = await core.directory.createOrganization(null, { accountId, domain: `${username}.example` })
      const user = { username, authUsername: `example_${username}`, role: 'account_admin' } as const
      await core.directory.createUser(null, { ...user, organizationId: id })
    }
    await core.accounts.create(null, { id: 120, name: 'Sub', parentId: 12 })
    const [ann, gil] = await Promise.all(users.map(([, name]) => core.directory.userByAuthUsername(`example_${name}`)))
    const of = (user: number | undefined) => [owned(N1, { account_id: '120', user_id: String(user) })]
    const refused = { line: 2, message: `user_id: there is no user ${gil?.id} in account 120` }
    expect(await run(of(gil?.id))).toEqual({ imported: 0, unchanged: 0, errors: [refused] })
    expect(await run(of(ann?.id))).toEqual({ imported: 1, unchanged: 0, errors: [] })
    expect((await held(120)).map(({ lease }) => lease.userId)).toEqual([ann?.id])
    await sound()
  })

  it('A6: a number three times in a file is handed over once, and told twice', async () => {
    const rows = [owned(N1), owned(N1, { account_id: '13' }), owned(N2), owned(N1)]
    expect(await run(rows)).toMatchObject({ imported: 0, errors: [{ line: 3 }, { line: 5 }] })
    expect(await run(rows, { keepGood: true })).toMatchObject({ imported: 2, errors: [{ line: 3 }, { line: 5 }] })
    expect(await held()).toHaveLength(2)
    expect(await held(13)).toEqual([])
    await sound()
  })

  it('A8: dates beyond any sense are refused with the limit, and none of the others is walked month by month', async () => {
    const bad = (more: Record<string, string>) => run([owned(N1, more)]).then(({ errors }) => errors[0]?.message)
    expect(await bad({ paid_until: '9999-12-31' })).toBe('paid_until: "9999-12-31" is after 2126-12-02')
    expect(await bad({ activated_at: '0001-01-01' })).toBe('activated_at: "0001-01-01" is before 1900-01-01')
    expect(await bad({ activated_at: '2027-01-01' })).toBe('activated_at: "2027-01-01" is after 2026-12-02')
    expect(await bad({ paid_until: '2023-05-16' })).toBe('paid_until: is before activated_at')
    const long = Array.from({ length: 250 }, (_, n) => owned(`+1212788${1000 + n}`, { paid_until: '2120-01-17' }))
    expect(await run(long)).toMatchObject({ imported: 250 })
    await sound()
  })

  it('A17: dates are days of UTC that the calendar has, times name their zone', async () => {
    const bad = (activated_at: string) => run([owned(N1, { activated_at })]).then(({ errors }) => errors[0]?.message)
    for (const text of ['2023-02-30', '2023-05-17T00:00:00', '2023-05-17 24:00Z', '17.05.2023']) {
      expect(await bad(text), text).toMatch(/^activated_at: .* is neither a date .* nor a time with its zone/)
    }
    await run([owned(N1, { activated_at: '2023-05-17T02:00:00+02:00' }), owned(N2)])
    expect((await held()).map(({ lease }) => lease.startedAt)).toEqual([Date.UTC(2023, 4, 17), Date.UTC(2023, 4, 17)])
  })

  it('D2: a dry run tells what will be charged and when, and keeps nothing', async () => {
    await core.ledger.topUp(null, 12, 'USD', 5_000_000)
    const rows = [owned(N1, { paid_until: '2026-09-05' }), owned(N2), owned(N3, { account_id: '13' })]
    const forecast = [
      { accountId: 12, numbers: 2, monthsDue: 3, dueNow: 6_000_000, monthly: 4_000_000, funds: 5_000_000 },
      { accountId: 13, numbers: 1, monthsDue: 0, dueNow: 0, monthly: 2_000_000, funds: 0 },
    ].map(each => ({ ...each, currency: 'USD', nextDueAt: Date.UTC(2026, 11, 5) }))
    expect(await run(rows, { dryRun: true })).toEqual({ imported: 3, unchanged: 0, errors: [], forecast })
    expect(await core.numbers.find(N1)).toBeUndefined()
    const staged = await store.read(db => db.selectFrom('import_rows').selectAll().execute())
    expect(staged).toEqual([])
  })

  it('D2: billed from a date, no month is charged that is due before it', async () => {
    await core.ledger.topUp(null, 12, 'USD', 100_000_000)
    const rows = [owned(N1, { paid_until: '2024-04-01' }), owned(N2, { paid_until: '2024-04-17' }), owned(N3)]
    const billing = { from: NOW }
    const { forecast } = await run(rows, { billing, dryRun: true })
    expect(forecast).toMatchObject([{ monthsDue: 1, dueNow: 2_000_000, nextDueAt: Date.UTC(2026, 11, 5) }])
    await run(rows, { billing })
    const days = (await held()).map(({ subscription }) => subscription.paidUntil)
    expect(days).toEqual([NOW, Date.UTC(2026, 11, 17), Date.UTC(2026, 11, 5)])
    await core.jobs.runDue()
    expect((await core.ledger.balance(12, 'USD'))?.balance).toBe(98_000_000)
    await sound()
  })

  it('D2: billed elsewhere, a number stays with its owner without money, and no charge is posted', async () => {
    await run([owned(N1, { paid_until: '2024-04-01' })], { billing: 'elsewhere' })
    for (let month = 0; month < 6; month++) {
      now += 31 * DAY_MS
      await core.jobs.runDue()
    }
    expect(await held()).toMatchObject([{ number: { e164: N1, state: 'active' }, subscription: { amount: 0 } }])
    expect((await held())[0]?.subscription.paidUntil).toBeGreaterThan(now)
    expect((await core.ledger.transactions({ accountId: 12 }, PAGE)).items).toEqual([])
    await sound()
  })

  it('D2: nothing is released for a debt that is older than the import', async () => {
    const pass = async (days: number) => {
      for (let day = 0; day < days; day += 5) {
        now += 5 * DAY_MS
        await core.jobs.runDue()
      }
    }
    await run([owned(N1, { paid_until: '2026-10-01' })])
    await pass(50)
    expect(await held()).toMatchObject([{ number: { state: 'suspended' } }])
    // October to January are paid at once; the next month that is not is treated as any other
    await core.ledger.topUp(null, 12, 'USD', 4 * 2_000_000)
    await pass(5)
    expect(await held()).toMatchObject([{ number: { state: 'active' } }])
    await pass(60)
    expect(await held()).toEqual([])
    // what falls due in the very moment is no older than the import
    await run([owned(N2, { account_id: '13', paid_until: new Date(now).toISOString().slice(0, 10) })])
    await pass(35)
    expect(await held(13)).toEqual([])
    await sound()
  })
})
