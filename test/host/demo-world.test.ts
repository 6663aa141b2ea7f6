import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { credentialFiles, generateDemoWorld } from '../../fixtures/demo/generate.ts'
import { demoWorldFolder } from '../../src/config/package-files.ts'
import { type NumberColumn, readNumberRows } from '../../src/files/read-csv.ts'
import { parseWorld, type World } from '../../src/worlds/world-file.ts'
import { collect } from '../support/collect.ts'

type Row = Record<NumberColumn, string>

const WORLD = join(demoWorldFolder(), 'world.json')
const NUMBERS = join(demoWorldFolder(), 'numbers.csv')

const world: World = parseWorld(JSON.parse(readFileSync(WORLD, 'utf8')), WORLD)
const places = world.places ?? []
const blocked = new Set((world.blocked ?? []).map(({ e164 }) => e164))
let all: Row[] = []
let onSale: Row[] = []

const block = (row: Row) => row.e164.slice(2, 8)
const has = (row: Row, capability: string) => row.capabilities.split(';').includes(capability)
const usLocal = () => onSale.filter(row => row.country === 'US' && row.type === 'local')
const of = (country: string, type: string, areaCode?: string) =>
  onSale.filter(r => r.country === country && r.type === type && (areaCode === undefined || r.area_code === areaCode))
const countBy = (rows: Row[], key: (row: Row) => string) =>
  rows.reduce((counts, row) => counts.set(key(row), (counts.get(key(row)) ?? 0) + 1), new Map<string, number>())
const place = (id: number) => places.find(entry => entry.id === id)

beforeAll(async () => {
  const rows = await collect(readNumberRows(createReadStream(NUMBERS), { owned: false }))
  all = rows.map(({ row }) => row as Row).sort((a, b) => Number(a.e164) - Number(b.e164))
  onSale = all.filter(({ e164 }) => !blocked.has(e164))
})

describe('the demo world, as generated', () => {
  it('is what the generator writes', () => {
    const { worldJson, numbersCsv } = generateDemoWorld()
    expect(readFileSync(WORLD, 'utf8')).toBe(worldJson)
    expect(readFileSync(NUMBERS, 'utf8')).toBe(numbersCsv)
    const folder = join(demoWorldFolder(), 'credentials')
    expect(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')])).toEqual(
      credentialFiles().sort(),
    )
  })
  it('is small', () => expect(statSync(NUMBERS).size).toBeLessThan(300 * 1024))
  it('has every number once', () => expect(new Set(all.map(({ e164 }) => e164)).size).toBe(all.length))
})

