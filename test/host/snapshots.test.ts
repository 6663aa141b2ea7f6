/** Snapshots: a whole world with its clock, kept and taken up again. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway } from '../../src/testing/index.ts'
import { CONTRACT_NUMBERS, contractWorld, RICH } from '../contract/world.ts'
import { freshStore, postgresIsHere } from '../support/engines.ts'
import { type Program, startProgram } from '../support/spaces.ts'

const [FIRST, SECOND] = CONTRACT_NUMBERS as unknown as [string, string]

describe.each([
  ['in memory', () => 'sqlite::memory:'],
  ['in a file', () => `sqlite:${join(mkdtempSync(join(tmpdir(), 'didgate-')), 'didgate.db')}`],
])("the program's own world, %s", (_, urlOf) => {
  let program: Program
  beforeAll(async () => {
    program = await startProgram({ DATABASE_URL: urlOf() })
    expect((await program.admin('POST', '/reset', { seed: contractWorld })).body).toEqual({ ok: true })
  }, 60_000)
  afterAll(() => program.didgate.close())
  const base = (dialect: string) => `${program.didgate.addresses.data}/${dialect}`
  const stateOf = async (e164: string) =>
    (await program.admin('GET', `/numbers/${encodeURIComponent(e164)}`)).body.state as string

  it('goes on from the kept moment: numbers, money, clock, sessions', async () => {
    expect(await program.client('wavix', base('wavix'), RICH).buy(FIRST)).toBe('bought')
    const login = () =>
      fetch(`${base('onsip')}/api?Action=SessionCreate&Username=user_12&Password=password-12&Output=json`)
    const session = /"SessionId":"([^"]+)"/.exec(await (await login()).text())?.[1]
    await program.admin('POST', '/clock', { freeze: true })
    const { now } = (await program.admin('GET', '/clock')).body
    const { body: kept, status } = await program.admin('POST', '/snapshots', { name: 'bought' })
    expect([status, kept]).toEqual([201, { name: 'bought', now, frozen: true, bytes: expect.any(Number) }])

    await program.admin('POST', '/clock', { advance_seconds: 90 * 86_400, freeze: false })
    expect(await program.client('twilio', base('twilio'), RICH).buy(SECOND)).toBe('bought')
    const browse = async () =>
      (await fetch(`${base('onsip')}/api?Action=DidBrowse&SessionId=${session}&Output=json`)).text()
    expect(await browse()).toContain('"IsCompleted":"false"')

    expect((await program.admin('POST', '/snapshots/bought/restore')).body).toEqual(kept)
    expect((await program.admin('GET', '/clock')).body).toEqual({ now, frozen: true })
    expect([await stateOf(FIRST), await stateOf(SECOND)]).toEqual(['active', 'available'])
    expect(await browse()).toContain('"IsCompleted":"true"')
    expect((await program.admin('GET', '/invariants')).body.violations).toEqual([])
    // the same again, as often as wanted
    expect(await program.client('cm', base('cm'), RICH).buy(SECOND)).toBe('bought')
    expect((await program.admin('POST', '/snapshots/bought/restore')).status).toBe(200)
    expect(await stateOf(SECOND)).toBe('available')
  })

  it('waits for running requests; every answer is of one life or the other', async () => {
    await program.admin('POST', '/snapshots/bought/restore')
    const wavix = program.client('wavix', base('wavix'), RICH)
    const some = Array.from({ length: 10 }, () => wavix.owned())
    const restored = program.admin('POST', '/snapshots/bought/restore')
    const more = Array.from({ length: 10 }, () => wavix.owned())
    expect((await restored).status).toBe(200)
    expect(new Set((await Promise.all([...some, ...more])).map(String))).toEqual(new Set([FIRST]))
  })

  it('a reset may begin from it, at another time', async () => {
    const begun = { seed: { snapshot: 'bought' }, now: '2019-01-01T00:00:00Z', freeze: true }
    expect((await program.admin('POST', '/reset', begun)).body).toEqual({ ok: true })
    expect((await program.admin('GET', '/clock')).body).toEqual({ now: '2019-01-01T00:00:00.000Z', frozen: true })
    expect(await stateOf(FIRST)).toBe('active')
  })

  it('a world that is wrong leaves the old one as it was', async () => {
    const bad = { ...contractWorld, numbers: [{ e164: 'none', country: 'US', type: 'local', currency: 'USD' }] }
    expect((await program.admin('POST', '/reset', { seed: bad })).status).toBe(400)
    expect((await program.admin('POST', '/reset', { seed: { snapshot: 'gone' } })).status).toBe(404)
    expect(await stateOf(FIRST)).toBe('active')
  })

  it('lists and forgets them; names and number are checked', async () => {
    expect((await program.admin('GET', '/snapshots')).body.snapshots).toMatchObject([{ name: 'bought' }])
    expect((await program.admin('POST', '/snapshots', { name: 'a b' })).body.error.code).toBe('invalid_input')
    expect((await program.admin('POST', '/snapshots', {})).status).toBe(400)
    expect((await program.admin('DELETE', '/snapshots/bought')).status).toBe(204)
    for (const [method, path] of [
      ['DELETE', '/snapshots/bought'],
      ['POST', '/snapshots/bought/restore'],
    ] as const) {
      expect((await program.admin(method, path)).body.error).toEqual({
        code: 'not_found',
        message: 'no snapshot bought',
      })
    }
  })
})

it('a world keeps 50 of them', async () => {
  await using gateway = await startGateway({ seed: 'none' })
  for (let n = 0; n < 50; n++) await gateway.snapshot(`s${n}`)
  await gateway.snapshot('s0')
  await expect(gateway.snapshot('one-more')).rejects.toMatchObject({ code: 'limit_reached' })
})

it('snapshot() and restore() of didgate/testing', async () => {
  await using gateway = await startGateway({ seed: contractWorld, now: '2026-06-01T00:00:00Z' })
  await gateway.snapshot()
  await gateway.clock.advance({ days: 3 })
  expect((await gateway.admin('/accounts', { method: 'POST', body: '{"name":"X"}' })).status).toBe(201)
  await gateway.restore()
  expect(gateway.clock.now().toISOString()).toBe('2026-06-01T00:00:00.000Z')
  expect(await (await gateway.admin('/accounts')).json()).toMatchObject({ total: 2 })
  expect((await gateway.admin('/reset', { method: 'POST' })).status).toBe(200)
  await expect(gateway.restore('other')).rejects.toMatchObject({ code: 'not_found' })
})

it.skipIf(!postgresIsHere)('on PostgreSQL they are refused with what to do, and spaces work', async () => {
  const { url, store, drop } = await freshStore('postgres')
  const program = await startProgram({ DATABASE_URL: url })
  try {
    const { status, body } = await program.admin('POST', '/snapshots', { name: 'a' })
    expect([status, body.error.message]).toEqual([403, expect.stringContaining('DATABASE_URL=sqlite')])
    await expect(store.image()).rejects.toMatchObject({ code: 'not_in_this_mode' })
    expect((await program.admin('POST', '/reset', { now: '2001-01-01T00:00:00Z', freeze: true })).status).toBe(200)
    expect((await program.admin('GET', '/clock')).body).toEqual({ now: '2001-01-01T00:00:00.000Z', frozen: true })
    const { body: space } = await program.admin('POST', '/spaces', { name: 'here' })
    const headers = { authorization: 'Bearer demo-wavix-acme' }
    expect((await fetch(`${space.base_urls.wavix}/v1/buy/countries`, { headers })).status).toBe(200)
    expect((await program.admin('POST', '/spaces/here/snapshots', { name: 'a' })).status).toBe(201)
  } finally {
    await program.didgate.close()
    await drop()
  }
})
