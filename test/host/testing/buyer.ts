import { expect } from 'vitest'
import { startGateway, type TestGateway } from '../../../src/testing/index.ts'

/** The same ten numbers for everybody: an array of the lowest ones of Los Angeles and the dates of their owners. */
const WANTED = 10
const DAY_MS = 86_400_000

function caller(gateway: TestGateway) {
  const base = gateway.url('wavix')
  const headers = { authorization: `Bearer ${gateway.credentials.wavix.key}`, 'content-type': 'application/json' }
  return async (method: string, path: string, body?: unknown) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await gateway.fetch(`${base}/v1${path}`, { method, headers, ...sent })
    expect(response.ok, `${method} ${path} ${response.status}`).toBe(true)
    return JSON.parse(await response.text())
  }
}

/** Buys the lowest numbers of a city on a day of its own, and finds nobody else's trace. */
export async function buyOnDay(index: number): Promise<readonly string[]> {
  const now = Date.parse('2026-01-01T00:00:00Z') + index * DAY_MS
  await using gateway = await startGateway({ now })
  const ask = caller(gateway)
  const shelf = await ask('GET', `/buy/countries/8652/cities/200/dids?per_page=${WANTED}`)
  const numbers: string[] = shelf.dids.map((each: { number: string }) => each.number)
  await ask('PUT', '/buy/cart', { ids: numbers })
  await ask('POST', '/buy/cart/checkout')
  const owned = await ask('GET', '/numbers?per_page=100')
  const mine = owned.items.map((each: { number: string }) => each.number).sort()
  expect(mine).toEqual([...numbers].sort())
  expect(gateway.clock.now().getTime()).toBe(now)
  await gateway.clock.advance({ days: index })
  expect(gateway.clock.now().getTime()).toBe(now + index * DAY_MS)
  expect(await gateway.invariants()).toMatchObject({ ok: true })
  return numbers
}
