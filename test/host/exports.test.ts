/** Exports: all there is, as it is, for readers however slow. */
import { Readable } from 'node:stream'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importCsv } from '../../src/files/import-csv.ts'
import { adminOf, LOCAL } from '../support/admin.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, holding, market, numbers, OTHER, release, sound } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

type Row = Record<string, string>

describe.each(engines())('exports on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  function openAdmin(w: TestWorld) {
    const app = adminOf(w.core)
    const get = async (path: string) => app.request(`http://127.0.0.1/admin/v1/exports/${path}`, {}, LOCAL)
    const csv = async (path: string): Promise<Row[]> => parse(await (await get(path)).text(), { columns: true })
    const json = async (path: string) => {
      const lines = (await (await get(path)).text()).split('\n').filter(line => line !== '')
      return lines.map(line => JSON.parse(line) as Record<string, unknown>)
    }
    return { get, csv, json }
  }

  it('every number is in the inventory once, with its state, in CSV and in JSON lines alike', async () => {
    const w = await worlds.open(market(numbers(600)))
    await buy(w, ACME, '+12127890100')
    const { csv, json } = openAdmin(w)
    const rows = await csv('inventory')
    expect(rows.length).toBe(600)
    expect(new Set(rows.map(({ e164 }) => e164)).size).toBe(600)
    const [bought] = rows.filter(({ e164 }) => e164 === '+12127890100')
    expect(bought).toMatchObject({
      state: 'active',
      owner_id: String(ACME),
      setup_price: '1.00',
      capabilities: 'voice',
    })
    const lines = await json('inventory?format=ndjson')
    expect(lines.map(({ e164 }) => e164)).toEqual(rows.map(({ e164 }) => e164))
    expect(lines.find(({ e164 }) => e164 === '+12127890100')).toMatchObject({ owner_id: ACME, capabilities: ['voice'] })
    expect((await csv('inventory?state=active')).map(({ e164 }) => e164)).toEqual(['+12127890100'])
    expect((await openAdmin(w).get('inventory?state=sold')).status).toBe(400)
  })

  it('what is for sale, and what is owned, comes back by an import', async () => {
    const w = await worlds.open(market(numbers(4)))
    const [owned] = await buy(w, ACME, '+12127890100')
    const { get } = openAdmin(w)
    const stock = await (await get('inventory?for_import=true')).text()
    const leased = await (await get('ownership?for_import=true')).text()
    const next = await worlds.open(market([]))
    const bring = (text: string, isOwned: boolean) =>
      importCsv(next.core, Readable.from([Buffer.from(text)]), { owned: isOwned, keepGood: false })
    expect(await bring(stock, false)).toMatchObject({ imported: 3, errors: [] })
    expect(await bring(leased, true)).toMatchObject({ imported: 1, errors: [] })
    const { subscription } = await holding(next, '+12127890100')
    expect(subscription).toMatchObject({ paidUntil: owned?.subscription.paidUntil, amount: owned?.subscription.amount })
    await sound(next)
  })

  it('ownership tells who has a number and, where asked, who had it', async () => {
    const w = await worlds.open(market(numbers(3)))
    await buy(w, ACME, '+12127890100', '+12127890101')
    await buy(w, OTHER, '+12127890102')
    await release(w, ACME, '+12127890101')
    const { csv } = openAdmin(w)
    const now = await csv('ownership')
    expect(now.map(({ e164, account_id }) => [e164, account_id])).toEqual([
      ['+12127890100', String(ACME)],
      ['+12127890102', String(OTHER)],
    ])
    const ever = await csv(`ownership?ended=true&account=${ACME}`)
    expect(ever.map(({ e164, ended_at }) => [e164, ended_at !== ''])).toEqual([
      ['+12127890100', false],
      ['+12127890101', true],
    ])
  })

  it('the ledger sums to the balances, and no note is a formula', async () => {
    const w = await worlds.open(market(numbers(5)))
    await buy(w, ACME, '+12127890100', '+12127890101')
    await buy(w, CHILD, '+12127890102')
    await w.core.ledger.correct({ administrator: 'ann' }, ACME, 'USD', -2_500_000, '=HYPERLINK("http://evil.example")')
    const { csv, json } = openAdmin(w)
    const rows = await csv('ledger')
    const sum = rows
      .filter(row => row.account_id === String(ACME))
      .reduce((total, row) => total + Number(row.amount), 0)
    const { balance } = (await w.core.ledger.balance(ACME, 'USD')) as { balance: number }
    expect(sum).toBeCloseTo(balance / 1_000_000, 6)
    expect(rows.at(-1)?.note).toBe('\'=HYPERLINK("http://evil.example")')
    expect((await json('ledger?format=ndjson&kind=adjustment')).map(({ note }) => note)).toEqual([
      '=HYPERLINK("http://evil.example")',
    ])
    expect((await csv(`ledger?account=${OTHER}`)).map(({ kind }) => kind)).toEqual(['topup'])
  })

  it('a reader who is fast leaves a turn to everybody else after each step', async () => {
    const w = await worlds.open(market(numbers(900)))
    const { get } = openAdmin(w)
    let turns = 0
    let isOver = false
    const others = (async () => {
      while (!isOver) await new Promise(done => setImmediate(done)).then(() => turns++)
    })()
    const reader = (await get('inventory?format=ndjson')).body?.getReader()
    let steps = 0
    for (let step = await reader?.read(); step && !step.done; step = await reader?.read()) steps++
    isOver = true
    await others
    expect(steps).toBeGreaterThan(3)
    expect(turns).toBeGreaterThanOrEqual(steps - 1)
  })

  it('a reader who stops holds nobody up: others buy meanwhile, and what it reads on is as it is then', async () => {
    const w = await worlds.open(market(numbers(700)))
    const { get } = openAdmin(w)
    const reader = (await get('inventory?format=ndjson')).body?.getReader()
    const first = await reader?.read()
    expect(first?.done).toBe(false)
    await buy(w, ACME, '+12127890799')
    let text = ''
    for (let step = await reader?.read(); step && !step.done; step = await reader?.read()) {
      text += Buffer.from(step.value).toString()
    }
    const last = text.trim().split('\n').at(-1) ?? '{}'
    expect(JSON.parse(last)).toMatchObject({ e164: '+12127890799', state: 'active' })
    const gone = (await get('inventory')).body?.getReader()
    await gone?.read()
    await gone?.cancel()
    await sound(w)
    expect((await callerOf(w, ACME)).account.id).toBe(ACME)
  })
})
