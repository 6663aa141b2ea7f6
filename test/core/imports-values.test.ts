/** What becomes of each value of a line: kept as it is meant, or refused by its column. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core, ImportRow } from '../../core/verbs.ts'
import { freshStore } from '../support/engines.ts'
import { file, line } from '../support/lines.ts'

const N = '+12127890001'
const GB = '+442079460123'

// what a line says is judged before any database is asked
describe('values of a line', () => {
  let store: Store
  let core: Core
  let drop: () => Promise<void>
  beforeAll(async () => {
    const fresh = await freshStore('sqlite')
    store = fresh.store
    drop = fresh.drop
    core = createCore({ store, clock: { now: () => Date.UTC(2026, 5, 1) }, key: 'test' })
  })
  beforeEach(() => store.empty())
  afterAll(() => drop())

  const run = (row: ImportRow) => core.imports.run(file([row]), { owned: false, keepGood: false })
  const told = async (more: Record<string, string>, e164: string = N) =>
    (await run(line(e164, more))).errors.map(({ message }) => message).join()
  const kept = async (more: Record<string, string>, e164: string = N) => {
    expect((await run(line(e164, more))).errors).toEqual([])
    const number = await core.numbers.find(e164)
    await store.empty()
    return number
  }

  it('lists are parted by semicolons, with spaces or not; one word that nobody knows refuses all', async () => {
    expect((await kept({ capabilities: 'sms; voice ;' }))?.capabilities).toEqual(['voice', 'sms'])
    expect((await kept({}))?.capabilities).toEqual(['voice'])
    expect((await kept({ capabilities: 'sms' }))?.capabilities).toEqual(['sms'])
    expect((await kept({ required_documents: 'id;address' }))?.requiredDocuments).toEqual(['id', 'address'])
    expect((await kept({ required_documents: '' }))?.requiredDocuments).toEqual([])
    expect(await told({ capabilities: 'voice;telex' })).toMatch(/^capabilities: "telex" is none of voice/)
    expect(await told({ required_documents: 'passport' })).toMatch(/^required_documents: "passport" is none of id/)
  })

  it('prices are kept to the millionth, the highest too; one beyond it, or not money, says why', async () => {
    const highest = await kept({ setup_price: '40000000', monthly_price: '0.000001', per_minute_price: '' })
    expect(highest).toMatchObject({ setupPrice: 40_000_000_000_000, monthlyPrice: 1, perMinutePrice: 0 })
    expect(await told({ setup_price: '40000000.000001' })).toBe('setup_price: "40000000.000001" is more than 40000000')
    expect(await told({ monthly_price: '1.0000001' })).toBe('monthly_price: "1.0000001" has more than six decimals')
    for (const wrong of ['1.0000001x', 'x1.0000001', '1,5']) {
      expect(await told({ monthly_price: wrong })).toBe(`monthly_price: "${wrong}" is not an amount of money`)
    }
  })

  it('coordinates are decimals within their limits, kept digit by digit', async () => {
    const place = await kept({ latitude: '-90', longitude: '180.000000000000000' })
    expect(place).toMatchObject({ latitude: '-90', longitude: '180.000000000000000' })
    expect(await kept({ latitude: '', longitude: '' })).toMatchObject({ latitude: null, longitude: null })
    for (const wrong of ['90.1', '-90.1', '1.', '.5', '1x', 'x1', '1.5.5', '+1', '1e1']) {
      expect(await told({ latitude: wrong })).toBe(`latitude: "${wrong}" is not a coordinate from -90 to 90`)
    }
    expect(await told({ longitude: '180.1' })).toBe('longitude: "180.1" is not a coordinate from -180 to 180')
  })

  it('the area code of the North American plan is that of the number; elsewhere it is told, without the leading zero', async () => {
    expect(await kept({ area_code: '212' })).toMatchObject({ areaCode: '212', npaNxx: '212789' })
    expect(await kept({})).toMatchObject({ areaCode: '212' })
    expect(await told({ area_code: '213' })).toBe(`area_code: "213" is not the NPA of ${N}`)
    const british = { country: 'GB', region: '', city: 'London' }
    for (const [area_code, areaCode] of [
      ['020', '20'],
      ['20', '20'],
      ['2030', '2030'],
      ['', ''],
    ] as const) {
      expect(await kept({ ...british, area_code }, GB)).toMatchObject({ areaCode, npaNxx: null })
    }
    for (const wrong of ['abc', '123456789', '2 0']) {
      expect(await told({ ...british, area_code: wrong }, GB)).toBe(`area_code: "${wrong}" is not an area code`)
    }
  })

  it('channels are a whole number in bounds, and some where none is told', async () => {
    expect((await kept({ channels: '100000' }))?.channels).toBe(100_000)
    expect((await kept({}))?.channels).toBeGreaterThan(0)
    expect(await told({ channels: '100001' })).toBe('channels: "100001" is more than 100000')
    for (const wrong of ['-1', '1.5', 'x', '1x']) {
      expect(await told({ channels: wrong })).toBe(`channels: "${wrong}" is not a whole number`)
    }
  })

  it('kinds are those that there are, and what is left empty is nothing', async () => {
    expect(await told({ type: 'landline' })).toMatch(/^type: "landline" is none of local/)
    const bare = await kept({ rate_center: '', lata: '', postal_code: '' })
    expect(bare).toMatchObject({ rateCenter: null, lata: null, postalCode: null })
    const full = await kept({ rate_center: 'NWYRCYZN01', lata: '132', postal_code: '10001' })
    expect(full).toMatchObject({ rateCenter: 'NWYRCYZN01', lata: '132', postalCode: '10001' })
  })
})
