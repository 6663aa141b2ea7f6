import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core, ImportReport } from '../../core/verbs.ts'
import type { AdminApp } from '../../src/admin/context.ts'
import { importCsv } from '../../src/files/import-csv.ts'
import { OWNED_COLUMNS, readNumberRows } from '../../src/files/read-csv.ts'
import { createLog } from '../../src/logs/log.ts'
import { loadInto } from '../../src/worlds/first-world.ts'
import { adminOf } from '../support/admin.ts'
import { collect } from '../support/collect.ts'
import { freshStore } from '../support/engines.ts'

const HEADER = 'e164,country,type,currency,setup_price,monthly_price,city'
const line = (n: number, city = 'Austin') => `+1512555${String(n).padStart(4, '0')},US,local,USD,1,2,${city}`
const text = (...lines: string[]) => [HEADER, ...lines].join('\n')

let store: Store
let core: Core
let app: AdminApp
beforeAll(async () => {
  store = (await freshStore('sqlite')).store
  core = createCore({ store, clock: { now: () => Date.UTC(2026, 11, 1) }, key: 'test' })
  app = adminOf(core, { token: 'token' })
})
beforeEach(() => store.empty())
afterAll(() => store.close())

const STOCK = { owned: false, keepGood: false }
const take = (csv: string | Uint8Array, options: Partial<Parameters<typeof importCsv>[2]> = {}) =>
  importCsv(core, Readable.from([Buffer.from(csv)], { objectMode: false }), { ...STOCK, ...options })
const ask = async (path: string, init: RequestInit = {}) => {
  const headers = { authorization: 'Bearer token', 'content-type': 'text/csv', ...init.headers }
  const response = await app.request(`http://127.0.0.1/admin/v1${path}`, { ...init, headers })
  return { status: response.status, body: (await response.json()) as ImportReport & { error: { message: string } } }
}
const post = (body: string | Uint8Array, query = '', type = 'text/csv') =>
  ask(`/numbers/import${query}`, { method: 'POST', body: Buffer.from(body), headers: { 'content-type': type } })
const cityOf = async (n = 1) => (await core.numbers.find(`+1512555${String(n).padStart(4, '0')}`))?.city

describe('A16: the encoding of a file', () => {
  const LATIN = Buffer.from(text(line(1), line(2, 'Montr\xe9al')), 'latin1')

  it('that is not UTF-8 is an error line, never a replaced character', async () => {
    const message = 'city: has characters that are not UTF-8: save the file as UTF-8, or tell its encoding'
    expect(await take(LATIN)).toEqual({ imported: 0, unchanged: 0, errors: [{ line: 3, message }] })
    expect(await take(LATIN, { keepGood: true })).toMatchObject({ imported: 1, errors: [{ line: 3, message }] })
    const overlong = Buffer.concat([Buffer.from(`${text(line(3))}\n${line(4, 'A')}`), Buffer.from([0xc0, 0xaf])])
    expect((await take(overlong)).errors).toMatchObject([{ line: 3 }])
    expect((await take(text(line(5, 'Montr\uFFFDal')))).errors).toMatchObject([{ line: 2 }])
  })

  it('is honoured where it is told, or told by a mark of byte order', async () => {
    await take(LATIN, { encoding: 'latin1' })
    expect(await cityOf(2)).toBe('Montréal')
    await take(Buffer.from(text(line(3, 'Caf\x80')), 'latin1'), { encoding: 'windows-1252' })
    expect(await cityOf(3)).toBe('Caf€')
    const marked = Buffer.from(`\uFEFF${text(line(4, 'Zürich'))}`, 'utf16le')
    await take(marked)
    expect(await cityOf(4)).toBe('Zürich')
    await take(Buffer.from(`\uFEFF${text(line(5, 'Łódź'))}`, 'utf16le').swap16())
    expect(await cityOf(5)).toBe('Łódź')
    await take(`\uFEFF${text(line(6, 'São Paulo'))}`)
    expect(await cityOf(6)).toBe('São Paulo')
  })

  it('is that of the content type on the admin plane, and refused when nobody knows it', async () => {
    expect(await post(LATIN)).toMatchObject({ status: 200, body: { imported: 0, errors: [{ line: 3 }] } })
    expect(await post(LATIN, '', 'text/csv; charset="ISO-8859-1"')).toMatchObject({ body: { imported: 2 } })
    expect(await cityOf(2)).toBe('Montréal')
    const unknown = await post(LATIN, '', 'text/csv; charset=klingon')
    expect(unknown).toMatchObject({ status: 415, body: { error: { message: expect.stringContaining('klingon') } } })
  })
})