describe('the stock', () => {
  it('belongs to nobody at the start', () => expect(world.owned).toBeUndefined())
  it('has at least 1,000 US local numbers', () => expect(usLocal().length).toBeGreaterThanOrEqual(1000))
  it('prices them in whole dollars, above 0 and at most 3 USD together', () => {
    for (const { setup_price, monthly_price, currency } of usLocal()) {
      expect([setup_price, monthly_price, currency].join(' ')).toMatch(/^[1-9]\d* [1-9]\d* USD$/)
      expect(Number(setup_price) + Number(monthly_price)).toBeLessThanOrEqual(3)
    }
  })
  it('asks no documents for the lowest 100', () => {
    expect(onSale.slice(0, 100).filter(({ required_documents }) => required_documents !== '')).toEqual([])
    expect(
      usLocal()
        .slice(0, 100)
        .filter(({ required_documents }) => required_documents !== ''),
    ).toEqual([])
  })
  it('spreads over at least 6 NPAs', () => {
    const npas = new Set(usLocal().map(({ area_code }) => area_code))
    expect(npas.size).toBeGreaterThanOrEqual(6)
    for (const npa of ['202', '212', '213', '305', '312', '415', '512', '802']) expect(npas).toContain(npa)
  })
  it('has at least 2 numbers in each listed exchange', () => {
    const american = all.filter(({ e164, type }) => e164.startsWith('+1') && type === 'local')
    expect(Math.min(...countBy(american, block).values())).toBeGreaterThanOrEqual(2)
    const open = onSale.filter(({ e164 }) => e164.startsWith('+1'))
    expect(Math.min(...countBy(open, block).values())).toBeGreaterThanOrEqual(2)
  })
  it('has exchanges that are sold out', () => {
    const open = new Set(onSale.map(block))
    const soldOut = new Set(all.filter(row => blocked.has(row.e164)).map(block))
    expect(soldOut.size).toBeGreaterThanOrEqual(3)
    for (const exchange of soldOut) expect(open).not.toContain(exchange)
  })
  it('tells rate center, LATA, coordinates, postal code and region of every US local number', () => {
    for (const row of usLocal()) {
      expect(row.rate_center).toMatch(/\S/)
      expect(row.lata).toMatch(/^\d{3}$/)
      expect(row.latitude).toMatch(/^\d\d\.\d{4}$/)
      expect(row.longitude).toMatch(/^-\d+\.\d{4}$/)
      expect(row.postal_code).toMatch(/^\d{5}$/)
      expect(row.region).toMatch(/^[A-Z]{2}$/)
    }
  })
  it('has one rate center per exchange', () => {
    const seen = new Map<string, string>()
    for (const row of usLocal())
      expect(seen.set(block(row), seen.get(block(row)) ?? row.rate_center).get(block(row))).toBe(row.rate_center)
  })
  it('has at least 5 numbers in Austin (512)', () => {
    const austin = of('US', 'local', '512').filter(({ city, region }) => city === 'Austin' && region === 'TX')
    expect(austin.length).toBeGreaterThanOrEqual(5)
  })
  it('has toll-free and mobile numbers', () => {
    expect(of('US', 'toll_free').length).toBeGreaterThan(0)
    for (const { e164 } of of('US', 'toll_free')) expect(e164).toMatch(/^\+18\d\d/)
    expect(onSale.filter(({ type }) => type === 'mobile').length).toBeGreaterThan(0)
  })
  it('sends text messages only where that is sensible', () => {
    expect(of('US', 'local').filter(row => has(row, 'sms')).length).toBeGreaterThan(500)
    expect(of('CA', 'local').some(row => has(row, 'sms'))).toBe(true)
    expect(of('DE', 'local').some(row => has(row, 'sms'))).toBe(false)
  })
})

describe('places', () => {
  const parents = (id: number | undefined): number[] => (id === undefined ? [] : [id, ...parents(place(id)?.parent)])

  it('stand after their parents, once each', () => {
    const seen = new Set<number>()
    for (const { id, parent } of places) {
      expect(seen).not.toContain(id)
      if (parent !== undefined) expect(seen).toContain(parent)
      seen.add(id)
    }
  })
  it('keep the ids that the provider made known', () => {
    const known = [8652, 8650, 8669].map(id => [place(id)?.code, place(id)?.has_regions])
    expect(known).toEqual([
      ['US', true],
      ['AU', true],
      ['AR', false],
    ])
    expect(place(200)).toMatchObject({ kind: 'city', name: 'LOS ANGELES, CA', code: '213568' })
    expect(parents(200)).toEqual([200, 379, 8652])
  })
  it('have a city for each combination of city, region and area code in stock, and no other', () => {
    const inStock = all.map(({ country, region, city, area_code, type, e164 }) => {
      const isExchange = e164.startsWith('+1') && type === 'local'
      const name = isExchange ? `${city.toUpperCase()}, ${region}` : city
      return [country, region, name, isExchange ? e164.slice(2, 8) : area_code].join('/')
    })
    const listed = places
      .filter(({ kind }) => kind === 'city')
      .map(({ country, parent, name, code }) => {
        const home = place(parent as number)
        return [country, home?.kind === 'region' ? home.code : '', name, code].join('/')
      })
    expect(listed.sort()).toEqual([...new Set(inStock)].sort())
  })
  it('have at least 5 cheap numbers that take text messages in city 200', () => {
    const there = of('US', 'local', '213').filter(row => block(row) === '213568' && has(row, 'sms'))
    expect(there.length).toBeGreaterThanOrEqual(5)
    for (const { setup_price, monthly_price } of there) expect([setup_price, monthly_price]).toEqual(['1', '1'])
  })
  it('have a city of Vermont with just +1 802 255 1119 and 1120, at 1 + 2 USD', () => {
    const rows = of('US', 'local', '802').filter(({ city }) => city === 'Montpelier')
    expect(
      rows.map(({ e164, setup_price, monthly_price, currency }) => [e164, setup_price, monthly_price, currency]),
    ).toEqual([
      ['+18022551119', '1', '2', 'USD'],
      ['+18022551120', '1', '2', 'USD'],
    ])
    const city = places.find(({ code }) => code === '802255')
    expect(parents(city?.parent).map(id => place(id)?.code)).toEqual(['VT', 'US'])
  })
})

