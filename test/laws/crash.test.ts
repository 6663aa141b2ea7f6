import { expect, it } from 'vitest'
import { shopper, shopWorld } from '../adapters/onsip/shop.ts'
import { type ServerProcess, startServer, workFolder } from '../support/process.ts'

const PURCHASES = 2000
const KILL_AFTER = 700
const BUYERS = 32

interface Invariants {
  ok: boolean
  violations: unknown[]
}

const invariants = async ({ admin }: ServerProcess) =>
  (await (await fetch(`${admin}/admin/v1/invariants`)).json()) as Invariants

/** Buys until the server dies; every DID that was acknowledged. */
async function buyUntilKilled(server: ServerProcess, session: string): Promise<string[]> {
  const acknowledged: string[] = []
  let left = PURCHASES
  let killing: Promise<void> | undefined
  const buyer = async () => {
    while (left-- > 0) {
      try {
        for (const did of (await shopper(server.url).buy(session)) ?? []) acknowledged.push(did.DidId)
      } catch {
        return // the connection broke: nobody knows whether this one was bought
      }
      if (acknowledged.length >= KILL_AFTER) killing ??= server.kill()
    }
  }
  await Promise.all(Array.from({ length: BUYERS }, buyer))
  await killing
  return acknowledged
}

it('after kill -9 amid purchases what was acknowledged is there, and nothing is half done', async () => {
  const { folder, seed, remove } = workFolder(shopWorld(PURCHASES, '100000.00'))
  const env = { DATABASE_URL: `sqlite:${folder}/shop.db`, DIDGATE_SEED: seed }
  try {
    const before = await startServer(env)
    const session = await shopper(before.url).login()
    const acknowledged = await buyUntilKilled(before, session)
    expect(acknowledged.length).toBeGreaterThanOrEqual(KILL_AFTER)
    expect(acknowledged.length).toBeLessThan(PURCHASES)

    const after = await startServer(env)
    const owned = (await shopper(after.url).owned(session)).map(({ DidId }) => DidId)
    const lost = acknowledged.filter(id => !owned.includes(id))
    expect(lost).toEqual([])
    // at most the requests that were under way when it died may be there unacknowledged
    expect(owned.length - acknowledged.length).toBeLessThanOrEqual(BUYERS)
    expect(await invariants(after)).toEqual({ ok: true, checked: 10, violations: [] })
    expect(await after.stop()).toBe(0)
  } finally {
    remove()
  }
})
