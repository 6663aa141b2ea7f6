import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core, ImportOptions, ImportRow } from '../../core/verbs.ts'
import { engines, freshStore } from '../support/engines.ts'
import { file, line } from '../support/lines.ts'

const GOOD = '+12127890001'

describe.each(engines())('lines of a file, on %s', engine => {
  let store: Store
  let core: Core
  let drop: () => Promise<void>
  beforeAll(async () => {
    const fresh = await freshStore(engine)
    store = fresh.store
    drop = fresh.drop
    core = createCore({ store, clock: { now: () => Date.UTC(2026, 5, 1) }, key: 'test' })
  })
  beforeEach(() => store.empty())
  afterAll(() => drop())

  const run = (rows: Iterable<ImportRow>, options: Partial<ImportOptions> = {}) =>
    core.imports.run(file(rows), { owned: false, keepGood: false, ...options })
  const told = async (row: ImportRow) => (await run([row])).errors.map(({ message }) => message).join()
  const sound = async () => expect((await core.invariants()).violations).toEqual([])

  it('A6: each further stand of a number is an error line, in one batch and across batches', async () => {
    const many = Array.from({ length: 300 }, (_, n) => line(`+1212789${1000 + n}`))
    const rows = [line(GOOD), line(GOOD), line(GOOD), ...many, line(GOOD), many[0] as ImportRow]
    const lines = [3, 4, 305, 306]
    expect((await run(rows)).errors.map(error => error.line)).toEqual(lines)
    const kept = await run(rows, { keepGood: true })
    expect(kept).toMatchObject({ imported: 301, unchanged: 0 })
    expect(kept.errors.map(error => error.line)).toEqual(lines)
    expect(kept.errors[3]?.message).toBe('e164: +12127891000 stands on line 5 already')
    expect(await run(rows, { keepGood: true })).toMatchObject({ imported: 0, unchanged: 301 })
    await sound()
  })

  it('A6: an import that cannot be finished is marked failed with its reason, and holds up no other', async () => {
    const stop = (rows: ImportRow[]) =>
      run(rows, {
        onProgress: (_, phase) => {
          if (phase === 'staged') throw new Error('the process ends here')
        },
      }).catch(() => {})
    const half = async (e164: string) => {
      const { id } = await store.write(db =>
        db
          .insertInto('imports')
          .values({
            status: 'publishing',
            is_owned: 0,
            published_line: 0,
            imported: 0,
            created_at: 0,
            billed_elsewhere: 0,
            reason: null,
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      )
      const model = await store.read(db => db.selectFrom('numbers').selectAll().executeTakeFirstOrThrow())
      const { country, type, area_code, npa_nxx, region, city, city_id, rate_center, lata, latitude, longitude } = model
      const { postal_code, capabilities, currency, setup_price, monthly_price, per_minute_price, channels } = model
      const geography = {
        country,
        type,
        area_code,
        npa_nxx,
        region,
        city,
        city_id,
        rate_center,
        lata,
        latitude,
        longitude,
      }
      const terms = { postal_code, capabilities, currency, setup_price, monthly_price, per_minute_price, channels }
      const owner = { owner_id: null, user_id: null, activated_at: null, paid_until: null }
      await store.write(db =>
        db
          .insertInto('import_rows')
          .values({
            import_id: id,
            line: 2,
            e164,
            reversed: '',
            stock_id: model.stock_id,
            ...geography,
            ...terms,
            required_documents: '',
            ...owner,
          })
          .execute(),
      )
      return id
    }
    await run([line(GOOD)])
    await stop([line('+12127890009')])
    const broken = await half('+12127890002')
    const sane = await half('+12127890003')
    await store.write(db =>
      sql`UPDATE import_rows SET monthly_price = -1, stock_id = 999999 WHERE import_id = ${broken}`.execute(db),
    )
    await expect(core.imports.resume()).rejects.toThrow('1 imports could not be finished')
    const { items } = await core.imports.list({ limit: 10, offset: 0 })
    expect(items).toMatchObject([{ id: sane, status: 'done', imported: 1 }, { id: broken, status: 'failed' }, {}, {}])
    expect(items[1]?.reason).toMatch(/foreign key/i)
    expect(await core.numbers.find('+12127890003')).toBeDefined()
    expect(await core.imports.resume()).toBe(0)
    await sound()
  })

  it('A6: lines far from each other are published all, and given up all when their file is refused', async () => {
    const { unitRows } = store.engine
    const places = Array.from({ length: 3 * unitRows }, (_, n) => 2 + n + Math.floor(n / 7) * 10 * unitRows)
    async function* sparse(last: ImportRow) {
      for (const [n, at] of places.entries()) yield { line: at, row: line(`+121278${String(90000 + n)}`) }
      yield { line: (places.at(-1) as number) + 1, row: last }
    }
    const left = () => store.read(db => db.selectFrom('import_rows').select('line').execute())
    const options = { owned: false, keepGood: false }
    expect(await core.imports.run(sparse(line('nonsense')), options)).toMatchObject({ imported: 0, errors: [{}] })
    expect(await left()).toEqual([])
    const report = await core.imports.run(sparse(line('+12127888888')), options)
    expect(report).toEqual({ imported: places.length + 1, unchanged: 0, errors: [] })
    expect(await left()).toEqual([])
    await sound()
  })

  it('A10: +1 is a number of the North American plan, without the codes of services', async () => {
    const plan = /^e164: .* is not of the North American plan: \+1, area code \[2-9\]XX/
    for (const e164 of ['+1212555012', '+121255501234', '+11125550123', '+12121550123']) {
      expect(await told(line(e164)), e164).toMatch(plan)
    }
    expect(await told(line('+19115550123'))).toBe('e164: 911 is no area code: N11 codes are those of services')
    expect(await told(line('+12124110123'))).toBe(
      'e164: 411 is no exchange of area code 212: N11 codes are those of services',
    )
    const tollFree = { type: 'toll_free', region: '', city: '' }
    const fine = [line('+12125550123'), line('+18005550123', tollFree), line('+18004110123', tollFree)]
    expect(await run([...fine, line('+18005550124', { ...tollFree, country: 'CA' })])).toMatchObject({ imported: 4 })
  })

  it('A10: calling code and country fit each other, for all members of the plan too', async () => {
    expect(await told(line('+442079460110'))).toBe(
      'country: the calling code of US is 1, +442079460110 is none of its numbers',
    )
    expect(await told(line(GOOD, { country: 'GB' }))).toMatch(/^country: the calling code of GB is 44/)
    expect(await told(line(GOOD, { country: 'JM' }))).toBe('country: 212 is an area code of US, not of JM')
    expect(await told(line('+18835100012345', { country: 'US' }))).not.toBe('')
    const fine = [line('+18765550123', { country: 'JM' }), line('+14165550123', { country: 'CA' })]
    const more = [line('+17875550123'), line('+77012345678', { country: 'KZ' }), line('+3726712345', { country: 'EE' })]
    expect(await run([...fine, ...more])).toMatchObject({ imported: 5, errors: [] })
  })

  it('A10: countries and currencies are those of ISO, in capitals', async () => {
    expect(await told(line(GOOD, { country: 'ZZ' }))).toMatch(/^country: "ZZ" is not an ISO 3166 code/)
    expect(await told(line(GOOD, { country: 'UK' }))).toMatch(/^country: "UK" is not/)
    expect(await told(line(GOOD, { country: 'us' }))).toMatch(/^country: "us" .*: write "US"$/)
    expect(await told(line(GOOD, { country: 'toString' }))).toMatch(/^country: /)
    expect(await told(line(GOOD, { currency: 'ABC' }))).toBe('currency: "ABC" is not an ISO 4217 currency code')
    expect(await told(line(GOOD, { currency: 'usd' }))).toMatch(/: write "USD"$/)
  })

  it('A11: a mandatory column is written, be it a zero', async () => {
    for (const column of ['e164', 'country', 'type', 'currency', 'setup_price', 'monthly_price']) {
      expect(await told(line(GOOD, { [column]: ' ' })), column).toBe(`${column}: is empty`)
    }
    expect(await run([line(GOOD, { setup_price: '0', per_minute_price: '' })])).toMatchObject({ imported: 1 })
  })

  it('A11: prices are not negative, not beyond reason, and have six decimals at most', async () => {
    const price = (setup_price: string) => told(line(GOOD, { setup_price }))
    expect(await price('-1')).toBe('setup_price: "-1" is negative')
    expect(await price('40000000.000001')).toBe('setup_price: "40000000.000001" is more than 40000000')
    expect(await price('99999999999999999999')).toBe('setup_price: "99999999999999999999" is not an amount of money')
    expect(await price('1.0000001')).toBe('setup_price: "1.0000001" has more than six decimals')
    for (const text of ['1e3', '1,00', '0x10', 'NaN', '$1']) expect(await price(text), text).toMatch(/not an amount/)
  })

  it('A23: a character that no text may have is an error line, and the other lines come in', async () => {
    const bad = ['A\0B', 'A\u0007', 'A\u0085B', 'A\nB', 'A\ud800'].map((city, n) => line(`+1212789100${n}`, { city }))
    const report = await run([...bad, line('+12127891009', { region: 'N\0' }), line(GOOD, { city: 'Montréal' })], {
      keepGood: true,
    })
    expect(report.imported).toBe(1)
    expect(report.errors.map(({ line: at }) => at)).toEqual([2, 3, 4, 5, 6, 7])
    expect(report.errors[0]?.message).toBe('city: has a character that no text may have (U+0000)')
    expect((await core.numbers.find(GOOD))?.city).toBe('Montréal')
  })

  it('A23, A29: values have a length and a range, which messages tell and do not repeat at length', async () => {
    const long = await told(line(GOOD, { city: 'x'.repeat(60_000) }))
    expect(long).toMatch(/^city: "x{40}…" has more than 100 characters$/)
    expect(await told(line(GOOD, { latitude: '90.1' }))).toMatch(/not a coordinate from -90 to 90/)
    expect(await told(line(GOOD, { longitude: '-181' }))).toMatch(/not a coordinate from -180 to 180/)
    expect(await told(line(GOOD, { channels: '100001' }))).toBe('channels: "100001" is more than 100000')
  })

  it('A22: bad lines are counted in full, however few of them are listed', async () => {
    const rows = Array.from({ length: 1500 }, (_, n) => line(`bad ${n}`))
    const report = await run([...rows, line(GOOD)], { keepGood: true })
    expect(report).toMatchObject({ imported: 1, errorCount: 1500 })
    expect(report.errors).toHaveLength(1000)
  })

  it('S4: a line that changes nothing and yet differs from what is there says so', async () => {
    await run([line(GOOD), line('+12127890002')])
    expect(await run([line(GOOD, { monthly_price: '3', city: 'Albany' }), line('+12127890002')])).toEqual({
      ...{ imported: 0, unchanged: 2, errors: [] },
      notes: [
        { line: 2, message: `${GOOD} is there already and stays as it is; this line differs in city, monthly_price` },
      ],
    })
    expect((await core.numbers.find(GOOD))?.monthlyPrice).toBe(2_000_000)
  })

  it('S4: one odd region does not change the state of a whole area code', async () => {
    const rows = Array.from({ length: 6 }, (_, n) => line(`+121278900${10 + n}`))
    await run([...rows, line('+12127890099', { region: 'WY' }), line('+12125550101')])
    const blocks = await core.inventory.blocks({ npas: ['212'] })
    expect(blocks.map(({ npaNxx, region }) => [npaNxx, region])).toEqual([
      ['212555', 'NY'],
      ['212789', 'NY'],
    ])
  })
})
