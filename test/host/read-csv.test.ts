import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { isFault } from '../../core/ground/fault.ts'
import type { ImportReport, Imports } from '../../core/verbs.ts'
import { importCsv } from '../../src/files/import-csv.ts'
import { type CsvOptions, NUMBER_COLUMNS, OWNED_COLUMNS, readNumberRows } from '../../src/files/read-csv.ts'
import { collect } from '../support/collect.ts'

const HEADER = 'e164,country,type,currency,setup_price,monthly_price,city'
const line = (n: number, city = 'Austin') => `+1512555${String(n).padStart(4, '0')},US,local,USD,1,2,${city}`

function bytes(text: string): Readable {
  return Readable.from([Buffer.from(text)], { objectMode: false })
}

async function read(text: string, options: CsvOptions = { owned: false }) {
  return collect(readNumberRows(bytes(text), options))
}

async function refusal(text: string, options?: CsvOptions): Promise<string> {
  const error = await read(text, options).then(
    () => undefined,
    reason => reason as Error,
  )
  if (!isFault(error, 'invalid_input')) throw new Error('not refused')
  const [issue] = error.details.issues
  return `${issue?.field}: ${issue?.message}`
}

describe('reading a CSV file of numbers', () => {
  it('gives every known column, empty where the file has none, and the line it stands on', async () => {
    const [first, second] = await read(`${HEADER}\n${line(1)}\n\n${line(2)}`)
    expect(first?.line).toBe(2)
    expect(Object.keys(first?.row ?? {})).toEqual([...NUMBER_COLUMNS])
    expect(first?.row).toMatchObject({ e164: '+15125550001', city: 'Austin', rate_center: '' })
    expect(second?.line).toBe(4)
  })

  it('takes a byte order mark and Windows line ends', async () => {
    const rows = await read(`\uFEFF${HEADER}\r\n${line(1)}\r\n${line(2)}\r\n`)
    expect(rows.map(({ line, row }) => [line, row.city])).toEqual([
      [2, 'Austin'],
      [3, 'Austin'],
    ])
  })

  it('takes quotes, with commas, quotes and line breaks in them, and trims cells', async () => {
    const rows = await read(`${HEADER}\n${line(1, '"Washington, ""D.C."""')}\n${line(2, '"A\nB"')}\n${line(3, '  C ')}`)
    expect(rows.map(({ line, row }) => [line, row.city])).toEqual([
      [2, 'Washington, "D.C."'],
      [3, 'A\nB'],
      [5, 'C'],
    ])
  })

  it('takes columns in any order', async () => {
    const rows = await read(
      'city,monthly_price,setup_price,currency,type,country,e164\nAustin,2,1,USD,local,US,+15125550001',
    )
    expect(rows[0]?.row).toMatchObject({ e164: '+15125550001', setup_price: '1', monthly_price: '2' })
  })

  it('names everything that is wrong with the header at once', async () => {
    const message = await refusal(`e164,country,colour,e164\n${line(1)}`)
    expect(message).toContain('header: unknown columns "colour"')
    expect(message).toContain('missing columns "type", "currency", "setup_price", "monthly_price"')
    expect(message).toContain('columns given twice "e164"')
    expect(message).toContain(`known columns: ${NUMBER_COLUMNS.join(',')}`)
  })

  it('refuses an empty file, and takes one with nothing but a header', async () => {
    expect(await refusal('')).toBe('header: the file is empty, its first line must name the columns')
    expect(await read(`${HEADER}\n`)).toEqual([])
  })

  it('has the columns of owners only when they were asked for', async () => {
    const owned = `${HEADER},${OWNED_COLUMNS.join(',')}\n${line(1)},12,501,2026-01-01,2026-02-01`
    expect(await refusal(owned)).toContain('unknown columns "account_id", "user_id", "activated_at", "paid_until"')
    expect(await refusal(HEADER, { owned: true })).toContain(
      'missing columns "account_id", "activated_at", "paid_until"',
    )
    expect((await read(owned, { owned: true }))[0]?.row).toMatchObject({ account_id: '12', paid_until: '2026-02-01' })
  })

  it('names the line that has too few or too many columns', async () => {
    const few = `${HEADER}\n${line(1)}\n+15125550002,US,local`
    expect(await refusal(few)).toBe('line 3: 3 columns instead of the 7 of the header')
    expect(await refusal(`${HEADER}\n${line(1)},more`)).toBe('line 2: 8 columns instead of the 7 of the header')
  })

  it('leaves such lines out when somebody wants to hear of them', async () => {
    const heard: [number, string][] = []
    const onRagged = (at: number, message: string) => heard.push([at, message])
    const rows = await read(`${HEADER}\n+1,US\n${line(2)}\n+3`, { owned: false, onRagged })
    expect(rows.map(({ line }) => line)).toEqual([3])
    expect(heard.map(([at]) => at)).toEqual([2, 4])
  })

  it('refuses broken quotes, without reading a large file into memory for one that is never closed', async () => {
    expect(await refusal(`${HEADER}\n${line(1, 'A"b')}`)).toContain('line 2: Invalid Opening Quote')
    expect(await refusal(`${HEADER}\n${line(1, '"open')}`)).toContain('Quote Not Closed')
    expect(await refusal(`${HEADER}\n${line(1, '"open')}\n${`${line(2)}\n`.repeat(5000)}`)).toContain('Max Record Size')
  })

  it('passes a failing source on', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from(`${HEADER}\n`)
        throw new Error('connection lost')
      })(),
    )
    await expect(collect(readNumberRows(broken, { owned: false }))).rejects.toThrow('connection lost')
  })

  it('streams 200,000 lines with bounded memory, and no faster than they are taken', async () => {
    const total = 200_000
    let produced = 0
    async function* source() {
      yield Buffer.from(`${HEADER}\n`)
      for (; produced < total; produced++) yield Buffer.from(`${line(produced % 10_000)}\n`)
    }
    let seen = 0
    let furthestAhead = 0
    let peak = 0
    const start = process.memoryUsage().heapUsed
    for await (const { line: at } of readNumberRows(source(), { owned: false })) {
      seen++
      furthestAhead = Math.max(furthestAhead, produced - seen)
      if (seen % 10_000 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed - start)
      if (seen === total) expect(at).toBe(total + 1)
    }
    expect(seen).toBe(total)
    // what the buffers of the two streams hold, whatever the size of the file
    expect(furthestAhead).toBeLessThan(5_000)
    expect(peak).toBeLessThan(200 * 1024 * 1024)
  })

  it('stops reading when its taker stops', async () => {
    const source = bytes(`${HEADER}\n${`${line(1)}\n`.repeat(10_000)}`)
    for await (const _ of readNumberRows(source, { owned: false })) break
    expect(source.destroyed).toBe(true)
  })
})