describe('A29: a line of any size', () => {
  const commas = () =>
    Readable.from(
      (function* () {
        yield Buffer.from(`${text(line(1))}\n`)
        for (let n = 0; n < 20; n++) yield Buffer.alloc(1024 * 1024, ',')
      })(),
    )

  it('is refused at its limit, wherever it stands', async () => {
    const message = 'has more than 16384 bytes'
    expect(await importCsv(core, commas(), STOCK)).toMatchObject({ errors: [{ line: 3, message }] })
    await expect(take(Buffer.alloc(20 * 1024 * 1024, ','))).resolves.toMatchObject({ errors: [{ line: 1, message }] })
    const open = `${text(line(1), line(2, '"open'))}\n${`${line(3)}\n`.repeat(300_000)}`
    expect((await take(open)).errors[0]?.message).toMatch(/Max Record Size.*16384/)
    expect(await core.inventory.count({})).toBe(0)
  })

  it('lets others have their turn, and takes no memory that grows with it', async () => {
    let turns = 0
    let isOver = false
    const turn = () => {
      turns++
      if (!isOver) setImmediate(turn)
    }
    setImmediate(turn)
    const before = process.memoryUsage().rss
    const lines = `${HEADER}\n${'a,b\n'.repeat(50_000)}`
    const report = await take(lines, { keepGood: true })
    isOver = true
    expect(report.errorCount).toBe(50_000)
    expect(turns).toBeGreaterThan(100)
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024)
  })

  it('with thousands of columns is told in few words', async () => {
    const header = Array.from({ length: 2000 }, (_, n) => `c${n}`).join(',')
    const error = await take(`${header}\n1`).catch(reason => reason as Error)
    expect((error as Error).message).toContain('"c9" and 1990 more')
    expect((error as Error).message.length).toBeLessThan(1000)
  })
})

describe('S4: a header that is nearly right', () => {
  const refusal = (header: string) => collect(readNumberRows(Readable.from([Buffer.from(`${header}\n`)]), STOCK))
  it('gets a hint', async () => {
    const hint = (header: string, message: string) => expect(refusal(header)).rejects.toThrow(message)
    await hint(HEADER.replaceAll(',', ';'), 'header: columns are separated by commas, not by semicolons')
    await hint(HEADER.replaceAll(',', '\t'), 'columns are separated by commas, not by tabs')
    await hint(HEADER.toUpperCase(), 'names are written in small letters: "e164"')
    await hint(HEADER.replace('city', 'City'), 'names are written in small letters: "city"')
    await hint(`${HEADER},e164`, 'columns given twice "e164"')
    await hint(`${HEADER}\r+12125550100,US`, 'lines end with a line feed, not with a carriage return alone')
    await hint(HEADER.replaceAll('', '\0'), 'the file is in UTF-16BE, and no mark in it says so: name the encoding')
    await hint(HEADER.replace(/./g, '$&\0'), 'the file is in UTF-16LE')
    await expect(refusal(`${HEADER},\u001b[31m`)).rejects.toThrow('unknown columns " [31m"')
  })
})

describe('A22: many bad lines', () => {
  const bad = text(...Array.from({ length: 1500 }, (_, n) => `bad ${n},US,local,USD,1,2,X`), '+1,US', line(1))

  it('are counted in the answer and in the audit, and the list says that it was cut', async () => {
    const { body } = await post(bad, '?keep_good=true')
    expect(body).toMatchObject({ imported: 1, error_count: 1501 })
    expect(body.errors).toHaveLength(1001)
    expect(body.errors.at(-1)).toEqual({ line: 1001, message: '501 more bad lines are not listed' })
    const [event] = await core.audit.list({ action: 'numbers.imported', limit: 1 })
    expect(event?.data).toMatchObject({ imported: 1, errors: 1501 })
  })
})

