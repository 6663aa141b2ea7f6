import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core, ImportRow } from '../../core/verbs.ts'
import { engines, freshStore } from '../support/engines.ts'
import { file, line } from '../support/lines.ts'

const NOW = Date.UTC(2026, 5, 1)

const BLOCK = Array.from({ length: 620 }, (_, i) => line(`+1212789${String(i).padStart(4, '0')}`))

for (const engine of engines()) {
  describe(`import on ${engine}`, () => {
    let store: Store
    let core: Core
    let drop: () => Promise<void>
    beforeAll(async () => {
      const fresh = await freshStore(engine)
      store = fresh.store
      drop = fresh.drop
      core = createCore({ store, clock: { now: () => NOW }, key: 'test' })
    })
    beforeEach(() => store.empty())
    afterAll(() => drop())

    const run = (rows: ImportRow[], options: { owned?: boolean; keepGood?: boolean } = {}) =>
      core.imports.run(file(rows), { owned: false, keepGood: false, ...options })

    it('a file is published in batches, and changes nothing when it comes again', async () => {
      expect(await run(BLOCK)).toEqual({ imported: 620, unchanged: 0, errors: [] })
      expect(await run(BLOCK)).toEqual({ imported: 0, unchanged: 620, errors: [] })
      expect(await core.inventory.count({ npaNxx: '212789' })).toBe(620)
      expect(await core.invariants()).toMatchObject({ ok: true })
    })

    it('a file with a bad line is refused whole, with one message per bad line', async () => {
      const bad = [line('+12127890001'), line('12127890002'), line('+12127890003', { setup_price: 'two' })]
      const report = await run([...bad, line('+12127890001')])
      expect(report.imported).toBe(0)
      expect(report.errors).toEqual([
        { line: 3, message: 'e164: "12127890002" is not an E.164 number with +' },
        { line: 4, message: 'setup_price: "two" is not an amount of money' },
        { line: 5, message: 'e164: +12127890001 stands on line 2 already' },
      ])
      expect(await core.numbers.find('+12127890001')).toBeUndefined()
    })

    it('the good lines of a file are kept when that is asked for', async () => {
      const report = await run([line('+12127890001'), line('nonsense')], { keepGood: true })
      expect(report).toMatchObject({ imported: 1, errors: [{ line: 3 }] })
      expect((await core.numbers.find('+12127890001'))?.npaNxx).toBe('212789')
    })

    it('owned numbers are brought in with their dates and without a charge', async () => {
      await core.accounts.create(null, { id: 12, name: 'Acme' })
      const dates = { account_id: '12', activated_at: '2025-03-31', paid_until: '2026-06-30' }
      const rows = [line('+12127890001', dates), line('+12127890002', { ...dates, account_id: '99' })]
      expect((await run(rows, { owned: true })).errors).toEqual([
        { line: 3, message: 'account_id: there is no account 99' },
      ])
      expect(await run(rows.slice(0, 1), { owned: true })).toMatchObject({ imported: 1 })
      const { items } = await core.numbers.owned({ accountIds: [12] }, { limit: 10, offset: 0 })
      expect(items[0]?.subscription).toMatchObject({ periods: 15, nextDueAt: Date.UTC(2026, 5, 30) })
      expect((await core.ledger.balance(12, 'USD'))?.balance).toBe(0)
      expect(await core.invariants()).toMatchObject({ ok: true })
    })

    it('an import goes on after a restart where the last batch ended', async () => {
      let batches = 0
      const stop = core.imports.run(file(BLOCK), {
        owned: false,
        keepGood: false,
        onProgress: (_, phase) => {
          if (phase === 'published' && ++batches === 1) throw new Error('the process ends here')
        },
      })
      await expect(stop).rejects.toThrow('ends here')
      const { unitRows } = store.engine
      expect(await core.inventory.count({})).toBe(unitRows)
      expect(await core.imports.resume()).toBe(620 - unitRows)
      expect(await core.inventory.count({})).toBe(620)
      expect(await core.invariants()).toMatchObject({ ok: true })
    })

    it('buyers are let through while an import publishes', async () => {
      const account = await core.accounts.create(null, { id: 12, name: 'Acme' })
      await core.ledger.topUp(null, 12, 'USD', 100_000_000)
      const caller = core.accounts.callerFor(account)
      let sold = 0
      const importing = core.imports.run(file(BLOCK), {
        owned: false,
        keepGood: false,
        onProgress: (_, phase) => {
          if (phase !== 'published') return
          void core.numbers
            .claim(caller, [{ filter: {}, quantity: 1 }], { partial: true, documents: 'refuse' })
            .then(({ owned }) => {
              sold += owned.length
            })
        },
      })
      await importing
      await core.ledger.balances(12)
      await new Promise(resolve => setTimeout(resolve, 100))
      expect(sold).toBeGreaterThan(1)
      expect(await core.invariants()).toMatchObject({ ok: true })
    })
  })
}