describe('other countries', () => {
  it('Canada has provinces', () =>
    expect(new Set(of('CA', 'local').map(({ region }) => region))).toEqual(new Set(['BC', 'ON', 'QC'])))
  it('Australia has states', () =>
    expect(new Set(of('AU', 'local').map(({ region }) => region))).toEqual(new Set(['NSW', 'QLD', 'VIC'])))
  it('Argentina has no regions and needs documents', () => {
    expect(of('AR', 'local').length).toBeGreaterThan(0)
    for (const row of of('AR', 'local')) expect([row.region, row.required_documents]).toEqual(['', 'id'])
  })
  it('B10: a few numbers need an address, any or a local one', () => {
    const needing = (paper: string) => onSale.filter(row => row.required_documents.split(';').includes(paper))
    expect(new Set(needing('address').map(({ country }) => country))).toEqual(new Set(['GB']))
    expect(new Set(needing('localaddress').map(({ country }) => country))).toEqual(new Set(['DE']))
  })
  it('Germany, Great Britain and Sweden are in stock', () => {
    for (const country of ['DE', 'GB', 'SE']) expect(onSale.some(row => row.country === country)).toBe(true)
    expect(of('SE', 'mobile').every(({ e164 }) => e164.startsWith('+467'))).toBe(true)
  })
  it('India has at least 20 numbers, in whole rupees', () => {
    const rows = onSale.filter(({ country }) => country === 'IN')
    expect(rows.length).toBeGreaterThanOrEqual(20)
    for (const row of rows) expect(`${row.currency} ${row.setup_price} ${row.monthly_price}`).toMatch(/^INR \d+ \d+$/)
    for (const prefix of ['+9180', '+9192']) expect(rows.some(({ e164 }) => e164.startsWith(prefix))).toBe(true)
  })
  it('the Netherlands are priced in euros, with national (85) and toll-free (800) numbers', () => {
    expect(new Set(onSale.filter(({ country }) => country === 'NL').map(({ currency }) => currency))).toEqual(
      new Set(['EUR']),
    )
    expect(of('NL', 'national', '85').length).toBeGreaterThan(0)
    expect(of('NL', 'toll_free', '800').length).toBeGreaterThan(0)
  })
  it('Amsterdam (20) has at least 15 single numbers below its one aligned row of ten', () => {
    const numbers = of('NL', 'local', '20').map(({ e164 }) => e164)
    const tens = countBy(of('NL', 'local', '20'), ({ e164 }) => e164.slice(0, -1))
    const rows = [...tens].filter(([, count]) => count === 10).map(([ten]) => ten)
    expect(rows).toHaveLength(1)
    expect(numbers.filter(e164 => e164 < `${rows[0]}0`).length).toBeGreaterThanOrEqual(15)
  })
})
