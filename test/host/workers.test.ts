/** `serve --workers n` on one SQLite file: several processes behind one port. */
import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { shopper, shopWorld } from '../adapters/onsip/shop.ts'
import { type ServerProcess, startServer, workFolder } from '../support/process.ts'

const NUMBERS = 60
const WORKERS = 3

let end: () => Promise<unknown> = async () => {}
afterEach(() => end())

async function startWorkers(numbers: number, balance: string): Promise<ServerProcess> {
  const { folder, seed, remove } = workFolder(shopWorld(numbers, balance))
  const env = { DATABASE_URL: `sqlite:${folder}/shop.db`, DIDGATE_SEED: seed }
  const server = await startServer(env, ['--workers', String(WORKERS)])
  end = async () => {
    await server.kill()
    remove()
  }
  return server
}

const children = (pid: number | undefined) =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)])
    .toString()
    .split('\n')
    .map(Number)
    .filter(Boolean)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Those that still run after ten seconds. */
async function survivors(pids: readonly number[]): Promise<number[]> {
  for (let tries = 0; tries < 100 && pids.some(isAlive); tries++) await sleep(100)
  return pids.filter(isAlive)
}

const invariants = async ({ admin }: ServerProcess) => (await fetch(`${admin}/admin/v1/invariants`)).json()

async function requestsCounted({ admin }: ServerProcess): Promise<number> {
  const text = await (await fetch(`${admin}/metrics`)).text()
  const lines = text.split('\n').filter(line => line.startsWith('didgate_requests_total{'))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

it('sells each number once, counts what all have answered, and ends as one', async () => {
  const server = await startWorkers(NUMBERS, '1000.00')
  const session = await shopper(server.url).login()
  const bought = await Promise.all(Array.from({ length: 100 }, () => shopper(server.url).buy(session)))
  const sold = bought.flatMap(list => list ?? []).map(did => did.Number)
  expect(sold.length).toBe(NUMBERS)
  expect(new Set(sold).size).toBe(NUMBERS)
  expect(await invariants(server)).toEqual({ ok: true, checked: 10, violations: [] })
  expect(await requestsCounted(server)).toBe(101)
  const status = await (await fetch(`${server.admin}/admin/v1/status`)).json()
  expect(status).toHaveProperty('requests', [{ dialect: 'onsip', requests: 101, faults: 0 }])
  const workers = children(server.child.pid)
  expect(workers.length).toBeGreaterThanOrEqual(WORKERS)
  expect(await server.stop()).toBe(0)
  expect(await survivors(workers)).toEqual([])
})

it('S4: a worker that is killed among purchases loses nothing and leaves nobody waiting, and another takes its place', {
  timeout: 60_000,
}, async () => {
  const server = await startWorkers(500, '10000.00')
  const session = await shopper(server.url).login()
  const acknowledged: string[] = []
  const buyer = async () => {
    for (let n = 0; n < 20; n++) {
      // answered, or cut: a connection that was on its way to the killed worker as well
      const dids = await shopper(server.url)
        .buy(session)
        .catch(() => undefined)
      for (const did of dids ?? []) acknowledged.push(did.Number)
      if (acknowledged.length === 40) process.kill(children(server.child.pid).at(-1) as number, 'SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: 8 }, buyer))
  const owned = (await shopper(server.url).owned(session)).map(did => did.Number)
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  expect(acknowledged.filter(e164 => !owned.includes(e164))).toEqual([])
  expect(await invariants(server)).toEqual({ ok: true, checked: 10, violations: [] })
  for (let tries = 0; tries < 100 && children(server.child.pid).length < WORKERS; tries++) await sleep(100)
  expect(children(server.child.pid).length).toBeGreaterThanOrEqual(WORKERS)
  expect(await server.stop()).toBe(0)
})

it('ends with its first process', async () => {
  const server = await startWorkers(1, '10.00')
  const workers = children(server.child.pid)
  await server.kill()
  expect(await survivors(workers)).toEqual([])
})

it('refuses a database in memory, which no two processes can share', async () => {
  const started = startServer({ DATABASE_URL: 'sqlite::memory:', DIDGATE_SEED: 'none' }, ['--workers', '2'])
  await expect(started).rejects.toThrow('a database in memory belongs to one process')
})