describe('importing a CSV file', () => {
  /** Takes every row but those whose city is "bad". */
  const run: Imports['run'] = async (rows, { keepGood }) => {
    const report: ImportReport = { imported: 0, unchanged: 0, errors: [] }
    for await (const { line, row } of rows) {
      if (row.city === 'bad') report.errors.push({ line, message: 'city: bad' })
      else report.imported++
    }
    return report.errors.length > 0 && !keepGood ? { ...report, imported: 0 } : report
  }
  const core = { imports: { run, resume: async () => 0 } }
  const text = `${HEADER}\n+1,US\n${line(2)}\n${line(3, 'bad')}\n+4`

  it('reports a line of a wrong length like any other bad line', async () => {
    const message = '2 columns instead of the 7 of the header'
    expect(await importCsv(core, bytes(text), { owned: false, keepGood: false })).toEqual({
      imported: 0,
      unchanged: 0,
      errors: [{ line: 2, message }],
    })
    const kept = await importCsv(core, bytes(text), { owned: false, keepGood: true })
    expect(kept.imported).toBe(1)
    expect(kept.errors.map(({ line }) => line)).toEqual([2, 4, 5])
  })

  it('still refuses a wrong header', async () => {
    await expect(importCsv(core, bytes('a,b\n'), { owned: false, keepGood: true })).rejects.toThrow('unknown columns')
  })
})
