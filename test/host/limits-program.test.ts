/** Limits of the program as it is run: two gateways on one database, workers, the admin plane, figures, and none in double mode. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { shopWorld } from '../adapters/onsip/shop.ts'
import { freshStore, postgresIsHere } from '../support/engines.ts'
import { type ServerProcess, startServer, workFolder } from '../support/process.ts'

const TOKEN = 'a-token-of-nobody-2026'
const PRODUCTION = {
  DIDGATE_MODE: 'production',
  DIDGATE_ADMIN_TOKEN: TOKEN,
  DIDGATE_KEY: 'a key that nobody guesses 2026',
  LIMIT_WRONG_CREDENTIALS: '12',
}

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function start(env: Record<string, string>, args: readonly string[] = []): Promise<ServerProcess> {
  const server = await startServer(env, args)
  ends.push(() => server.kill())
  return server
}

function folder(): string {
  const { folder: path, remove } = workFolder(shopWorld(1, '1.00'))
  ends.push(remove)
  return path
}

let guesses = 0
async function guess({ url }: ServerProcess): Promise<number> {
  const headers = { authorization: `Bearer wrong-${guesses++}` }
  return (await fetch(`${url}/wavix/v1/buy/countries`, { headers })).status
}

/** Wrong keys that are looked at before the address is told to wait. */
async function looked(server: ServerProcess, pauseMs = 0): Promise<number> {
  for (let n = 0; n < 100; n++) {
    if ((await guess(server)) === 429) return n
    if (pauseMs > 0) await sleep(pauseMs)
  }
  return Number.POSITIVE_INFINITY
}

const metricsOf = async ({ admin }: ServerProcess) => {
  const headers = { authorization: `Bearer ${TOKEN}` }
  return (await fetch(`${admin}/metrics`, { headers })).text()
}

describe('limits of the program', () => {
  it('double mode has none unless asked', async () => {
    const server = await start({ DATABASE_URL: 'sqlite::memory:' })
    expect(await looked(server)).toBe(Number.POSITIVE_INFINITY)
  })

  it('double mode has them when asked', async () => {
    const asked = await start({ DATABASE_URL: 'sqlite::memory:', LIMITS: 'true', LIMIT_WRONG_CREDENTIALS: '4' })
    expect(await looked(asked)).toBe(4)
  })

  it('C24: production has them: on both planes, told in figures, and the token opens for who has it', async () => {
    const server = await start({ ...PRODUCTION, DATABASE_URL: `sqlite:${folder()}/a.db` })
    // the operator's own address is one that guesses too
    expect(await metricsOf(server)).toContain('didgate_limit_keys{limit="known"} 1')
    const statuses = []
    for (let n = 0; n < 14; n++) {
      const headers = { authorization: `Bearer guess-${n}` }
      const response = await fetch(`${server.admin}/admin/v1/invariants`, { headers })
      statuses.push(response.status)
      if (response.status === 429) expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    }
    expect(statuses).toEqual([...Array(12).fill(401), 429, 429])
    const form = { method: 'POST', redirect: 'manual', body: new URLSearchParams({ token: 'guess' }) } as const
    expect((await fetch(`${server.admin}/console/sign-in`, form)).status).toBe(429)
    expect((await fetch(`${server.admin}/healthz`)).status).toBe(200)
    expect(await looked(server)).toBe(0)
    const text = await metricsOf(server)
    expect(text).toContain('didgate_requests_limited_total{limit="wrong_credentials",dialect="admin"} 3')
    expect(text).toContain('didgate_requests_limited_total{limit="wrong_credentials",dialect="wavix"} 1')
  })

  it('workers on one file count together', async () => {
    const server = await start({ ...PRODUCTION, DATABASE_URL: `sqlite:${folder()}/a.db` }, ['--workers', '3'])
    expect(await looked(server, 300)).toBeLessThanOrEqual(24)
  })

  it.skipIf(!postgresIsHere)('two gateways on one PostgreSQL count together', { timeout: 60_000 }, async () => {
    const { url: DATABASE_URL, drop } = await freshStore('postgres')
    ends.push(drop)
    const [one, two] = [await start({ ...PRODUCTION, DATABASE_URL }), await start({ ...PRODUCTION, DATABASE_URL })]
    expect(await looked(one)).toBe(12)
    // what one has counted is known to the other about a second later: long before it has counted as much itself
    expect(await looked(two, 400)).toBeLessThan(10)
    expect(await guess(one)).toBe(429)
  })
})