describe('the admin plane', () => {
  const owned = (rest: string) =>
    `${text(line(1))},12,,2023-05-17,${rest}`.replace(HEADER, `${HEADER},${OWNED_COLUMNS}`)

  beforeEach(async () => {
    await core.accounts.create(null, { id: 12, name: 'Acme', currency: 'USD' })
  })

  it('D2: tells by a dry run what will be charged, and takes the two choices', async () => {
    const csv = owned('2026-10-05')
    const forecast = { account_id: 12, months_due: 2, due_now: '4.00', monthly: '2.00', funds: '0.00' }
    const tried = await post(csv, '?owned=true&dry_run=true')
    expect(tried.body).toMatchObject({
      imported: 1,
      forecast: [{ ...forecast, next_due_at: '2026-12-05T00:00:00.000Z' }],
    })
    expect(await core.audit.list({ action: 'numbers.imported', limit: 1 })).toEqual([])
    const later = await post(csv, '?owned=true&dry_run=true&bill_from=2027-01-01')
    expect(later.body).toMatchObject({ forecast: [{ due_now: '0.00', next_due_at: '2027-01-05T00:00:00.000Z' }] })
    expect(await post(csv, '?owned=true&billed_elsewhere=true')).toMatchObject({ body: { imported: 1 } })
    expect(await core.numbers.leaseOf('+15125550001')).toMatchObject({ subscription: { amount: 0 } })
  })

  it('D2: refuses choices that make no sense', async () => {
    const csv = owned('2026-10-05')
    for (const query of [
      'bill_from=2026-12-01',
      'owned=true&bill_from=2026-02-30',
      'owned=true&bill_from=2026-12-01T00:00',
    ]) {
      expect(await post(csv, `?${query}`), query).toMatchObject({ status: 400 })
    }
    expect(await post(csv, '?owned=true&bill_from=2026-12-01&billed_elsewhere=true')).toMatchObject({ status: 400 })
    expect((await post(csv, '?owned=true&bill_from=9000-01-01')).body.errors[0]?.message).toContain('hundred years')
  })

  it('A6: shows the files that came, newest first', async () => {
    await post(text(line(1)))
    await post(text('x'))
    expect((await ask('/imports')).body).toMatchObject({
      total: 2,
      imports: [{ status: 'refused' }, { status: 'done', imported: 1, reason: null }],
    })
  })

  it('A10: takes only currencies and countries that there are', async () => {
    const json = { 'content-type': 'application/json' }
    const send = async (path: string, body: object) =>
      (await ask(path, { method: 'POST', body: JSON.stringify(body), headers: json })).status
    expect(await send('/accounts', { name: 'A', currency: 'ABC' })).toBe(400)
    expect(await send('/accounts', { name: 'A', currency: 'usd' })).toBe(400)
    expect(await send('/accounts/12', { quarantine_days: { country: 'ZZ', days: 1 } })).toBe(400)
    expect(await send('/accounts/12', { quarantine_days: { country: '*', days: 1 } })).toBe(200)
    expect(await send('/accounts/12/company-profiles', { country: 'XX', types: [] })).toBe(400)
    expect(await send('/accounts/12/topups', { currency: 'QQQ', amount: '1' })).toBe(400)
  })
})

describe('D11: a world that cannot be loaded', () => {
  const account = { id: 12, name: 'Acme', currency: 'USD', balances: { USD: '5' } }
  const load = async (world: object, csv?: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'didgate-world-'))
    writeFileSync(join(folder, 'world.json'), JSON.stringify(world))
    if (csv !== undefined) writeFileSync(join(folder, 'numbers.csv'), csv)
    const database = { core, store, clock: core.clock as never, log: createLog('silent'), seed: folder }
    const error = await loadInto({ ...database, mode: 'production' }, folder).catch(reason => reason as Error)
    rmSync(folder, { recursive: true })
    return (error as Error | undefined)?.message
  }

  it('is one readable line, and nothing is kept, in production too', async () => {
    const numbers = 'numbers.csv'
    const cases: [object, string | undefined, RegExp][] = [
      [{ accounts: [account], numbers }, undefined, /^The world names .*numbers.csv, and there is no such file$/],
      [
        { accounts: [account], numbers },
        text(line(1), 'nonsense'),
        /^The numbers of the world have 1 bad lines; line 3: /,
      ],
      [{ accounts: [account], numbers }, 'a,b\n1,2', /^Cannot take the numbers .*: header: unknown columns/],
      [{ accounts: [account], blocked: [{ e164: '+15125550001', reason: 'x' }] }, undefined, /has no such number$/],
      [{ accounts: [{ ...account, currency: 'ABC' }] }, undefined, /accounts.0.currency: must be an ISO 4217/],
      [{ accounts: [{ ...account, balances: { USD: '9999999999' } }] }, undefined, /more than any account can hold/],
      [{ quarantine_days: { UK: 3 } }, undefined, /quarantine_days.UK: must be an ISO 3166/],
    ]
    for (const [world, csv, message] of cases) {
      expect(await load(world, csv)).toMatch(message)
      expect((await core.accounts.list({}, { limit: 1, offset: 0 })).total).toBe(0)
      expect(await core.inventory.count({})).toBe(0)
    }
    expect(await load({ accounts: [account], numbers }, text(line(1)))).toBeUndefined()
    expect(await core.inventory.count({})).toBe(1)
  })
})
