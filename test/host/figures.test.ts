/** Figures of the business: true, cheap to ask for, and there when the database is not. */
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../core/verbs.ts'
import { createRounds } from '../../src/process/figure-rounds.ts'
import { createFigures, type FigureSources } from '../../src/process/figures.ts'
import { createMetrics } from '../../src/process/metrics.ts'
import { engines } from '../support/engines.ts'
import { familiesOf, sampleOf } from '../support/figures.ts'
import { ACME, bring, buy, callerOf, DAY, market, numbers, ON_CREDIT, OTHER, release } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'
const sourcesOf = (core: () => Core, more: Partial<FigureSources> = {}): FigureSources => ({
  ...{ core, mode: 'double', engine: 'sqlite', whyNotReady: async () => undefined, certificates: () => [] },
  ...more,
})

describe.each(engines())('figures on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  it('tell what there is, by state and by what waits', async () => {
    w = await worlds.open(market(numbers(20)))
    const order = await callerOf(w, ACME)
    await w.core.orders.place(order, {
      ...{ dialect: 'cm', filter: { country: 'NL' }, quantity: 1, rangeSize: 0, data: {} },
    })
    await buy(w, ACME, '+12127890100', '+12127890101', '+12127890102')
    await buy(w, ON_CREDIT, '+12127890103')
    await w.core.numbers.block(null, '+12127890104', 'fraud')
    await w.core.numbers.retire(null, '+12127890105', 'gone')
    await w.core.policies.setQuarantineDays(45, '*')
    await release(w, ACME, '+12127890101')
    w.setClockOnly(w.core.clock.now() + 60_000)
    const text = await createFigures(sourcesOf(() => w.core, { engine })).text()
    const value = (sample: string) => sampleOf(text, sample)
    const states = { available: 14, active: 3, quarantined: 1, blocked: 1, retired: 1 }
    for (const [state, count] of Object.entries(states)) expect(value(`didgate_numbers{state="${state}"}`)).toBe(count)
    expect(value('didgate_numbers{state="suspended"}')).toBeUndefined()
    expect(value('didgate_numbers_on_sale{country="US",type="local",currency="USD"}')).toBe(14)
    expect(value('didgate_numbers_owned')).toBe(3)
    expect(value('didgate_accounts_owing{currency="USD"}')).toBe(1)
    expect(value('didgate_owed_amount{currency="USD"}')).toBe(3)
    expect(value('didgate_orders_waiting')).toBe(1)
    expect(value('didgate_orders_oldest_age_seconds')).toBe(60)
    expect(value('didgate_callbacks_waiting')).toBe(0)
    expect(value('didgate_imports{status="done"}')).toBeGreaterThan(0)
    expect(value('didgate_jobs_late_seconds')).toBe(0)
    expect(value('didgate_ready')).toBe(1)
    expect(text).toMatch(
      new RegExp(`^didgate_build_info\\{version="\\d[^}]*",mode="double",engine="${engine}"\\} 1$`, 'm'),
    )
  })

  it('tell how far the jobs are behind', async () => {
    w = await worlds.open(market(numbers(2)))
    await buy(w, ACME, N)
    w.setClockOnly(w.core.clock.now() + 31 * DAY)
    const { lateMs } = await w.core.oversight.figures()
    expect(lateMs).toBe(DAY)
    await w.core.jobs.runDue()
    expect(await w.core.oversight.figures()).toMatchObject({ lateMs: 0 })
  })

  it('count what was done, once it is committed and never before', async () => {
    w = await worlds.open(market([]))
    const metrics = createMetrics()
    w.core.oversight.onCommitted(metrics.committed)
    await bring(w, numbers(5))
    await buy(w, ACME, N, '+12127890101')
    await expect(buy(w, OTHER, '+12127890102', N)).rejects.toThrow()
    await release(w, ACME, N)
    await w.setClock(w.core.clock.now() + 31 * DAY)
    const text = await metrics.text()
    const events = (kind: string) => sampleOf(text, `didgate_number_events_total{kind="${kind}"}`)
    expect([events('imported'), events('purchased'), events('released')]).toEqual([5, 2, 1])
    const posted = (kind: string) => sampleOf(text, `didgate_transactions_total{kind="${kind}"}`)
    expect([posted('purchase'), posted('renewal')]).toEqual([2, 1])
  })

  it('go round an inventory of any size a little at a time, and begin anew with another database', async () => {
    w = await worlds.open(market(numbers(50)))
    await buy(w, ACME, N)
    const rounds = createRounds(0, 20)
    let calls = 1
    let found = await rounds.goOn(w.core)
    for (; !found; calls++) found = await rounds.goOn(w.core)
    expect(calls).toBeGreaterThan(2)
    expect(Object.fromEntries(found)).toEqual({ active: 1, available: 49 })
    expect(await rounds.goOn({ ...w.core })).toBeUndefined()
  })
})

describe('figures', () => {
  const never = { oversight: { figures: () => new Promise(() => {}) }, inventory: { kinds: async () => [] } }

  it('come in a second from a database that does not answer, without a value that is not known', async () => {
    const figures = createFigures(sourcesOf(() => never as unknown as Core, { whyNotReady: async () => 'silent' }))
    const begunAt = performance.now()
    const text = await figures.text()
    expect(performance.now() - begunAt).toBeLessThan(5_000)
    expect(sampleOf(text, 'didgate_ready')).toBe(0)
    for (const name of ['didgate_orders_waiting', 'didgate_figures_age_seconds', 'didgate_numbers_owned']) {
      expect([name, sampleOf(text, name)]).toEqual([name, undefined])
    }
  })

  it('and all other metrics have names by the convention', async () => {
    const core = { ...never, oversight: { figures: () => Promise.reject(new Error('away')) } } as unknown as Core
    const text = (await createMetrics().text()) + (await createFigures(sourcesOf(() => core)).text())
    const families = [...familiesOf(text)]
    expect(families.length).toBeGreaterThan(20)
    for (const [name, type] of families) {
      expect(name).toMatch(/^didgate_[a-z]+(_[a-z]+)*$/)
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|hours|percent|micros|dialect|state|kind|status)(_|$)/)
    }
    const linted = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
    if (linted.error) process.stderr.write('not linted by promtool: it is not installed (package prometheus)\n')
    else expect(linted.stderr + linted.stdout).toBe('')
  })
})
